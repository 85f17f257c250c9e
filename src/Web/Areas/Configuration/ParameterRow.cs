using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model.Configuration;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Configuration;

/// <summary>A parameter of Felix or BGP as lists show it.</summary>
/// <param name="Raw">Felix or BGP.</param>
/// <param name="Name">Its name, as the catalogue or else its key spells it.</param>
/// <param name="Known">What is known of it; null when it is a key that this console does not know.</param>
/// <param name="Global">What counts for nodes that set none of their own.</param>
/// <param name="Nodes">How many nodes set their own.</param>
public sealed record ParameterRow(RawConfiguration Raw, string Name, KnownParameter? Known, EffectiveValue Global, int Nodes)
{
    /// <summary>BGP values that belong to a node's resource and are edited with it (docs/calico-v1.md#node).</summary>
    private static readonly ImmutableHashSet<string> OfNodes = ["ip_addr_v4", "ip_addr_v6", "network_v4", "network_v6"];

    /// <summary>Identity in lists.</summary>
    public string Key => $"{NameOf(Raw)} {Name}";

    /// <summary>Whose it is.</summary>
    public string Program => NameOf(Raw);

    /// <summary>What it is about.</summary>
    public string Group => Known?.Group ?? "Not known here";

    /// <summary>The address of its page.</summary>
    public string Href => Links.Parameter(Raw, Name);

    /// <summary>What counts for all nodes, with its unit.</summary>
    public string Value => Words(Global, Known);

    /// <summary>The default, with its unit.</summary>
    public string Default => Known is null ? "not known" : WithUnit(Known.Default, Known);

    /// <summary>Whether it is set, and whether the program can read that.</summary>
    public StateWords State => StateOf(Global, Known, Nodes);

    /// <summary>Every known parameter, set or not, then every key that is not known.</summary>
    public static ImmutableArray<ParameterRow> AllIn(CalicoState calico) => [.. Felix(calico), .. Bgp(calico)];

    /// <summary>What is set for one node alone, its node resource left out.</summary>
    public static ImmutableArray<ParameterRow> OfNode(CalicoState calico, string node) =>
        calico.NodeConfiguration.GetValueOrDefault(node) is not { } scope
            ? []
            :
            [
                .. from name in scope.Felix.Keys
                   let known = FelixParameters.Find(name)
                   select new ParameterRow(RawConfiguration.Felix, known?.Name ?? name, known, EffectiveConfiguration.Felix(calico, name, node), 0),
                .. from name in scope.Bgp.Keys
                   where name != "as_num" && !OfNodes.Contains(name)
                   select new ParameterRow(RawConfiguration.Bgp, name, BgpParameters.Find(name), EffectiveConfiguration.Bgp(calico, name, node), 0),
            ];

    /// <summary>A value in words: with its unit, "not set" when there is none.</summary>
    public static string Words(EffectiveValue value, KnownParameter? known) => value.Value.Length == 0 ? "not set" : WithUnit(value.Value, known);

    /// <summary>The state of a value.</summary>
    public static StateWords StateOf(EffectiveValue value, KnownParameter? known, int nodes = 0) => value switch
    {
        { Stored: { } stored } when known is { RefusesToStart: true } && known.Problem(stored.Text) is { } reason =>
            new(ChipState.Broken, "Felix does not start", $"{reason}; Felix refuses to start on it."),
        { Ignored: { } reason } => new(ChipState.Attention, "not readable", $"{reason}; Felix warns and takes its default."),
        { Stored: not null } when known is null =>
            new(ChipState.Unknown, "not known here", "It is stored, but this console does not know what it does. Felix ignores names that it does not know."),
        { Stored: not null } => new(ChipState.Healthy, "set", null),
        _ when nodes > 0 => new(ChipState.Healthy, "set on nodes", "Nodes without a value of their own follow the default."),
        _ => new(ChipState.Idle, "default", "Nothing is stored."),
    };

    /// <summary>Where a value comes from.</summary>
    public static string Source(EffectiveValue value) => value.Source switch
    {
        ConfigurationSource.Node => "the node's own key",
        ConfigurationSource.Global => "the key of all nodes",
        _ => "default",
    };

    /// <summary>A kind of parameter in words.</summary>
    public static string NameOf(RawConfiguration raw) => raw switch { RawConfiguration.Felix => "Felix", RawConfiguration.Bgp => "BGP", _ => "calicoctl" };

    private static IEnumerable<ParameterRow> Felix(CalicoState calico)
    {
        foreach (var parameter in FelixParameters.All)
        {
            var nodes = calico.NodeConfiguration.Keys.Count(n => EffectiveConfiguration.Stored(calico, parameter.Name, n) is not null);
            yield return new ParameterRow(RawConfiguration.Felix, parameter.Name, parameter, EffectiveConfiguration.Felix(calico, parameter.Name), nodes);
        }

        var unknown = calico.NodeConfiguration.Values.Prepend(calico.Configuration).SelectMany(s => s.Felix.Keys).Where(n => FelixParameters.Find(n) is null)
            .Distinct(StringComparer.Ordinal);
        foreach (var name in unknown.Order(StringComparer.Ordinal))
        {
            var nodes = calico.NodeConfiguration.Values.Count(s => s.Felix.ContainsKey(name));
            yield return new ParameterRow(RawConfiguration.Felix, name, null, EffectiveConfiguration.Felix(calico, name), nodes);
        }
    }

    private static IEnumerable<ParameterRow> Bgp(CalicoState calico)
    {
        var stored = calico.NodeConfiguration.Values.SelectMany(s => s.Bgp.Keys).Where(n => !OfNodes.Contains(n)).Concat(calico.Configuration.Bgp.Keys);
        foreach (var name in BgpParameters.All.Select(p => p.Name).Union(stored.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            var nodes = calico.NodeConfiguration.Values.Count(s => s.Bgp.ContainsKey(name));
            yield return new ParameterRow(RawConfiguration.Bgp, name, BgpParameters.Find(name), EffectiveConfiguration.Bgp(calico, name), nodes);
        }
    }

    private static string WithUnit(string value, KnownParameter? known) => value.Length == 0 ? "none"
        : known is { Unit.Length: > 0 } && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? $"{value} {known.Unit}" : value;
}
