using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Ipam;
using CalicoConsole.Core.Tests.Operations;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Problems;

/// <summary>For each code a small cluster in which it is the case. A new check adds its own.</summary>
internal static class ProblemSamples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private const string Vm = """{"state":"active","name":"tap1","profile_ids":[],"ipv4_nets":["172.31.0.7/32"],"ipv6_nets":[]}""";
    private const string VmKey = "/calico/v1/host/compute01/workload/openstack/i1/endpoint/p1";
    private const string Nat = """{"cidr":"192.0.2.0/24","ipip":"","ipip_mode":"","masquerade":true,"ipam":true,"disabled":false}""";

    /// <summary>A cluster with calico-node on its host, a running container, and nothing wrong.</summary>
    public static ProblemInput Sound { get; } = Join(Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Container("web"))).WithFeeds());

    public static IReadOnlyDictionary<string, ProblemInput> ByCode { get; } = new Dictionary<string, ProblemInput>(StringComparer.Ordinal)
    {
        ["feed.lost"] = Feed("etcd", everLive: true),
        ["feed.never-live"] = Feed("docker/docker01", everLive: false),
        ["audit.not-writable"] = Feed("audit", everLive: true),
        ["audit.unreadable"] = Sound with { AuditProblem = "the disk is full" },
        ["operation.open"] = Sound with { Open = [new(Guid.Parse("00000000-0000-0000-0000-000000000001"), "Delete network web", "admin", Start)] },
        ["etcd.member-unhealthy"] = Etcd([Member("1", healthy: false, v2: null)]),
        ["etcd.no-v2-keys"] = Etcd([Member("1", healthy: true, v2: false)]),
        ["etcd.alarm"] = Etcd([], "NOSPACE on m0"),
        ["key.unreadable"] = Keys(("/calico/v1/policy/tier/default/policy/broken", "{")),
        ["node.no-calico-node"] = Join(Snapshots.Of(Snapshots.Host()).WithFeeds()),
        ["node.calico-node-down"] = Join(Snapshots.Of(Snapshots.Host().WithNode(state: "exited")).WithFeeds()),
        ["node.shared-address"] = new(new ClusterSnapshot
        {
            Calico = CalicoState.Empty with { Nodes = CalicoState.Empty.Nodes.Add("a", Node("a")).Add("b", Node("b")) },
        }),
        ["cause.mac-mismatch"] = Join(Snapshots.Of(Snapshots.Host(Snapshots.Info("18.03.1-ce")).WithNode()).WithFeeds()),
        ["cause.docker-too-new"] = Join(Snapshots.Of(Snapshots.Host(Snapshots.Info("24.0.7")).WithNode()).WithFeeds()),
        ["cause.no-cluster-store"] = Join(Snapshots.Of(Snapshots.Host(Snapshots.Info(store: "")).WithNode()).WithFeeds()),
        ["cause.node-image"] = Join(Snapshots.Of(Snapshots.Host().WithNode("calico/node:v3.1.3")).WithFeeds()),
        ["cause.network-options"] = Join(Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Network("odd") with { IpamDriver = "default" })).WithFeeds()),
        ["cause.interface-prefix"] = Prefixes(),
        ["cause.store-differs"] = Stores(),
        ["cause.no-peers"] = new(new ClusterSnapshot
        {
            Calico = Listings.State(
                ("/calico/v1/host/a/metadata", "{}"), ("/calico/v1/host/b/metadata", "{}"), ("/calico/bgp/v1/global/node_mesh", """{"enabled":false}"""), ("/calico/bgp/v1/host/a/ip_addr_v4", "192.0.2.1"),
                ("/calico/bgp/v1/host/a/network_v4", "192.0.2.0/24"), ("/calico/bgp/v1/host/b/ip_addr_v4", "192.0.2.2"),
                ("/calico/bgp/v1/host/b/network_v4", "192.0.2.0/24"), ("/calico/bgp/v1/host/b/peer_v4/192.0.2.9", """{"ip":"192.0.2.9","as_num":"64512"}""")),
        }),
        ["container.down"] = Join(Snapshots.Of(Snapshots.Host().WithNode().With(Down("web"))).WithFeeds()),
        ["container.unanswered"] = Join(Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Container("web") with { Unanswered = true })).WithFeeds()),
        ["endpoint.left-behind"] = Join(Snapshots.Of(Snapshots.Host().WithNode()).WithFeeds().Endpoint("docker01", "e1", "192.0.2.9/32")),
        ["pool.nearly-full"] = Ipam(new IpamCluster().WithPool("10.60.0.0/26").WithNode("n1").WithBlock("10.60.0.0/26", "n1", [.. Enumerable.Range(0, 60)])),
        ["pool.overlap"] = Join(Snapshots.Of().Pool("10.60.0.0/16").Pool("10.60.8.0/24").Pool("10.61.0.0/24")),
        ["pool.covers-node"] = new(new ClusterSnapshot { Calico = CalicoState.Empty with { Nodes = CalicoState.Empty.Nodes.Add("a", Node("a")) } }
            .Pool("192.0.2.0/24")),
        ["pool.no-block"] = Join(Snapshots.Of().Pool("10.60.0.0/27")),
        ["network.no-pool"] = Join(WithEtcd(Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Network("web", "calico", "10.60.0.0/24"))).WithFeeds())),
        ["profile.missing"] = Join(Snapshots.Of().Endpoint("docker01", "e1", "192.0.2.9/32", "gone")),
        ["policy.refused"] = Keys(("/calico/v1/policy/tier/default/policy/odd", """{"selector":"role =="}""")),
        ["policy.only-logs"] = Rules(new Policy { Name = "odd", Selector = "all()", Types = ["ingress"], Ingress = [new Rule { Action = "log" }] }),
        ["policy.selects-nothing"] = Rules(new Policy { Name = "odd", Selector = "has(nobody)" }),
        ["rule.never-matches"] = Rules(new Policy { Name = "odd", Selector = "all()", Ingress = [Allow, Allow with { Protocol = new("tcp", 0) }] }),
        ["policy.other-tier"] = Keys(("/calico/v1/policy/tier/secure/policy/first", """{"selector":"all()","inbound_rules":[],"outbound_rules":[]}""")),
        ["rule.unprogrammable"] = Unprogrammable(),
        ["assertion.broken"] = Sound with { Assertions = [new("web reaches db", null, AssertionState.Broken) { Pairs = 2, BrokenPairs = 1 }] },
        ["assertion.unreadable"] = Sound with { Assertions = [new("odd", null, AssertionState.Unreadable) { Reason = "expect is missing." }] },
        ["openstack.interface-prefix"] = Keys((VmKey, Vm)),
        ["openstack.reporting"] = Keys((VmKey, Vm), ("/calico/v1/config/InterfacePrefix", "tap,cali"), ("/calico/v1/config/ReportingIntervalSecs", "0")),
        ["openstack.masquerade"] = Keys((VmKey, Vm), ("/calico/v1/config/InterfacePrefix", "tap,cali"), ("/calico/v1/ipam/v4/pool/192.0.2.0-24", Nat)),
        ["ipam.leak"] = Ipam("address that nobody has"),
        ["ipam.endpoint-lost"] = Ipam("address of a running container without endpoint"),
        ["ipam.shared-address"] = Ipam("two endpoints with one address"),
        ["ipam.not-allocated"] = Ipam("endpoint without allocation"),
        ["ipam.outside-pools"] = Ipam("block outside of every pool"),
        ["ipam.affinity-without-block"] = Ipam("affinity without block"),
        ["ipam.block-without-affinity"] = Ipam("block without affinity key"),
        ["ipam.affinity-of-other"] = Ipam("affinity of another node"),
        ["ipam.affinity-of-missing-node"] = Ipam("affinity of a node that does not exist"),
        ["ipam.block-unsound"] = Ipam("block that contradicts itself"),
        ["ipam.handle-missing"] = Ipam("handle without key"),
        ["ipam.handle-count-wrong"] = Ipam("handle with a wrong count"),
        ["ipam.handle-unused"] = Ipam("handle without address"),
        ["ipam.handle-unreadable"] = Ipam("handle that cannot be read"),
    };

    private static ProblemInput Prefixes()
    {
        var network = Snapshots.Network("web");
        var snapshot = Snapshots.Of(Snapshots.Host().WithNode().With(Snapshots.Container("web", attachments: Snapshots.On(network, "e1", "192.0.2.9"))))
            .WithFeeds().Endpoint("docker01", "e1", "192.0.2.9/32");
        var prefix = Listings.State(("/calico/v1/config/InterfacePrefix", "tap"));
        return Join(snapshot with { Calico = snapshot.Calico with { Configuration = prefix.Configuration } });
    }

    private static ProblemInput Stores()
    {
        var host = Snapshots.Host().WithNode();
        return Join(Snapshots.Of(
            host.With(Snapshots.Network("web")),
            host with { Name = "docker02", Info = Snapshots.Info(store: "etcd://127.0.0.1:2379") with { Id = "ID2", Name = "docker02" } }).WithFeeds());
    }

    public static DockerContainer Down(string name, string state = "exited", string policy = "always", string error = "") =>
        Snapshots.Container(name, state: state) with { Details = new ContainerDetails(Start, Start, 137, error, policy) };

    private static ClusterSnapshot WithEtcd(ClusterSnapshot snapshot) =>
        snapshot with { Feeds = [.. snapshot.Feeds, new FeedState("etcd", FeedStatus.Live, Start, null, Start)] };

    public static ClusterSnapshot WithFeeds(this ClusterSnapshot snapshot) =>
        snapshot with { Feeds = [.. snapshot.Hosts.Keys.Select(h => new FeedState($"docker/{h}", FeedStatus.Live, Start, null, Start))] };

    /// <summary>With the joins that the feeds make.</summary>
    public static ProblemInput Join(ClusterSnapshot snapshot) =>
        new(snapshot with { Views = ClusterViews.Update(new(), snapshot, new SnapshotEdit(snapshot, default, [])) });

    public static ProblemInput Keys(params (string Key, string Value)[] keys) => Join(new ClusterSnapshot
    {
        Calico = CalicoStateUpdate.FromListing([.. keys.Select((k, i) => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), (ulong)(i + 10)))], 60),
    });

    public static ProblemInput Etcd(EtcdMember[] members, params string[] alarms) =>
        Sound with { Snapshot = Sound.Snapshot with { Etcd = new EtcdClusterFacts(Start, [.. members], [.. alarms], null) } };

    public static EtcdMember Member(string id, bool healthy, bool? v2) =>
        new(id, $"m{id}", [$"http://192.0.2.{id}:2379"], [], "3.3.25", null, null, healthy, v2, healthy ? null : "no answer");

    private static ProblemInput Feed(string name, bool everLive)
    {
        var stale = new FeedState(name, FeedStatus.Stale, Start, "refused", everLive ? Start : null);
        return Sound with { Snapshot = Sound.Snapshot with { Feeds = [.. Sound.Snapshot.Feeds.Where(f => f.Name != name), stale] } };
    }

    private static Rule Allow => new() { Action = "allow" };

    private static ProblemInput Rules(Policy policy)
    {
        var snapshot = Snapshots.Of().Endpoint("docker01", "e1", "192.0.2.9/32", "web");
        var profiles = snapshot.Calico.Profiles.Add("web", new Stored<Profile>(new Profile { Name = "web" }, []));
        return Join(snapshot with
        {
            Calico = snapshot.Calico with { Profiles = profiles, Policies = snapshot.Calico.Policies.Add("odd", new Stored<Policy>(policy, [])) },
        });
    }

    private static Stored<Node> Node(string name) => new(new Node { Name = name, HasMetadata = true, IPv4 = Cidr.Parse("192.0.2.1/24") }, []);

    private static ProblemInput Unprogrammable()
    {
        var rule = new Rule { Action = "allow", Destination = new RuleEntity { NotTag = "not a tag" } };
        var policy = new Policy { Name = "odd", Selector = "all()", Ingress = [rule] };
        return new(
            new ClusterSnapshot { Calico = CalicoState.Empty with { Policies = CalicoState.Empty.Policies.Add("odd", new Stored<Policy>(policy, [])) } });
    }

    private static ProblemInput Ipam(string name) => Ipam(IpamIndexTests.Case(name));

    // A leak is one only when it was seen for a while.
    private static ProblemInput Ipam(IpamCluster cluster)
    {
        var first = IpamIndex.From(Join(cluster.Snapshot()).Snapshot, IpamCluster.Start);
        var later = first.Next(first.Snapshot, [], [], IpamCluster.Start.AddMinutes(1));
        return new(later.Snapshot) { Ipam = later };
    }
}
