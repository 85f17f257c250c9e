using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Api;
using CalicoConsole.Web.Routing;
using MudBlazor;

namespace CalicoConsole.Web.Kinds;

/// <summary>
/// Where the resources of a kind are shown, changed and asked for: one row a kind, as <see cref="Kind"/> is one file a kind. Navigation, palette, forms, links
/// and API read it.
/// </summary>
/// <param name="Kind">One of <see cref="KindNames"/>.</param>
/// <param name="Word">The kind before an object's name: <c>IP pool</c>.</param>
/// <param name="ListText">What the list is called in the navigation.</param>
/// <param name="List">The list's address.</param>
/// <param name="Page">The address of one of them; null when its identity is none that a page could have.</param>
/// <param name="MapApi">Adds its routes to the API.</param>
internal sealed record KindPages(string Kind, string Word, string ListText, string List, Func<ResourceId, string?> Page, Action<IEndpointRouteBuilder> MapApi)
{
    /// <summary>The group of the navigation that its list stands in.</summary>
    public required KindGroup Group { get; init; }

    /// <summary>Where the API answers one of them, below <c>/api/v1</c>: its own address, or the list where it has none.</summary>
    public required Func<ResourceId, string> ApiAddress { get; init; }

    /// <summary>The icon there.</summary>
    public required string Icon { get; init; }

    /// <summary>Its forms; null of a kind that nobody changes by a form.</summary>
    public KindForms? Forms { get; init; }

    /// <summary>What tells apart resources of the same name, beside it in the palette.</summary>
    public Func<ResourceId, string> Scope { get; init; } = static id => id.Node;

    /// <summary>By what else the palette finds a resource; null where it has entries of its own for those of the kind.</summary>
    public Func<object, string>? FoundBy { get; init; } = static _ => "";

    /// <summary>Every kind, in the order of the navigation.</summary>
    public static ImmutableArray<KindPages> All { get; } =
    [
        new(KindNames.Node, "Node", "Nodes", Links.Nodes, id => Links.Node(id.Name), NodesApi.Map)
        {
            Group = KindGroup.Fabric,
            Icon = Icons.Material.Outlined.Dns,
            ApiAddress = static _ => "nodes",
            Forms = new("node", Creates: false),
            FoundBy = null,
        },
        new(KindNames.IPPool, "IP pool", "IP pools", Links.IPPools, id => Cidr.TryParse(id.Name, out var cidr) ? Links.IPPool(cidr) : null, IPPoolsApi.Map)
        {
            Group = KindGroup.Fabric,
            Icon = Icons.Material.Outlined.GridView,
            ApiAddress = static id => $"ippools/{Part(id.Name.Replace('/', '-'))}",
            Forms = new("pool") { Query = static id => [("cidr", id.Name.Replace('/', '-'))] },
        },
        new(KindNames.BgpPeer, "BGP peer", "BGP", Links.Bgp,
            id => Ip.TryParse(id.Name, out var peer) ? Links.BgpPeer(peer, id.Node.Length == 0 ? null : id.Node) : null, BgpPeersApi.Map)
        {
            Group = KindGroup.Fabric,
            Icon = Icons.Material.Outlined.Hub,
            ApiAddress = static id => $"bgppeers/{Part(id.Name)}{(id.Node.Length == 0 ? "" : $"?node={Part(id.Node)}")}",
            Forms = new("bgp-peer") { Query = static id => [("peer", id.Name), ("node", id.Node)] },
            Scope = static id => id.Node.Length == 0 ? "global" : id.Node,
        },
        new(KindNames.WorkloadEndpoint, "Endpoint", "Endpoints", Links.Endpoints,
            id => Links.Endpoint(id.Node, id.Orchestrator, id.Workload, id.Name), EndpointsApi.Map)
        {
            Group = KindGroup.Workloads,
            Icon = Icons.Material.Outlined.SettingsEthernet,
            ApiAddress = static id => $"endpoints/{Part(id.Node)}/{Part(id.Orchestrator)}/{Part(id.Workload)}/{Part(id.Name)}",
            FoundBy = null,
        },
        new(KindNames.HostEndpoint, "Host endpoint", "Host endpoints", Links.HostEndpoints,
            id => Links.HostEndpoint(id.Node, id.Name), HostEndpointsApi.Map)
        {
            Group = KindGroup.Workloads,
            Icon = Icons.Material.Outlined.Router,
            ApiAddress = static id => $"hostendpoints/{Part(id.Node)}/{Part(id.Name)}",
            Forms = new("host-endpoint") { Query = static id => [("node", id.Node), ("name", id.Name)] },
            FoundBy = static r => r is HostEndpoint e ? $"{e.InterfaceName} {string.Join(' ', e.ExpectedIPv4.Concat(e.ExpectedIPv6))}" : "",
        },
        new(KindNames.Profile, "Profile", "Profiles", Links.Profiles, id => Links.Profile(id.Name), ProfilesApi.Map)
        {
            Group = KindGroup.Policy,
            Icon = Icons.Material.Outlined.Policy,
            ApiAddress = static id => $"profiles/{Part(id.Name)}",
            Forms = new("profile"),
            FoundBy = static r => r is Profile profile ? string.Join(' ', profile.Tags) : "",
        },
        new(KindNames.Policy, "Policy", "Policies", Links.Policies, id => Links.Policy(id.Name),
            new KindRoutes<Policy>(KindNames.Policy, "policies", "Policy", "Policies", "Policies").MapByName)
        {
            Group = KindGroup.Policy,
            Icon = Icons.Material.Outlined.Gavel,
            ApiAddress = static id => $"policies/{Part(id.Name)}",
            Forms = new("policy"),
            FoundBy = static r => r is Policy policy ? policy.Selector : "",
        },
    ];

    /// <summary>The pages of a kind; null when it has none.</summary>
    public static KindPages? Find(string kind) => All.FirstOrDefault(k => k.Kind == kind);

    private static string Part(string text) => Uri.EscapeDataString(text);
}

/// <summary>The groups of the navigation in which lists of kinds stand.</summary>
internal enum KindGroup
{
    /// <summary>Nodes and what joins them.</summary>
    Fabric,

    /// <summary>What is connected.</summary>
    Workloads,

    /// <summary>Who may talk to whom.</summary>
    Policy,
}
