using System.Globalization;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests;

/// <summary>Puts a cluster's keys into an etcd, in the form in which Calico's own programs write them.</summary>
internal static class SeededCluster
{
    public const string Pool = "192.0.2.0/24";
    public const string Profile = "my_net";
    public const string Node = "docker01";
    public const string Endpoint = "4a1de7fb6f5abec7a5ad8bd8f0a8c1f3a5f3b8c5e0b1a2d3c4e5f60718293a4b";

    /// <summary>Nodes, pools, blocks, profiles and a handful of endpoints.</summary>
    public static async Task FillAsync(EtcdServer etcd, CancellationToken cancellationToken)
    {
        await using var keys = new SeedWriter(etcd);
        await keys.PutAsync("/calico/v1/Ready", "true", cancellationToken);
        foreach (var (node, address) in new[] { ("docker01", "192.168.122.45"), ("docker02", "192.168.122.46"), ("compute01", "192.168.122.50") })
        {
            await keys.PutAsync($"/calico/v1/host/{node}/metadata", "{}", cancellationToken);
            await keys.PutAsync($"/calico/bgp/v1/host/{node}/ip_addr_v4", address, cancellationToken);
            await keys.PutAsync($"/calico/bgp/v1/host/{node}/network_v4", "192.168.122.0/24", cancellationToken);
        }

        await PoolAsync(keys, Pool, "tunl0", disabled: false, cancellationToken);
        await PoolAsync(keys, "198.51.100.64/26", "", disabled: true, cancellationToken);
        await PoolAsync(keys, "203.0.113.0/26", "", disabled: false, cancellationToken);
        await BlockAsync(keys, "192.0.2.0/26", "docker01", 12, cancellationToken);
        await BlockAsync(keys, "192.0.2.64/26", "docker02", 40, cancellationToken);
        await BlockAsync(keys, "203.0.113.0/26", "docker01", 60, cancellationToken);
        await ProfileAsync(keys, Profile, """{"inbound_rules":[{"action":"allow","src_tag":"my_net"},{"action":"allow","protocol":"tcp","dst_ports":[80,443],"src_nets":["10.0.0.0/8"]}],"outbound_rules":[{"action":"allow"}]}""", cancellationToken);
        await ProfileAsync(keys, "team/db", """{"inbound_rules":[{"action":"deny","protocol":"icmp","icmp_type":8,"src_selector":"role == 'guest'"}],"outbound_rules":[]}""", cancellationToken);
        await keys.PutAsync("/calico/v1/policy/profile/empty/tags", "[]", cancellationToken);
        await keys.PutAsync("/calico/v1/ipam/v4/pool/172.16.0.0-16", "{not json", cancellationToken);
        await EndpointAsync(keys, Node, "libnetwork", "libnetwork", Endpoint, 2, Profile, cancellationToken);
        await EndpointAsync(keys, "docker02", "libnetwork", "libnetwork", Endpoint[..^1] + "c", 66, Profile, cancellationToken);
        await EndpointAsync(keys, "compute01", "openstack", "instance-00000001", "f0d5f1c2-11aa-4b1f-8d1d-a5f3b8c5e0b1", 80, "openstack-sg-web",
            cancellationToken);
    }

    /// <summary>Many endpoints on many nodes.</summary>
    public static async Task EndpointsAsync(EtcdServer etcd, int count, CancellationToken cancellationToken)
    {
        await using var keys = new SeedWriter(etcd);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (i, cancel) =>
            await EndpointAsync(keys, $"node{i % 100:d3}", "openstack", $"instance-{i:x8}", $"port-{i:x8}", i, $"openstack-sg-{i % 20}", cancel));
    }

    private static Task PoolAsync(SeedWriter keys, string cidr, string ipip, bool disabled, CancellationToken cancellationToken)
    {
        var pool = new IPPool
        {
            Cidr = Cidr.Parse(cidr),
            IpipEnabled = ipip.Length > 0,
            IpipMode = ipip.Length > 0 ? "cross-subnet" : "",
            NatOutgoing = !disabled,
            Disabled = disabled
        };
        return keys.PutAsync(V1Keys.Pool(pool.Cidr), IPPoolCodec.Encode(pool), cancellationToken);
    }

    private static Task BlockAsync(SeedWriter keys, string cidr, string node, int used, CancellationToken cancellationToken)
    {
        var block = BlockArithmetic.AutoAssign(BlockArithmetic.NewBlock(Cidr.Parse(cidr), node, strictAffinity: false), used, BlockArithmetic.Nobody).Block;
        return keys.PutAsync(V1Keys.IpamBlock(block.Cidr), IpamBlockCodec.Encode(block), cancellationToken);
    }

    private static async Task ProfileAsync(SeedWriter keys, string name, string rules, CancellationToken cancellationToken)
    {
        await keys.PutAsync(V1Keys.ProfileTags(name), $"[\"{name}\"]", cancellationToken);
        await keys.PutAsync(V1Keys.ProfileLabels(name), """{"team":"blue"}""", cancellationToken);
        await keys.PutAsync(V1Keys.ProfileRules(name), rules, cancellationToken);
    }

    private static Task EndpointAsync(SeedWriter keys, string node, string orchestrator, string workload, string name, int number, string profile,
        CancellationToken cancellationToken)
    {
        var endpoint = new WorkloadEndpoint
        {
            Id = new(node, orchestrator, workload, name),
            InterfaceName = "cali" + name[^11..],
            Mac = string.Create(CultureInfo.InvariantCulture, $"ee:ee:ee:{(number >> 16) & 255:x2}:{(number >> 8) & 255:x2}:{number & 255:x2}"),
            ProfileIds = [profile],
            IPv4Nets = [Cidr.Parse(number < 256 ? $"192.0.2.{number}/32" : $"10.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}/32")],
        };
        return keys.PutAsync(V1Keys.WorkloadEndpoint(endpoint.Id), WorkloadEndpointCodec.Encode(endpoint), cancellationToken);
    }
}
