using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.HostEndpoints;

/// <summary>A host endpoint as lists show it.</summary>
/// <param name="Key">Its datastore key.</param>
/// <param name="Endpoint">The host endpoint.</param>
/// <param name="Policies">How many policies select it.</param>
/// <param name="Missing">Profiles that it names and that do not exist.</param>
public sealed record HostEndpointRow(string Key, HostEndpoint Endpoint, int Policies, string Missing)
{
    /// <summary>The columns of every list of host endpoints.</summary>
    public static ImmutableArray<ListColumn<HostEndpointRow>> Columns { get; } =
    [
        new("name", "Host endpoint", r => r.Endpoint.Name),
        new("state", "State", r => r.State.Words) { Facet = true, Cell = EndpointCells.State },
        new("node", "Node", r => r.Endpoint.Node) { Facet = true, Cell = EndpointCells.Node },
        new("interface", "Interface", r => r.Interface) { Mono = true, Secondary = true },
        new("addresses", "Expected addresses", r => r.Addresses) { Mono = true, Secondary = true },
        new("profile", "Profiles", r => string.Join(", ", r.Endpoint.ProfileIds)) { Facet = true, Secondary = true, Cell = EndpointCells.Profiles },
        new("policies", "Policies", r => r.Policies.ToString(CultureInfo.InvariantCulture)) { Numeric = true, Secondary = true,
            Order = ListOrder.By<HostEndpointRow, int>(r => r.Policies) },
        new("labels", "Labels", r => string.Join(", ", r.Endpoint.Labels.Select(l => $"{l.Key}={l.Value}"))) { Mono = true, Secondary = true },
    ];

    /// <summary>The interface that it polices; without a name those that carry its addresses.</summary>
    public string Interface => Endpoint.InterfaceName.Length > 0 ? Endpoint.InterfaceName : "by address";

    /// <summary>Its expected addresses.</summary>
    public string Addresses => string.Join(", ", Endpoint.ExpectedIPv4.Concat(Endpoint.ExpectedIPv6));

    /// <summary>The address of its page.</summary>
    public string Href => Links.HostEndpoint(Endpoint.Node, Endpoint.Name);

    /// <summary>Whether Felix takes it, and what gets through.</summary>
    public StateWords State => this switch
    {
        _ when Endpoint.ProfileIds.Any(p => p.Contains('/', StringComparison.Ordinal)) =>
            new(ChipState.Broken, "refused by Felix", "A profile name with '/' makes Felix of Calico v2.6 ignore the whole host endpoint."),
        _ when Missing.Length > 0 => new(
            ChipState.Attention,
            "profile missing",
            $"There is no profile {Missing}: where no policy decides, everything but the failsafe ports is dropped."),
        { Policies: 0, Endpoint.ProfileIds.IsEmpty: true } =>
            new(ChipState.Attention, "failsafe ports only", "No policy selects it and it has no profile: everything but the failsafe ports is dropped."),
        _ => new(ChipState.Healthy, "policed", null),
    };

    /// <summary>Host endpoints that fulfil a condition, in the order of their keys.</summary>
    public static ImmutableArray<HostEndpointRow> AllIn(ClusterSnapshot snapshot, Func<HostEndpoint, bool>? where = null)
    {
        var calico = snapshot.Calico;
        var selectors = calico.Policies.Values.Select(p => Selector.TryParse(p.Value.Selector, out var selector, out _) ? selector : null).OfType<Selector>()
            .ToArray();
        return
        [
            .. calico.HostEndpoints.Where(e => where is null || where(e.Value.Value)).Select(e =>
            {
                var labels = EffectiveLabels.For(calico, e.Value.Value);
                return new HostEndpointRow(
                    e.Key, e.Value.Value, selectors.Count(s => s.Matches(labels)),
                        string.Join(", ", e.Value.Value.ProfileIds.Where(p => !calico.Profiles.ContainsKey(p))));
            }),
        ];
    }
}
