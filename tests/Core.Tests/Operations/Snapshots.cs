using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Operations;

/// <summary>Small pictures of a cluster, in the words of the walk-through.</summary>
internal static class Snapshots
{
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;

    public static DockerInfo Info(string version = "20.10.24", string store = "etcd://192.168.122.1:2379", params string[] plugins) =>
        new("ID", "docker01", version, "1.41", "Debian", "6.1", store, "", [.. plugins]);

    public static DockerHostState Host(DockerInfo? info = null) => new() { Name = "docker01", Address = "unix:///run/docker.sock", Info = info ?? Info() };

    public static ClusterSnapshot Of(params DockerHostState[] hosts) =>
        new() { Hosts = hosts.ToImmutableSortedDictionary(h => h.Name, h => h, StringComparer.Ordinal) };

    public static DockerHostState With(this DockerHostState host, params DockerContainer[] containers) =>
        host with { Containers = host.Containers.SetItems(containers.Select(c => KeyValuePair.Create(c.Id, c))) };

    public static DockerHostState With(this DockerHostState host, params DockerNetwork[] networks) =>
        host with { Networks = host.Networks.SetItems(networks.Select(n => KeyValuePair.Create(n.Id, n))) };

    public static DockerHostState WithNode(this DockerHostState host, string image = "quay.io/calico/node:v2.6.9", string state = "running") =>
        host.With(Container("calico-node", image, state));

    public static DockerContainer Container(string name, string image = "busybox", string state = "running", params DockerAttachment[] attachments) =>
        new(Id(name), name, image, "sh", state, state, DateTimeOffset.UnixEpoch, None, [.. attachments]);

    public static DockerNetwork Network(string name, string driver = "calico", params string[] subnets) =>
        new(
            Id("net-" + name), name, driver,
            driver == "calico" ? "global" : "local",
            driver == "calico" ? "calico-ipam" : "default",
            [.. subnets], None, None, false, false);

    public static DockerAttachment On(DockerNetwork network, string endpoint = "", string ip = "", string requested = "") =>
        new(network.Name, network.Id, endpoint, ip, "", requested, "");

    public static string Id(string name) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static ClusterSnapshot Pool(this ClusterSnapshot snapshot, string cidr, bool disabled = false, ulong revision = 10)
    {
        var pool = new IPPool { Cidr = Cidr.Parse(cidr), Disabled = disabled };
        var key = new StoredKey(V1Keys.Pool(pool.Cidr), IPPoolCodec.Encode(pool), revision);
        var next = snapshot.Key(key);
        return next with { Calico = next.Calico with { IPPools = next.Calico.IPPools.SetItem(pool.Cidr, new Stored<IPPool>(pool, [key])) } };
    }

    public static ClusterSnapshot Key(this ClusterSnapshot snapshot, string key, string value, ulong revision = 5) =>
        snapshot.Key(new StoredKey(key, Encoding.UTF8.GetBytes(value), revision));

    public static ClusterSnapshot Key(this ClusterSnapshot snapshot, StoredKey key) =>
        snapshot with { Calico = snapshot.Calico with { Keys = snapshot.Calico.Keys.With(key) } };

    public static ClusterSnapshot Endpoint(
        this ClusterSnapshot snapshot,
        string node,
        string name,
        string ip,
        string profile = "my_net",
        string orchestrator = "libnetwork")
    {
        var id = new WorkloadEndpointId(node, orchestrator, "libnetwork", name);
        var endpoint = new WorkloadEndpoint { Id = id, ProfileIds = [profile], IPv4Nets = [Cidr.Parse(ip)] };
        var endpoints = snapshot.Calico.WorkloadEndpoints.With(new(endpoint, [new StoredKey(V1Keys.WorkloadEndpoint(id), default, 20)]));
        return snapshot with { Calico = snapshot.Calico with { WorkloadEndpoints = endpoints } };
    }
}
