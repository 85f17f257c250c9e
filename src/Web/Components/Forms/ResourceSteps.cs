using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Components.Shared;

namespace CalicoConsole.Web.Components.Forms;

/// <summary>Where to go after a resource was written or deleted, or configuration changed. Pure.</summary>
internal static class ResourceSteps
{
    public static NextStep? Of(Operation operation) => operation switch
    {
        WriteResource { Resource: Policy o } => new($"Policy {o.Name}", Links.Policy(o.Name)),
        WriteResource { Resource: BgpPeer o } => new($"BGP peer {o.PeerIP}", Links.BgpPeer(o.PeerIP, o.Node)),
        WriteResource { Resource: HostEndpoint o } => new($"Host endpoint {o.Name}", Links.HostEndpoint(o.Node, o.Name)),
        WriteResource { Resource: Node o } => new($"Node {o.Name}", Links.Node(o.Name)),
        WriteResource { Resource: IPPool o } => new($"IP pool {o.Cidr}", Links.IPPool(o.Cidr)),
        WriteResource { Resource: Profile o } => new($"Profile {o.Name}", Links.Profile(o.Name)),
        WriteResource { Resource: WorkloadEndpoint { Id: var o } } => new($"Endpoint {o.Name}", Links.Endpoint(o.Node, o.Orchestrator, o.Workload, o.Name)),
        DeleteResource { Id.Kind: Kinds.Policy } => new("Policies", Links.Policies),
        DeleteResource { Id.Kind: Kinds.BgpPeer } => new("BGP", Links.Bgp),
        DeleteResource { Id.Kind: Kinds.HostEndpoint } => new("Host endpoints", Links.HostEndpoints),
        DeleteResource { Id.Kind: Kinds.Node } => new("Nodes", Links.Nodes),
        DeleteResource { Id.Kind: Kinds.IPPool } => new("IP pools", Links.IPPools),
        DeleteResource { Id.Kind: Kinds.Profile } => new("Profiles", Links.Profiles),
        DeleteResource { Id.Kind: Kinds.WorkloadEndpoint } => new("Endpoints", Links.Endpoints),
        SetConfiguration o => new(o.Setting, Links.Parameter(o.Raw, o.Setting)),
        _ => null,
    };

    /// <summary>What people do next with a new resource; null where nothing is more likely than the rest.</summary>
    public static NextStep? After(Operation operation) => operation switch
    {
        WriteResource { Verb: WriteVerb.Create, Resource: IPPool { Disabled: false, Cidr: { IsIPv6: false } cidr } } => new("Create a network on this pool", Links.CreateNetwork(null, cidr), true),
        WriteResource { Verb: WriteVerb.Create, Resource: Profile o } => new("Attach it to endpoints", Links.AttachProfileTo(o.Name), true),
        _ => null,
    };
}
