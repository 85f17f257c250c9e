using System.Collections.Immutable;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;

namespace CalicoConsole.Core.Tests.Diagnostics;

/// <summary>One broken thing for each cause, by its code; a new cause adds its own.</summary>
internal static class CauseCases
{
    public static IReadOnlyDictionary<string, Action<DoctorWorld>> ByCode { get; } = new Dictionary<string, Action<DoctorWorld>>(StringComparer.Ordinal)
    {
        ["mac-mismatch"] = w => OfFar(w, e => e with { Inside = Inside(e, i => i with { Mac = DoctorWorld.Foreign }) }),
        ["interface-prefix"] = w => w.Keys["/calico/v1/host/docker02/config/InterfacePrefix"] = "tap",
        ["felix-down"] = w => OfFar(w, e => e with { Machine = Machine(e, m => m with { Processes = ["bird"] }), Rules = NoChain(e) }),
        ["rpf-loose"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with { Processes = ["bird"], Parameters = m.Parameters.SetItem("ipv4/conf/all/rp_filter", "2") }),
            Rules = NoChain(e),
        }),
        ["felix-behind"] = w => OfFar(w, e => e with { Rules = NoChain(e) }),
        ["proxy-arp-off"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with
            {
                GatewayRoute = new HostRoute("none", "", null,
            "RTNETLINK answers: Network is unreachable")
            })
        }),
        ["route-missing"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with
            {
                OwnRoute = new HostRoute("blackhole", "", null,
            "RTNETLINK answers: Invalid argument")
            })
        }),
        ["wrong-default-route"] = w => OfFar(w, e => e with { Inside = Inside(e, i => i with { DefaultRoutes = [] }) }),
        ["container-down"] = w => w.Container("docker02", "far", c => c with { State = "exited" }),
        ["auto-ip-broken"] = w => Refused(w, "IpamDriver.RequestAddress: Unexpected number of assigned IP addresses: got []"),
        ["swarm-conflict"] = w => Refused(w, "legacy plugin calico of type NetworkDriver is not supported in swarm mode", h => h with
        {
            Info = h.Info! with { SwarmState = "active" },
        }),
        ["uplink-rpf"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with { ReversePathDrops = 5, Parameters = m.Parameters.SetItem("ipv4/conf/eth0/rp_filter", "1") }),
            MachineAfter = Machine(e, m => m with { ReversePathDrops = 8 }),
        }),
        ["publish-ports"] = w => OfFar(w, e => e with { Published = Reading.Known(new PublishedOf(["8080 to 80/tcp"])) }),
        ["icmp-only"] = w => w.ChangeAll = e => e with
        {
            Test = Reading.Unknown<TestAnswer>("ping cannot be run there: executable file not found in $PATH"),
        },
        ["docker-too-new"] = w => Refused(w, "datastore for scope global is not initialized", h => h with { Info = h.Info! with { ServerVersion = "24.0.7" } }),
        ["no-cluster-store"] = w => Refused(w, "datastore for scope \"global\" is not initialized", h => h with { Info = h.Info! with { ClusterStore = "" } }),
        ["store-differs"] = w => Refused(w, "network my_net not found", h => h with
        {
            Info = h.Info! with { ClusterStore = "etcd://127.0.0.1:2379" },
            Networks = h.Networks.Clear(),
        }),
        ["node-image"] = w => w.Container("docker02", "calico-node", c => c with { Image = "calico/node:v3.1.3" }),
        ["node-container"] = w => OfFar(w, e => e with { Setup = Reading.Known(e.Setup.Value! with { Privileged = false }) }),
        ["plugin-socket"] = w => Refused(w, "legacy plugin: plugin \"calico\" not found", h => h with
        {
            Containers = h.Containers.SetItem(Snapshots.Id("calico-node"), Snapshots.Container("calico-node", "quay.io/calico/node:v2.6.9", "exited")),
        }),
        ["boot-deadlock"] = w =>
        {
            Refused(w, "plugin \"calico\" not found");
            w.Container("docker02", "calico-node", c => c with { Details = new ContainerDetails(DoctorWorld.Now.AddMinutes(-1), null, 0, "", "always") });
        },
        ["network-options"] = w =>
        {
            foreach (var host in w.Hosts.Values.ToArray())
            {
                w.Hosts[host.Name] = host with
                {
                    Networks = host.Networks.ToImmutableSortedDictionary(n => n.Key, n => n.Value with { IpamDriver = "default" }, StringComparer.Ordinal),
                };
            }
        },
        ["name-mismatch"] = w => OfFar(w, e => e with
        {
            Setup = Reading.Known(e.Setup.Value! with { Variables = e.Setup.Value.Variables.SetItem("NODENAME", "renamed") }),
        }),
        ["etcd-v2-off"] = w => w.ChangeAll = e => With(e, s => s with
        {
            Etcd = Etcd(new EtcdMember("1", "m1", [], [], "3.4.23", true, null, true, false,
            null))
        }),
        ["etcd-no-leader"] = w =>
        {
            w.Keys.Remove(DoctorWorld.EndpointKey("docker02", "far"));
            w.ChangeAll = e => With(e, s => s with
            {
                Etcd = Etcd(new EtcdMember("1", "m1", [], [], null, false, null, false, null,
                "no answer")
                { Answers = false })
            });
        },
        ["etcd-nospace"] = w => w.ChangeAll = e => With(e, s => s with { Etcd = new EtcdClusterFacts(DoctorWorld.Now, [], ["NOSPACE on m1"], null) }),
        ["etcd-tls-or-clock"] = w => w.ChangeAll = e => With(e, s => s with
        {
            Feeds = [new FeedState("etcd", FeedStatus.Stale, DoctorWorld.Now, "x509: certificate has expired", DoctorWorld.Now)],
        }),
        ["ip-in-use"] = w => Refused(w, "Address already assigned in block"),
        ["ip-exhausted"] = w =>
        {
            Refused(w, "IpamDriver.RequestAddress: Unexpected number of assigned IP addresses: got []");
            w.Container("docker02", "calico-node", c => c with { Image = "quay.io/calico/node:v2.6.12" });
            OfFar(w, e => e with { Setup = Reading.Known(e.Setup.Value! with { Image = "quay.io/calico/node:v2.6.12" }) });
        },
        ["no-pool"] = w =>
        {
            w.Keys.Remove("/calico/v1/ipam/v4/pool/192.0.2.0-24");
            OfWeb(w, e => e with
            {
                Machine = Machine(e, m => m with
                {
                    PeerRoute = new HostRoute("none", "", null,
                "RTNETLINK answers: Network is unreachable")
                })
            });
        },
        ["pool-disabled"] = w =>
        {
            Refused(w, "IpamDriver.RequestAddress: The address is not in a configured pool");
            w.Keys["/calico/v1/ipam/v4/pool/192.0.2.0-24"] = DoctorWorld.Pool("192.0.2.0/24").Replace("\"disabled\":false", "\"disabled\":true",
                StringComparison.Ordinal);
        },
        ["ip-outside"] = w =>
        {
            w.Keys["/calico/v1/ipam/v4/pool/198.51.100.0-24"] = DoctorWorld.Pool("198.51.100.0/24");
            w.Keys[DoctorWorld.EndpointKey("docker02", "far")] = DoctorWorld.Endpoint("far", "198.51.100.7");
            w.Container("docker02", "far", c => c with { Networks = [c.Networks[0] with { IPv4 = "198.51.100.7" }] });
        },
        ["pool-overlap"] = w => w.Question = new("docker01/web", "192.0.2.200"),
        ["no-profile"] = w => w.Keys[DoctorWorld.EndpointKey("docker02", "far")] = DoctorWorld.Endpoint("far", "192.0.2.70", ""),
        ["profile-denies"] = w => w.Keys["/calico/v1/policy/profile/my_net/rules"] = """{"inbound_rules":[{"action":"allow","protocol":"tcp","dst_ports":[80]}],"outbound_rules":[{"action":"allow"}]}""",
        ["policy-denies"] = w => w.Keys["/calico/v1/policy/tier/default/policy/no"] =
            """{"order":1,"inbound_rules":[{"action":"deny"}],"outbound_rules":[{"action":"allow"}],"selector":"all()","types":["ingress"]}""",
        ["inside-container"] = w => OfFar(w, e => e with
        {
            OwnHost = Reading.Known(new TestAnswer(3, 0, false, "3 packets transmitted, 0 packets received")),
            InsideAfterLocal = Reading.Known(e.InsideAfterLocal.Value! with { InDelivers = 10 }),
        }),
        ["host-firewall"] = w => OfFar(w, e => e with
        {
            Rules = Reading.Known(With(e.Rules.Value!, new CountedRule("FORWARD", 0, 0, "DROP", "", "-A FORWARD -p icmp -j DROP"))),
            RulesAfter = Reading.Known(With(e.Rules.Value!, new CountedRule("FORWARD", 0, 3, "DROP", "", "-A FORWARD -p icmp -j DROP"))),
        }),
        ["iptables-backend"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with { Processes = ["bird"] }),
            Rules = NoChain(e),
            FelixLog = Reading.Known(new FelixLog(["[FATAL] table.go 500: iptables-save failed: can't initialize iptables table `filter': Table does "
                + "not exist"])),
        }),
        ["ip-forward"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with
            {
                Parameters = m.Parameters.SetItem("ipv4/conf/eth0/forwarding",
            "0")
            })
        }),
        ["conntrack-full"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with
            {
                Parameters = m.Parameters.SetItem("netfilter/nf_conntrack_count",
            "999999")
            })
        }),
        ["bird-down"] = w => OfFar(w, e => e with
        {
            Bgp = Reading.Known(new BgpStatus("docker02", BgpDaemon.NotRunning("no such file"), BgpDaemon.NotRunning("no IPv6"), DoctorWorld.Now)),
        }),
        ["bgp-down"] = w => OfFar(w, e => e with
        {
            Bgp = Reading.Known(new BgpStatus(
                "docker02", new BgpDaemon(true, null, [new BgpSession("192.168.122.45", BgpPeerType.NodeToNodeMesh, "start", "10:00:00",
                    "Connect Socket: Connection timed out")]),
                BgpDaemon.NotRunning("no IPv6"), DoctorWorld.Now)),
        }),
        ["no-peers"] = w => w.Keys["/calico/bgp/v1/global/node_mesh"] = """{"enabled":false}""",
        ["remote-route-missing"] = w => OfWeb(w, e => e with
        {
            Machine = Machine(e, m => m with
            {
                PeerRoute = new HostRoute("unicast", "eth0", Ip.Parse("192.168.122.1"),
                "192.0.2.70 via 192.168.122.1 dev eth0")
            }),
        }),
        ["node-ip-wrong"] = w =>
        {
            w.Keys["/calico/bgp/v1/host/docker02/ip_addr_v4"] = "172.18.0.1";
            OfFar(w, e => e with { Machine = Machine(e, m => m with { Addresses = m.Addresses.Add(("br-1f2e3d", Cidr.Parse("172.18.0.1/32"))) }) });
        },
        ["duplicate-node"] = w => w.Keys["/calico/bgp/v1/host/docker02/ip_addr_v4"] = "192.168.122.45",
        ["node-ip-changed"] = w => w.Keys["/calico/bgp/v1/host/docker02/ip_addr_v4"] = "192.168.122.99",
        ["ipip-blocked"] = w => OfWeb(w, e => e with
        {
            MachineAfter = Reading.Known(e.Machine.Value! with { Interfaces = e.Machine.Value.Interfaces!.SetItem(e.Interface, new InterfaceCount(13, 10)) }),
        }),
        ["ipip-mode"] = w =>
        {
            w.Keys["/calico/bgp/v1/host/docker02/ip_addr_v4"] = "192.168.123.46";
            w.Keys["/calico/bgp/v1/host/docker02/network_v4"] = "192.168.123.0/24";
            w.Change = e => e with { Bgp = Reading.NotAsked<BgpStatus>(), Machine = Machine(e, m => m with { Addresses = default, PeerRoute = null }) };
        },
        ["mtu"] = w =>
        {
            w.Answered = true;
            w.ChangeAll = e => e with { LargeTest = Reading.Known(new TestAnswer(1, 0, false, "1 packets transmitted, 0 packets received")) };
        },
        ["stale-endpoint"] = w => w.Keys[DoctorWorld.EndpointKey("docker01", "gone")] = DoctorWorld.Endpoint("gone", "192.0.2.70"),
        ["stale-docker-endpoint"] = w => Refused(w, "endpoint with name far already exists in network my_net"),
        ["orphan-veth"] = w => OfFar(w, e => e with
        {
            Machine = Machine(e, m => m with { Interfaces = m.Interfaces!.Add("cali0123456789a", new InterfaceCount(0, 0)) }),
        }),
        ["no-nat-outgoing"] = w => w.Question = new("docker01/web", "203.0.113.9"),
        ["felix-cannot-program"] = w => w.Keys["/calico/v1/policy/tier/default/policy/odd"] =
            """{"order":1,"inbound_rules":[{"action":"allow","!dst_tag":"not a tag"}],"outbound_rules":[{"action":"allow"}],"selector":"all()","types":["ingress"]}""",
        ["ipv6-gateway"] = w => Refused(w, "failed to set gateway while updating gateway: file exists: fe80::1"),
    };

    /// <summary>Causes that are only seen beside a test, whatever came of it.</summary>
    public static IReadOnlySet<string> Beside { get; } = new HashSet<string>(
        ["etcd-nospace", "ip-outside", "mtu", "orphan-veth", "publish-ports"], StringComparer.Ordinal);

    /// <summary>Causes of which no sample is here, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Without { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["pass-mark-leak"] = "the verdicts of the pass mark have tests of their own (Reachability/Flows)",
    };

    private static void OfFar(DoctorWorld world, Func<EndEvidence, EndEvidence> change) => world.Change = e => e.Name == "docker02/far" ? change(e) : e;

    private static void OfWeb(DoctorWorld world, Func<EndEvidence, EndEvidence> change) => world.Change = e => e.Name == "docker01/web" ? change(e) : e;

    private static Reading<ContainerInside> Inside(EndEvidence end, Func<ContainerInside, ContainerInside> change) => Reading.Known(change(end.Inside.Value!));

    private static Reading<HostMachine> Machine(EndEvidence end, Func<HostMachine, HostMachine> change) => Reading.Known(change(end.Machine.Value!));

    private static Reading<RuleCounts> NoChain(EndEvidence end) => Reading.Known(end.Rules.Value! with { Rules = [] });

    private static RuleCounts With(RuleCounts rules, CountedRule rule) => rules with { Rules = rules.Rules.Insert(0, rule) };

    private static DiagnosisEvidence With(DiagnosisEvidence evidence, Func<ClusterSnapshot, ClusterSnapshot> change) =>
        evidence with { Snapshot = change(evidence.Snapshot) };

    private static EtcdClusterFacts Etcd(EtcdMember member) => new(DoctorWorld.Now, [member], [], null);

    // The container could not be started, with Docker's words about it, and so has no endpoint.
    private static void Refused(DoctorWorld world, string words, Func<DockerHostState, DockerHostState>? host = null)
    {
        world.Keys.Remove(DoctorWorld.EndpointKey("docker02", "far"));
        world.Container("docker02", "far", c => c with
        {
            State = "created",
            Networks = [c.Networks[0] with { EndpointId = "", IPv4 = "" }],
            Details = new ContainerDetails(null, DoctorWorld.Now.AddMinutes(-5), 128, words, "no"),
        });
        if (host is not null)
        {
            world.Hosts["docker02"] = host(world.Hosts["docker02"]);
        }
    }
}
