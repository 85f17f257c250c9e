using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Endpoints;

/// <summary>A workload endpoint of any orchestrator, with the container that it belongs to.</summary>
/// <param name="Key">Its datastore key.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Container">The container whose Docker endpoint it is; null for other orchestrators and for endpoints left behind.</param>
/// <param name="HostKnown">Whether the node is a Docker host that has answered, so that a missing container means something.</param>
public sealed record EndpointRow(string Key, WorkloadEndpoint Endpoint, ContainerView? Container, bool HostKnown)
{
    /// <summary>What is said of an endpoint to which everybody may send everything.</summary>
    public const string Unprotected = "unprotected";

    private static readonly StateWords Active = new(ChipState.Healthy, "active", null);

    private static readonly StateWords LeftBehind =
        new(ChipState.Broken, "no container", "The host has no running container for this endpoint: it was left behind and holds its address.");

    // Made once: lists of many endpoints are searched by them.
    private static readonly ImmutableArray<string> NotedTexts =
    [
        .. Enumerable.Range(0, 8).Select(n => string.Join(", ", new[] { Unprotected, "unlabelled", "nothing selects it" }.Where((_, i) => (n >> i & 1) != 0))),
    ];

    /// <summary>The columns of every list of endpoints.</summary>
    public static ImmutableArray<ListColumn<EndpointRow>> Columns { get; } =
    [
        new("name", "Workload", r => r.Name),
        new("state", "State", r => r.State.Words) { Facet = true, Markup = r => CellMarkup.State(r.State) },
        new("address", "Address", r => r.Addresses) { Mono = true, Width = 136,
            Order = ListOrder.By<EndpointRow, Cidr?>(r => r.Endpoint.IPv4Nets.Concat(r.Endpoint.IPv6Nets).Cast<Cidr?>().FirstOrDefault()) },
        new("node", "Node", r => r.Endpoint.Id.Node) { Facet = true, Secondary = true,
            Markup = r => CellMarkup.Hued(r.Endpoint.Id.Node, Links.Node(r.Endpoint.Id.Node)) },
        new("orchestrator", "Orchestrator", r => r.Endpoint.Id.Orchestrator) { Facet = true, Hidden = true },
        new("profile", "Profiles", r => Joined(r.Endpoint.ProfileIds)) { Facet = true, Secondary = true, Width = 160,
            Markup = r => CellMarkup.Join(r.Endpoint.ProfileIds.Select(p => CellMarkup.Hued(p, Links.Profile(p)))) },
        new("policies", "Policies", r => r.PolicyCount) { Numeric = true, Secondary = true, Quiet = true,
            Order = ListOrder.By<EndpointRow, int>(r => r.Policies.Length) },
        new("noted", "Noted", r => r.Noted) { Facet = true, Secondary = true, Quiet = true, Width = 196,
            Markup = r => CellMarkup.Join(r.Noted.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(n => CellMarkup.Tag(n, n == Unprotected))) },
        new("labels", "Labels", r => r.LabelWords) { Mono = true, Hidden = true },
        new("interface", "Interface", r => r.Endpoint.InterfaceName) { Mono = true, Hidden = true },
        new("mac", "MAC", r => r.Endpoint.Mac) { Mono = true, Hidden = true },
    ];

    /// <summary>The container's name, else the workload as its orchestrator names it, else the endpoint's own.</summary>
    public string Name => WorkloadNames.For(Endpoint.Id, Container);

    /// <summary>What stands between it and the others; null while that is not worked out.</summary>
    public EndpointProtection? Protection { get; init; }

    /// <summary>The policies that select it, in the order of evaluation.</summary>
    public ImmutableArray<string> Policies => Protection?.Policies ?? [];

    /// <summary>What is worth a look, in one text: <c>unprotected, unlabelled, nothing selects it</c> or some of them.</summary>
    public string Noted => NotedTexts[(Protection?.Exposure == EndpointExposure.Everything ? 1 : 0) + (Endpoint.Labels.IsEmpty ? 2 : 0)
        + (Protection is { Policies.IsEmpty: true } ? 4 : 0)];

    /// <summary>Its addresses without their prefix.</summary>
    public string Addresses => (Endpoint.IPv4Nets, Endpoint.IPv6Nets) switch
    {
        ([var only], []) => only.Address.ToString(),
        var (four, six) => string.Join(", ", four.Concat(six).Select(n => n.Address)),
    };

    /// <summary>Its own labels in one text.</summary>
    public string LabelWords => Endpoint.Labels.IsEmpty ? "" : string.Join(' ', Endpoint.Labels.Select(l => $"{l.Key}={l.Value}"));

    /// <summary>How many policies select it; empty while that is not worked out.</summary>
    public string PolicyCount => Protection is null ? "" : Policies.Length.ToString(CultureInfo.InvariantCulture);

    /// <summary>The address of its page.</summary>
    public string Href => Links.Endpoint(Endpoint.Id.Node, Endpoint.Id.Orchestrator, Endpoint.Id.Workload, Endpoint.Id.Name);

    /// <summary>Whether it was left behind: its host answers and has no running container for it.</summary>
    public bool IsOrphan => LeftBehindEndpoints.IsLeftBehind(Endpoint.Id, Container?.Container, HostKnown);

    /// <summary>Its state.</summary>
    public StateWords State => IsOrphan ? LeftBehind : Endpoint.State == Active.Words ? Active : new(ChipState.Attention, Endpoint.State, null);

    /// <summary>Endpoints that fulfil a condition, in the order of their keys.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="where">Which endpoints; null for all.</param>
    /// <param name="protections">What stands between them and the others; null leaves that out.</param>
    public static ImmutableArray<EndpointRow> AllIn(ClusterSnapshot snapshot, Func<WorkloadEndpoint, bool>? where = null,
        EndpointProtections? protections = null)
    {
        var answering = Answering(snapshot);
        var rows = ImmutableArray.CreateBuilder<EndpointRow>();
        foreach (var (key, stored) in snapshot.Calico.WorkloadEndpoints)
        {
            if (where is null || where(stored.Value))
            {
                rows.Add(new EndpointRow(key, stored.Value, LeftBehindEndpoints.ContainerOf(stored.Value.Id, snapshot),
                    answering.Contains(stored.Value.Id.Node))
                {
                    Protection = protections?.For(stored.Value.Id),
                });
            }
        }

        return rows.DrainToImmutable();
    }

    /// <summary>Nodes whose Docker host has answered.</summary>
    public static IReadOnlySet<string> Answering(ClusterSnapshot snapshot) =>
        LeftBehindEndpoints.AnsweringNodes(snapshot);

    private static string Joined(ImmutableArray<string> names) => names is [var one] ? one : string.Join(", ", names);
}
