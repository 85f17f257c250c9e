using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests;

/// <summary>A small cluster: one pool, two profiles, one Calico network on two hosts, two containers.</summary>
internal static class Cluster
{
    public const string NetworkId = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string First = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    public const string Second = "0199999999999999999999999999999999999999999999999999999999999999";
    public const string EndpointId = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static ClusterSnapshot Snapshot()
    {
        var cidr = Cidr.Parse("192.0.2.0/24");
        var endpoint = new WorkloadEndpoint
        {
            Id = new("docker01", "libnetwork", "libnetwork", EndpointId),
            ProfileIds = ["my_net"],
            IPv4Nets = [Cidr.Parse("192.0.2.2/32")]
        };
        var calico = CalicoState.Empty with
        {
            Revision = 42,
            IPPools = CalicoState.Empty.IPPools.Add(cidr, Store(new IPPool { Cidr = cidr }, V1Keys.Pool(cidr), 40)),
            Profiles = CalicoState.Empty.Profiles
                .Add("my_net", Store(new Profile { Name = "my_net", Tags = ["my_net"] }, V1Keys.ProfileTags("my_net"), 41))
                .Add("team/db", Store(new Profile { Name = "team/db" }, V1Keys.ProfileTags("team/db"), 42)),
            Nodes = CalicoState.Empty.Nodes.Add("docker01",
                Store(new Node { Name = "docker01", HasMetadata = true, IPv4 = Cidr.Parse("192.168.122.45/24") }, "/calico/v1/host/docker01/metadata", 39)),
            WorkloadEndpoints = CalicoState.Empty.WorkloadEndpoints.With(Store(endpoint, V1Keys.WorkloadEndpoint(endpoint.Id), 42)),
        };
        return new ClusterSnapshot
        {
            Calico = calico,
            Hosts = ImmutableSortedDictionary.Create<string, DockerHostState>(StringComparer.Ordinal)
                .Add("docker01", Host("docker01", Container(First, "workload1", EndpointId)))
                .Add("docker02", Host("docker02", Container(Second, "workload2", ""))),
            Feeds = [Live("docker/docker01"), Live("docker/docker02"), Live("etcd"), Live("etcd-cluster")],
        };
    }

    public static FeedState Live(string name) => new(name, FeedStatus.Live, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch);

    public static ClusterSnapshot WithFeed(this ClusterSnapshot snapshot, string name, FeedStatus status, bool everLive) => snapshot with
    {
        Feeds = [.. snapshot.Feeds.Select(f => f.Name == name
            ? new FeedState(name, status, DateTimeOffset.UnixEpoch, "refused", everLive ? DateTimeOffset.UnixEpoch : null) : f)],
    };

    private static Stored<T> Store<T>(T value, string key, ulong revision) => new(value, [new StoredKey(key, Encoding.UTF8.GetBytes("{}"), revision)]);

    private static DockerHostState Host(string name, DockerContainer container) => new()
    {
        Name = name,
        Address = $"unix:///run/{name}.sock",
        Info = new DockerInfo("id", name, "20.10.24", "1.41", "Debian", "6.1", "etcd://192.168.122.1:2379", "", ["calico"]),
        Networks = ImmutableSortedDictionary.Create<string, DockerNetwork>(StringComparer.Ordinal)
            .Add(NetworkId, new DockerNetwork(NetworkId, "my_net", "calico", "global", "calico-ipam", ["192.0.2.0/24"], None, None, false, false)),
        Containers = ImmutableSortedDictionary.Create<string, DockerContainer>(StringComparer.Ordinal).Add(container.Id, container),
    };

    private static DockerContainer Container(string id, string name, string endpointId) => new(
        id, name, "busybox", "sh", endpointId.Length > 0 ? "running" : "exited", "Up 3 minutes", DateTimeOffset.UnixEpoch, None,
        [new DockerAttachment("my_net", NetworkId, endpointId, endpointId.Length > 0 ? "192.0.2.2" : "", "", "192.0.2.2", "")]);
}
