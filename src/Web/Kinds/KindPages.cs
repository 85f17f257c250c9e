using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Api;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Kinds;

/// <summary>Where the resources of a kind are shown and asked for: one row a kind, as <see cref="Kind"/> is one file a kind.</summary>
/// <param name="Kind">One of <see cref="KindNames"/>.</param>
/// <param name="Word">The kind before an object's name: <c>IP pool</c>.</param>
/// <param name="ListText">What the list is called in the navigation.</param>
/// <param name="List">The list's address.</param>
/// <param name="Page">The address of one of them; null when its identity is none that a page could have.</param>
/// <param name="MapApi">Adds its routes to the API.</param>
internal sealed record KindPages(string Kind, string Word, string ListText, string List, Func<ResourceId, string?> Page, Action<IEndpointRouteBuilder> MapApi)
{
    /// <summary>Every kind.</summary>
    public static ImmutableArray<KindPages> All { get; } =
    [
        new(KindNames.IPPool, "IP pool", "IP pools", Links.IPPools, id => Cidr.TryParse(id.Name, out var cidr) ? Links.IPPool(cidr) : null, IPPoolsApi.Map),
        new(KindNames.Profile, "Profile", "Profiles", Links.Profiles, id => Links.Profile(id.Name), ProfilesApi.Map),
        new(KindNames.Policy, "Policy", "Policies", Links.Policies, id => Links.Policy(id.Name),
            new KindRoutes<Policy>(KindNames.Policy, "policies", "Policy", "Policies", "Policies").MapByName),
        new(KindNames.Node, "Node", "Nodes", Links.Nodes, id => Links.Node(id.Name), NodesApi.Map),
        new(KindNames.BgpPeer, "BGP peer", "BGP", Links.Bgp,
            id => Ip.TryParse(id.Name, out var peer) ? Links.BgpPeer(peer, id.Node.Length == 0 ? null : id.Node) : null, BgpPeersApi.Map),
        new(KindNames.HostEndpoint, "Host endpoint", "Host endpoints", Links.HostEndpoints, id => Links.HostEndpoint(id.Node, id.Name), HostEndpointsApi.Map),
        new(KindNames.WorkloadEndpoint, "Endpoint", "Endpoints", Links.Endpoints,
            id => Links.Endpoint(id.Node, id.Orchestrator, id.Workload, id.Name), EndpointsApi.Map),
    ];

    /// <summary>The pages of a kind; null when it has none.</summary>
    public static KindPages? Find(string kind) => All.FirstOrDefault(k => k.Kind == kind);
}
