using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Kinds;

/// <summary>The stored form of any calicoctl v1 kind: its keys in the order in which calicoctl writes them. Thread-safe.</summary>
public static class ResourceCodec
{
    /// <summary>The keys that a resource may have, the one that says whether it exists first; empty when the identity makes no key.</summary>
    public static ImmutableArray<string> Keys(ResourceId id) => id.Kind switch
    {
        KindNames.IPPool => Cidr.TryParse(id.Name, out var cidr) ? [V1Keys.Pool(cidr)] : [],
        KindNames.Profile => [V1Keys.ProfileTags(id.Name), V1Keys.ProfileLabels(id.Name), V1Keys.ProfileRules(id.Name)],
        KindNames.Policy => [V1Keys.Policy(id.Name)],
        KindNames.Node => [.. Enum.GetValues<NodePart>().Select(part => V1Keys.Node(id.Name, part))],
        KindNames.BgpPeer => Ip.TryParse(id.Name, out var peer) ? [V1Keys.BgpPeer(peer, id.Node.Length == 0 ? null : id.Node)] : [],
        KindNames.HostEndpoint => [V1Keys.HostEndpoint(id.Node, id.Name)],
        KindNames.WorkloadEndpoint => [V1Keys.WorkloadEndpoint(EndpointId(id))],
        _ => [],
    };

    /// <summary>The bytes that calicoctl 1.6.3 writes, key by key; a value of null deletes the key if it is there.</summary>
    /// <exception cref="ArgumentException">It is none of the seven kinds.</exception>
    public static ImmutableArray<KeyValueWrite> Encode(object resource) => resource switch
    {
        IPPool r => [new(V1Keys.Pool(r.Cidr), IPPoolCodec.Encode(r))],
        Profile r => [.. ProfileCodec.Encode(r).Select(k => new KeyValueWrite(k.Key, k.Value))],
        Policy r => [new(V1Keys.Policy(r.Name), PolicyCodec.Encode(r))],
        Node r => NodeCodec.Encode(r),
        BgpPeer r => [new(V1Keys.BgpPeer(r.PeerIP, r.Node), BgpPeerCodec.Encode(r))],
        HostEndpoint r => [new(V1Keys.HostEndpoint(r.Node, r.Name), HostEndpointCodec.Encode(r))],
        WorkloadEndpoint r => [new(V1Keys.WorkloadEndpoint(r.Id), WorkloadEndpointCodec.Encode(r))],
        _ => throw new ArgumentException($"{resource?.GetType().Name ?? "null"} is not a calicoctl kind", nameof(resource)),
    };

    /// <summary>The desired resource with what the stored one of its kind has and no document can say.</summary>
    /// <exception cref="ArgumentException">They are not of one kind.</exception>
    public static object Merge(object desired, object stored) => (desired, stored) switch
    {
        (IPPool d, IPPool s) => IPPoolCodec.Merge(d, s),
        (Profile d, Profile s) => ProfileCodec.Merge(d, s),
        (Policy d, Policy s) => PolicyCodec.Merge(d, s),
        (Node d, Node s) => NodeCodec.Merge(d, s),
        (BgpPeer d, BgpPeer s) => BgpPeerCodec.Merge(d, s),
        (HostEndpoint d, HostEndpoint s) => HostEndpointCodec.Merge(d, s),
        (WorkloadEndpoint d, WorkloadEndpoint s) => WorkloadEndpointCodec.Merge(d, s),
        _ => throw new ArgumentException("the resources are not of one kind", nameof(stored)),
    };

    private static WorkloadEndpointId EndpointId(ResourceId id) => new(id.Node, id.Orchestrator, id.Workload, id.Name);
}
