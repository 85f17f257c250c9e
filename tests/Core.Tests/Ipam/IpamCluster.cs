using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>A datastore as a list of keys, one revision for each write, from which snapshots are made as the feed makes them.</summary>
internal sealed class IpamCluster
{
    public const string Pool = "10.60.0.0/24";
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, StoredKey> _keys = new(StringComparer.Ordinal);
    private readonly List<DockerHostState> _hosts = [];
    private ulong _revision = 10;

    /// <summary>A pool, the nodes n1 and n2, and n1's block 10.60.0.0/26.</summary>
    public static IpamCluster Sound()
    {
        var cluster = new IpamCluster().WithPool(Pool).WithNode("n1").WithNode("n2");
        return cluster.WithBlock("10.60.0.0/26", "n1");
    }

    public IReadOnlyCollection<string> Keys => _keys.Keys;

    public StoredKey? Find(string key) => _keys.GetValueOrDefault(key);

    public IpamCluster Put(string key, string value)
    {
        _keys[key] = new StoredKey(key, Encoding.UTF8.GetBytes(value), ++_revision);
        return this;
    }

    public IpamCluster Put(string key, byte[] value) => Put(key, Encoding.UTF8.GetString(value));

    public IpamCluster Remove(string key)
    {
        _revision++;
        _keys.Remove(key);
        return this;
    }

    public IpamCluster WithPool(string cidr, bool disabled = false) =>
        Put(V1Keys.Pool(Cidr.Parse(cidr)), IPPoolCodec.Encode(new IPPool { Cidr = Cidr.Parse(cidr), Disabled = disabled }));

    public IpamCluster WithNode(string name) => Put(V1Keys.Node(name, NodePart.Metadata), "{}");

    /// <summary>A block with addresses taken by ordinal, and its affinity key.</summary>
    public IpamCluster WithBlock(string cidr, string? node, params int[] taken) => WithBlock(cidr, node, BlockArithmetic.Nobody, taken);

    public IpamCluster WithBlock(string cidr, string? node, IpamAttribute owner, params int[] taken)
    {
        var block = BlockArithmetic.NewBlock(Cidr.Parse(cidr), node ?? "x", false);
        foreach (var ordinal in taken)
        {
            block = BlockArithmetic.Assign(block, BlockArithmetic.AddressAt(block, ordinal), node ?? "x", owner).Block!;
        }

        Put(V1Keys.IpamBlock(block.Cidr), IpamBlockCodec.Encode(node is null ? block with { Affinity = null } : block));
        return node is null ? this : WithAffinity(node, cidr);
    }

    public IpamCluster WithAffinity(string node, string cidr) => Put(V1Keys.IpamAffinity(node, Cidr.Parse(cidr)), "{}");

    public IpamCluster WithHandle(string id, string cidr, int count) =>
        Put(V1Keys.IpamHandle(id), IpamHandleCodec.Encode(IpamHandle.None.Plus(Cidr.Parse(cidr), count)));

    public IpamCluster WithTunnel(string node, string ip) => Put(V1Keys.FelixConfig("IpInIpTunnelAddr", node), ip);

    public IpamCluster WithEndpoint(string node, string name, string ip, string orchestrator = "libnetwork")
    {
        var endpoint = Endpoint(node, name, ip, orchestrator);
        return Put(V1Keys.WorkloadEndpoint(endpoint.Id), WorkloadEndpointCodec.Encode(endpoint));
    }

    public IpamCluster WithContainer(string host, string name, string ip, string state)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        var container = new DockerContainer(
            name, name, "busybox", "sh", state, state, Start, none,
            [new DockerAttachment("net", "id", "", state == "exited" ? "" : ip, "", ip, "")]);
        _hosts.RemoveAll(h => h.Name == host);
        _hosts.Add(new DockerHostState
        {
            Name = host,
            Address = "unix:///x",
            Info = new DockerInfo("id", host, "20.10.24", "1.41", "", "", "", "", []),
            Containers = ImmutableSortedDictionary.Create<string, DockerContainer>(StringComparer.Ordinal).Add(container.Id, container),
        });
        return this;
    }

    public ClusterSnapshot Snapshot(FeedStatus etcd = FeedStatus.Live, FeedStatus docker = FeedStatus.Live) => new()
    {
        Calico = CalicoStateUpdate.FromListing([.. _keys.Values], _revision),
        Hosts = _hosts.ToImmutableSortedDictionary(h => h.Name, h => h, StringComparer.Ordinal),
        Feeds = [.. _hosts.Select(h => new FeedState($"docker/{h.Name}", docker, Start, null, Start)), new FeedState("etcd", etcd, Start, null, Start)],
    };

    public IpamIndex Index() => IpamIndex.From(Snapshot(), Start);

    public static WorkloadEndpoint Endpoint(string node, string name, string ip, string orchestrator) => new()
    {
        Id = new WorkloadEndpointId(node, orchestrator, orchestrator == "libnetwork" ? "libnetwork" : "vm", name),
        InterfaceName = "cali1",
        IPv4Nets = ip.Contains(':', StringComparison.Ordinal) ? [] : [Cidr.Parse(ip)],
        IPv6Nets = ip.Contains(':', StringComparison.Ordinal) ? [Cidr.Parse(ip)] : [],
    };
}
