using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Components.Shared;

/// <summary>Where the resources of a kind are shown.</summary>
/// <param name="Kind">One of <see cref="KindNames"/>.</param>
/// <param name="Word">The kind before an object's name: <c>IP pool</c>.</param>
/// <param name="ListText">What the list is called in the navigation.</param>
/// <param name="List">The list's address.</param>
/// <param name="Page">The address of one of them; null when its identity is none that a page could have.</param>
internal sealed record KindLinks(string Kind, string Word, string ListText, string List, Func<ResourceId, string?> Page)
{
    /// <summary>Every kind that has pages of its own.</summary>
    public static ImmutableArray<KindLinks> All { get; } =
    [
        new(KindNames.IPPool, "IP pool", "IP pools", Links.IPPools, id => Cidr.TryParse(id.Name, out var cidr) ? Links.IPPool(cidr) : null),
        new(KindNames.Profile, "Profile", "Profiles", Links.Profiles, id => Links.Profile(id.Name)),
        new(KindNames.Policy, "Policy", "Policies", Links.Policies, id => Links.Policy(id.Name)),
        new(KindNames.Node, "Node", "Nodes", Links.Nodes, id => Links.Node(id.Name)),
        new(KindNames.BgpPeer, "BGP peer", "BGP", Links.Bgp,
            id => Ip.TryParse(id.Name, out var peer) ? Links.BgpPeer(peer, id.Node.Length == 0 ? null : id.Node) : null),
        new(KindNames.HostEndpoint, "Host endpoint", "Host endpoints", Links.HostEndpoints, id => Links.HostEndpoint(id.Node, id.Name)),
        new(KindNames.WorkloadEndpoint, "Endpoint", "Endpoints", Links.Endpoints, id => Links.Endpoint(id.Node, id.Orchestrator, id.Workload, id.Name)),
    ];

    /// <summary>The links of a kind; null when it has no pages.</summary>
    public static KindLinks? Find(string kind) => All.FirstOrDefault(k => k.Kind == kind);
}
