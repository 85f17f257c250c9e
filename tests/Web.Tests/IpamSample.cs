using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests;

/// <summary>
/// The small cluster with IPAM data: docker01's block holds workload1's address, a tunnel's and a leak; docker02 borrows from it; a
/// block belongs to nobody, an affinity to a node that is gone, and a handle has no key.
/// </summary>
internal static class IpamSample
{
    public const string Block = "192.0.2.0/26";
    public const string Leak = "192.0.2.9";

    public static ClusterSnapshot Snapshot(FeedStatus etcd = FeedStatus.Live)
    {
        var cluster = Cluster.Snapshot();
        var calico = CalicoStateUpdate.FromListing([.. Keys().Select((k, i) => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), (ulong)(i + 10)))], 60);
        return (cluster with { Calico = calico }).WithFeed("etcd", etcd, everLive: true);
    }

    private static IEnumerable<(string Key, string Value)> Keys()
    {
        yield return Pool("192.0.2.0/24", false);
        yield return Pool("198.51.100.0/26", true);
        yield return Pool("fd80::/64", false);
        yield return (V1Keys.Node("docker01", NodePart.Metadata), "{}");
        yield return (V1Keys.Node("docker02", NodePart.Metadata), "{}");
        yield return Taken(Block, "docker01", null, 2, 3, 7, 9);
        yield return Affinity("docker01", Block);
        yield return Taken("192.0.2.128/26", null, null, 1);
        yield return Taken("fd80::/122", "docker02", "h1", 4);
        yield return Affinity("docker02", "fd80::/122");
        yield return Affinity("gone", "192.0.2.64/26");
        yield return (V1Keys.FelixConfig("IpInIpTunnelAddr", "docker01"), "192.0.2.3");
        yield return Endpoint("docker01", Cluster.EndpointId, "192.0.2.2");
        yield return Endpoint("docker02", "cc", "192.0.2.7");
        yield return Endpoint("docker01", "dd", "192.0.2.129");
        yield return Endpoint("docker02", "ee", "fd80::4");
    }

    private static (string Key, string Value) Pool(string cidr, bool disabled)
    {
        var pool = new IPPool { Cidr = Cidr.Parse(cidr), Disabled = disabled };
        return (V1Keys.Pool(pool.Cidr), Text(IPPoolCodec.Encode(pool)));
    }

    private static (string Key, string Value) Taken(string cidr, string? node, string? handle, params int[] ordinals)
    {
        var block = BlockArithmetic.NewBlock(Cidr.Parse(cidr), node ?? "x", false);
        foreach (var ordinal in ordinals)
        {
            block = BlockArithmetic.Assign(block, BlockArithmetic.AddressAt(block, ordinal), node ?? "x", new IpamAttribute(handle, null)).Block!;
        }

        return (V1Keys.IpamBlock(block.Cidr), Text(IpamBlockCodec.Encode(node is null ? block with { Affinity = null } : block)));
    }

    private static (string Key, string Value) Affinity(string node, string cidr) => (V1Keys.IpamAffinity(node, Cidr.Parse(cidr)), "{}");

    private static (string Key, string Value) Endpoint(string node, string name, string ip)
    {
        var endpoint = new WorkloadEndpoint
        {
            Id = new WorkloadEndpointId(node, "libnetwork", "libnetwork", name),
            InterfaceName = "cali1",
            ProfileIds = ["my_net"],
            IPv4Nets = ip.Contains(':', StringComparison.Ordinal) ? [] : [Cidr.Parse(ip)],
            IPv6Nets = ip.Contains(':', StringComparison.Ordinal) ? [Cidr.Parse(ip)] : ImmutableArray<Cidr>.Empty,
        };
        return (V1Keys.WorkloadEndpoint(endpoint.Id), Text(WorkloadEndpointCodec.Encode(endpoint)));
    }

    private static string Text(byte[] value) => Encoding.UTF8.GetString(value);
}
