using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Policies;

/// <summary>A policy as lists show it.</summary>
public sealed record PolicyRow(PolicyView View)
{
    /// <summary>Its name.</summary>
    public string Name => View.Policy.Name;

    /// <summary>Whether it does anything.</summary>
    public StateWords State => View switch
    {
        { Rejected: { } reason } => new(ChipState.Broken, "refused by Felix", $"Felix treats it as absent: {reason}."),
        { Unprogrammable: { } reason } =>
            new(ChipState.Broken, "not programmable", $"Felix takes it but cannot program it, and stops updating the hosts that should have it. {reason}."),
        { Governs: 0, OnlyHosts: true } =>
            new(ChipState.Idle, "selects nothing", "No host endpoint matches; workload endpoints are not touched by it."),
        { Governs: 0 } => new(ChipState.Idle, "selects nothing", "No endpoint matches its selector at present."),
        _ => new(ChipState.Healthy, "in force", null),
    };

    /// <summary>spec.order in words.</summary>
    public string Order => View.Policy.Order?.ToString("R", CultureInfo.InvariantCulture) ?? "last";

    /// <summary>spec.selector; an empty one means every endpoint.</summary>
    public string Selector => View.Policy.Selector.Trim().Length == 0 ? "all()" : View.Policy.Selector;

    /// <summary>spec.types.</summary>
    public string Types => View.Policy.Types.IsDefaultOrEmpty ? "ingress, egress" : string.Join(", ", View.Policy.Types);

    /// <summary>doNotTrack and preDNAT.</summary>
    public string Flags => string.Join(", ", new[] { View.Policy.DoNotTrack ? "doNotTrack" : null, View.Policy.PreDnat ? "preDNAT" : null }.OfType<string>());

    /// <summary>"3 workload endpoints, 1 host endpoint".</summary>
    public string Selects => (View.Workloads, View.HostEndpoints) switch
    {
        (0, 0) => "none",
        (var w, 0) => Words(w, "endpoint"),
        (0, var h) => Words(h, "host endpoint"),
        var (w, h) => $"{Words(w, "endpoint")}, {Words(h, "host endpoint")}",
    };

    /// <summary>Every policy in the order in which Felix goes through them.</summary>
    public static ImmutableArray<PolicyRow> AllIn(CalicoState calico, EndpointClasses classes) =>
        [.. PolicyViews.AllIn(calico, classes).Select(v => new PolicyRow(v))];

    private static string Words(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
