using System.Collections.Immutable;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Diagnostics;

/// <summary>
/// A small cluster and what a healthy one answers to every probe: <c>web</c> and <c>near</c> on docker01, <c>far</c> on docker02. A test breaks one thing of
/// it.
/// </summary>
internal sealed class DoctorWorld
{
    public const string Told = "ee:ee:ee:ee:ee:ee";
    public const string Foreign = "86:24:00:ce:d2:5d";
    public static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static readonly DockerNetwork Network = Snapshots.Network("my_net", "calico", "192.0.2.0/24");

    /// <summary>Keys of etcd.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal)
    {
        ["/calico/v1/Ready"] = "true",
        ["/calico/v1/ipam/v4/pool/192.0.2.0-24"] = Pool("192.0.2.0/24"),
        ["/calico/v1/policy/profile/my_net/tags"] = """["my_net"]""",
        ["/calico/v1/policy/profile/my_net/rules"] = """{"inbound_rules":[{"action":"allow","src_tag":"my_net"}],"outbound_rules":[{"action":"allow"}]}""",
        ["/calico/bgp/v1/host/docker01/ip_addr_v4"] = "192.168.122.45",
        ["/calico/bgp/v1/host/docker01/network_v4"] = "192.168.122.0/24",
        ["/calico/bgp/v1/host/docker02/ip_addr_v4"] = "192.168.122.46",
        ["/calico/bgp/v1/host/docker02/network_v4"] = "192.168.122.0/24",
        [EndpointKey("docker01", "web")] = Endpoint("web", "192.0.2.2"),
        [EndpointKey("docker01", "near")] = Endpoint("near", "192.0.2.3"),
        [EndpointKey("docker02", "far")] = Endpoint("far", "192.0.2.70"),
    };

    /// <summary>The engines.</summary>
    public Dictionary<string, DockerHostState> Hosts { get; } = new(StringComparer.Ordinal)
    {
        ["docker01"] = Host("docker01", ("web", "192.0.2.2"), ("near", "192.0.2.3")),
        ["docker02"] = Host("docker02", ("far", "192.0.2.70")),
    };

    /// <summary>What is asked.</summary>
    public DiagnosisQuestion Question { get; set; } = new("docker01/web", "docker02/far");

    /// <summary>Whether the test is answered.</summary>
    public bool Answered { get; set; }

    /// <summary>Changes of what the ends answer.</summary>
    public Func<EndEvidence, EndEvidence> Change { get; set; } = e => e;

    /// <summary>Changes of the whole.</summary>
    public Func<DiagnosisEvidence, DiagnosisEvidence> ChangeAll { get; set; } = e => e;

    public static string Id(string name) => Snapshots.Id("endpoint-" + name);

    public static string Interface(string name) => $"cali{Id(name)[..11]}";

    public static string EndpointKey(string node, string name) => $"/calico/v1/host/{node}/workload/libnetwork/libnetwork/endpoint/{Id(name)}";

    public static string Pool(string cidr, string more = "") =>
        $$"""{"cidr":"{{cidr}}","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false{{more}}}""";

    public static string Endpoint(string name, string ip, string profiles = "\"my_net\"") =>
        $$"""{"state":"active","name":"{{Interface(name)}}","active_instance_id":"","mac":"{{Told}}","profile_ids":[{{profiles}}],"ipv4_nets":["{{ip}}/32"],"ipv6_nets":[]}""";

    /// <summary>Puts another container in the place of one.</summary>
    public void Container(string host, string name, Func<DockerContainer, DockerContainer> change)
    {
        var old = Hosts[host].Containers[Snapshots.Id(name)];
        Hosts[host] = Hosts[host] with { Containers = Hosts[host].Containers.SetItem(old.Id, change(old)) };
    }

    /// <summary>The diagnosis.</summary>
    public Diagnosis Decide() => Decider.Decide(Evidence(), Now);

    /// <summary>Everything that is known.</summary>
    public DiagnosisEvidence Evidence()
    {
        var hosts = Snapshots.Of([.. Hosts.Values]);
        var snapshot = hosts with
        {
            Calico = Listings.State([.. Keys.Select(k => (k.Key, k.Value))]),
            Feeds = [Listings.EtcdIsLive, .. Hosts.Keys.Select(h => new FeedState($"docker/{h}", FeedStatus.Live, Now, null, Now))],
        };
        snapshot = snapshot with { Views = ClusterViews.Update(new(), snapshot, new SnapshotEdit(snapshot, default, [])) };
        var ends = Question.Read(snapshot);
        Assert.Empty(ends.Errors);
        var begun = EvidencePlan.Begin(snapshot, Question, ends, ReachabilityModel.From(snapshot).Explain(ends.Flow!));
        var evidence = begun with { From = Change(Healthy(begun, begun.From)), To = Change(Healthy(begun, begun.To)) };
        return ChangeAll(evidence with
        {
            Test = evidence.From.Container is { Container.State: "running" }
                ? Reading.Known(new TestAnswer(3, Answered ? 3 : 0, false, Answered ? "3 packets transmitted, 3 packets received"
                    : "3 packets transmitted, 0 packets received"))
                : Reading.Unknown<TestAnswer>("web does not run"),
        });
    }

    private static EndEvidence Healthy(DiagnosisEvidence all, EndEvidence end)
    {
        if (end.Host is null)
        {
            return end;
        }

        var other = all.Other(end);
        var own = end.Node == "docker01" ? "192.168.122.45" : "192.168.122.46";
        var peer = end.Node == "docker01" ? "192.168.122.46" : "192.168.122.45";
        var machine = new HostMachine
        {
            Interfaces = new Dictionary<string, InterfaceCount> { ["lo"] = new(0, 0), ["eth0"] = new(100, 100), [end.Interface] = new(10, 10) }
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
            Addresses = [("lo", Cidr.Parse("127.0.0.1/32")), ("eth0", Cidr.Parse($"{own}/32"))],
            Neighbour = new HostNeighbour(Told, true),
            HasNeighbours = true,
            Parameters = new Dictionary<string, string>
            {
                ["ipv4/ip_forward"] = "1",
                ["ipv4/conf/all/rp_filter"] = "0",
                ["ipv4/conf/eth0/forwarding"] = "1",
                [$"ipv4/conf/{end.Interface}/forwarding"] = "1",
                [$"ipv4/conf/{end.Interface}/proxy_arp"] = "1",
                [$"ipv4/neigh/{end.Interface}/proxy_delay"] = "0",
                ["netfilter/nf_conntrack_count"] = "10",
                ["netfilter/nf_conntrack_max"] = "1000000",
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            OwnRoute = new HostRoute("unicast", end.Interface, null, $"{end.Address} dev {end.Interface}"),
            PeerRoute = all.SameHost == true ? new HostRoute("unicast", other.Interface, null, $"{other.Address} dev {other.Interface}")
                : new HostRoute("unicast", "eth0", Ip.Parse(peer), $"{other.Address} via {peer} dev eth0"),
            GatewayRoute = new HostRoute("unicast", "eth0", Ip.Parse("192.168.122.1"), "169.254.1.1 via 192.168.122.1 dev eth0"),
            Processes = ["calico-felix", "bird"],
        };
        var rules = new RuleCounts(
            [new CountedRule($"cali-tw-{end.Interface}", 0, 0, "DROP", "Drop if no profiles matched", "-j DROP")],
            ImmutableSortedDictionary<string, (string, long)>.Empty.Add("FORWARD", ("ACCEPT", 0)).Add("INPUT", ("ACCEPT", 0)));
        var inside = new ContainerInside
        {
            Mac = Told,
            Mtu = 1500,
            Interfaces = ImmutableSortedDictionary<string, InterfaceCount>.Empty.Add("cali0", new(10, 10)),
            DefaultRoutes = [new ContainerRoute("cali0", Ip.Parse("169.254.1.1"), 0)],
            GatewayMac = "5a:4b:bc:fc:4c:a5",
            InReceives = 10,
            InDelivers = 10,
            ReversePathDrops = 0,
        };
        var runs = end.Container is { Container.State: "running" };
        return end with
        {
            Setup = Reading.Known(new CalicoNodeSetup
            {
                Image = "quay.io/calico/node:v2.6.9",
                Privileged = true,
                NetworkMode = "host",
                Binds = ["/var/run/calico:/var/run/calico", "/lib/modules:/lib/modules", "/run/docker/plugins:/run/docker/plugins",
                    "/var/run/docker.sock:/var/run/docker.sock"],
                Variables = new Dictionary<string, string>
                {
                    ["NODENAME"] = end.Host.NodeName,
                    ["CALICO_NETWORKING_BACKEND"] = "bird",
                    ["CALICO_LIBNETWORK_ENABLED"] = "true",
                    ["ETCD_ENDPOINTS"] = "http://192.168.122.1:2379",
                }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            }),
            Machine = Reading.Known(machine),
            MachineAfter = Reading.Known(machine),
            Rules = Reading.Known(rules),
            RulesAfter = Reading.Known(rules),
            FelixLog = Reading.Known(new FelixLog([])),
            Bgp = Reading.Known(new BgpStatus(
                end.Host.Name, new BgpDaemon(true, null, [new BgpSession(peer, BgpPeerType.NodeToNodeMesh, "up", "10:00:00", "Established")]),
                BgpDaemon.NotRunning("no IPv6"), Now)),
            Stored = Reading.Known(new StoredDockerEndpoint(true, Told)),
            Inside = runs ? Reading.Known(inside) : end.Inside,
            InsideBeforeLocal = runs ? Reading.Known(inside) : end.InsideBeforeLocal,
            InsideAfterLocal = runs ? Reading.Known(inside with
            {
                InReceives = 13,
                InDelivers = 13,
                Interfaces = inside.Interfaces.SetItem("cali0", new(13, 13)),
            }) : end.InsideAfterLocal,
            OwnHost = runs ? Reading.Known(new TestAnswer(3, 3, false, "3 packets transmitted, 3 packets received")) : end.OwnHost,
        };
    }

    private static DockerHostState Host(string name, params (string Name, string Ip)[] containers)
    {
        var host = Snapshots.Host(Snapshots.Info() with { Id = $"ID-{name}", Name = name }) with { Name = name };
        return host.WithNode().With(Network).With([.. containers.Select(c => Snapshots.Container(
            c.Name, attachments: Snapshots.On(Network, Id(c.Name), c.Ip, c.Ip) with { MacAddress = Told }))]);
    }
}
