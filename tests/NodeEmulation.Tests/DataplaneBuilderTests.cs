using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.NodeEmulation.Tests;

public sealed class DataplaneBuilderTests
{
    /// <summary>The two containers of golden <c>felix/006</c>: what our builder makes is what real Felix programmed, comments and mangling aside.</summary>
    [Fact]
    public void Build_TwoContainersOfOneNetwork_IsWhatFelixProgrammed()
    {
        var output = GoldenStep.Read("felix", "006-dataplane").Output;
        var wanted = DataplaneBuilder.Build(Input(
            [Endpoint("cali75344688d4d", "192.0.2.2", "my_net"), Endpoint("cali7a5783ac41e", "192.0.2.3", "my_net")],
            [Network("my_net")],
            [new IPPool { Cidr = Cidr.Parse("192.0.2.0/24"), NatOutgoing = true }]));

        Assert.Empty(wanted.Problems);
        Assert.All(wanted.IPv4.Routes, r => Assert.Contains($"{r.Destination.Address} dev {r.Interface} scope link", output, StringComparison.Ordinal));
        var felix = Felix(output, "filter");
        foreach (var line in Filter(wanted).Split('\n').Where(l => l.StartsWith("-A cali-", StringComparison.Ordinal)))
        {
            Assert.Contains(Plain(line), felix);
        }

        // Of what Felix has more: host endpoints, failsafe ports, the raw table's mark.
        var ours = Filter(wanted).Split('\n').Select(Plain).ToHashSet();
        Assert.All(
            felix.Where(l => l.Contains("-wl-", StringComparison.Ordinal) || l.Contains("cali-fw-", StringComparison.Ordinal)
                || l.Contains("cali-tw-", StringComparison.Ordinal) || l.Contains("cali-pr", StringComparison.Ordinal)),
            l => Assert.Contains(l, ours));
        Assert.Equal(["192.0.2.2", "192.0.2.3"], wanted.IPv4.IpSets.Single(s => s.Type == "hash:ip").Members);
        Assert.Contains(Plain(wanted.IPv4.Table("nat").Text.Split('\n').Single(l => l.Contains("MASQUERADE", StringComparison.Ordinal))), Felix(output, "nat"));
    }

    /// <summary>Tables raw and mangle of a host without host endpoints are Felix's, line for line and in its order.</summary>
    [Theory]
    [InlineData("raw")]
    [InlineData("mangle")]
    public void Build_NoHostEndpoint_TableIsWhatFelixProgrammed(string table)
    {
        var output = GoldenStep.Read("felix", "006-dataplane").Output;
        var start = output.IndexOf($"*{table}\n", StringComparison.Ordinal);
        var felix = output[start..output.IndexOf("COMMIT", start, StringComparison.Ordinal)].Split('\n').Select(Plain)
            .Where(l => l.StartsWith("-A cali-", StringComparison.Ordinal));

        var ours = DataplaneBuilder.Build(Input([], [], [])).IPv4.Table(table).Text.Split('\n').Where(l => l.StartsWith("-A cali-", StringComparison.Ordinal));

        Assert.Equal(felix.Order(StringComparer.Ordinal), ours.Select(Plain).Order(StringComparer.Ordinal));
        Assert.Equal(Chain(felix, "cali-PREROUTING"), Chain(ours.Select(Plain), "cali-PREROUTING"));

        static string[] Chain(IEnumerable<string> lines, string chain) => [.. lines.Where(l => l.StartsWith($"-A {chain} ", StringComparison.Ordinal))];
    }

    [Fact]
    public void Build_UntrackedPolicy_IsAskedInTableRawOfItsInterface()
    {
        var wanted =
            DataplaneBuilder.Build(Host(new Policy
            {
                Name = "fast",
                Selector = "all()",
                Types = ["ingress"],
                DoNotTrack = true,
                Ingress = [new Rule { Action = "allow" }]
            }));

        var raw = wanted.IPv4.Table("raw");
        Assert.Equal(["-i eth0 -g cali-fh-eth0"], Of(raw, "cali-from-host-endpoint"));
        Assert.Equal(
            [
                "-j cali-failsafe-in", "-j MARK --set-mark 0x0/0x1000000", "-j MARK --set-mark 0x0/0x2000000", "-m mark --mark 0x0/0x2000000 -j cali-pi-fast",
                "-m mark --mark 0x1000000/0x1000000 -j CT --notrack", "-m mark --mark 0x1000000/0x1000000 -j RETURN",
            ],
            Of(raw, "cali-fh-eth0"));

        // It governs no egress, and nothing is dropped for want of a rule: tracked policy is still to come.
        Assert.Equal(["-j cali-failsafe-out", "-j MARK --set-mark 0x0/0x1000000"], Of(raw, "cali-th-eth0"));
        Assert.Empty(Of(wanted.IPv4.Table("mangle"), "cali-from-host-endpoint"));
        Assert.DoesNotContain("cali-pi-fast", Filter(wanted), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_PolicyBeforeDnat_IsAskedInTableMangleAfterTracking()
    {
        var wanted =
            DataplaneBuilder.Build(Host(new Policy
            {
                Name = "door",
                Selector = "all()",
                Types = ["ingress"],
                PreDnat = true,
                Ingress = [new Rule { Action = "deny" }]
            }));

        Assert.Equal(
            [
                "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-m conntrack --ctstate INVALID -j DROP", "-j cali-failsafe-in",
                    "-j MARK --set-mark 0x0/0x1000000",
                "-j MARK --set-mark 0x0/0x2000000", "-m mark --mark 0x0/0x2000000 -j cali-pi-door", "-m mark --mark 0x1000000/0x1000000 -j RETURN",
            ],
            Of(wanted.IPv4.Table("mangle"), "cali-fh-eth0"));
        Assert.Empty(Of(wanted.IPv4.Table("raw"), "cali-from-host-endpoint"));
    }

    [Fact]
    public void Build_ExpectedAddressOfOneFamily_PolicesTheInterfaceForBoth()
    {
        var wanted = DataplaneBuilder.Build(Host() with
        {
            HostEndpoints = [new HostEndpoint { Node = "vm", Name = "b", ExpectedIPv4 = [Ip.Parse("10.0.0.9")] },
                new HostEndpoint { Node = "vm", Name = "a", ExpectedIPv6 = [Ip.Parse("fd00::9")], ProfileIds = ["gone"] }],
            Interfaces = [new("eth0", [Cidr.Parse("10.0.0.9/24"), Cidr.Parse("fd00::9/64")])],
        });

        // Of two, the first by name.
        Assert.All([wanted.IPv4, wanted.IPv6], f => Assert.Contains("-j cali-pri-gone", Of(f.Table("filter"), "cali-fh-eth0")));
    }

    [Fact]
    public void Build_EndpointWithIPv6_HasItsOwnRoutesSetsAndRules()
    {
        var rules = new Profile
        {
            Name = "six",
            Tags = ["six"],
            Ingress =
            [
                new Rule { Action = "allow", Protocol = new Protocol("icmp", 0) },
                    new Rule { Action = "allow", Protocol = new Protocol("icmpv6", 0), Icmp = new Icmp(128, 0) },
                new Rule { Action = "allow", IPVersion = 4 }, new Rule { Action = "deny", Source = new RuleEntity { Nets = [Cidr.Parse("10.0.0.0/8")] } },
                    new Rule { Action = "allow", Source = new RuleEntity { Tag = "six" } },
            ],
        };
        var wanted = DataplaneBuilder.Build(Input([Endpoint("cali1", "10.0.0.1", "six") with { IPv6Nets = [Cidr.Parse("fd00::1/128")] }], [rules],
            [new IPPool { Cidr = Cidr.Parse("fd00::/64"), NatOutgoing = true }]));

        Assert.Equal(["fd00::1/128"], wanted.IPv6.Routes.Select(r => r.Destination.ToString()));
        Assert.Equal(["fd00::1"], wanted.IPv6.IpSets.Single(s => s.Type == "hash:ip").Members);
        Assert.Equal(["fd00::/64"], wanted.IPv6.IpSets.Single(s => s.Name == "cali6-masq-ipam-pools").Members);
        var lines = Of(wanted.IPv6.Table("filter"), "cali-pri-six").Where(l => !l.Contains("-j RETURN", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("-p 58 -m icmp6 --icmpv6-type 128/0 ", lines[0], StringComparison.Ordinal);
        Assert.Contains("--match-set cali6-s:", lines[1], StringComparison.Ordinal);
        Assert.Equal(6, Of(wanted.IPv6.Table("filter"), "cali-wl-to-host").Count(l => l.Contains("icmp6", StringComparison.Ordinal)));
        Assert.DoesNotContain("icmp6", Filter(wanted), StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(wanted.Links).Neighbours.Length);
    }

    /// <summary>The policy of golden <c>felix/011</c>: every line that Felix programmed for it is one of ours, in the same order.</summary>
    [Fact]
    public void Build_PolicyThatDeniesPing_IsWhatFelixProgrammed()
    {
        var output = GoldenStep.Read("felix", "011-policy-deny").Output;
        var allow = new Rule { Action = "allow" };
        var wanted = DataplaneBuilder.Build(Input(
            [Endpoint("cali75344688d4d", "192.0.2.2", "my_net"), Endpoint("cali7a5783ac41e", "192.0.2.3", "my_net"),
                Endpoint("calif011b1523ba", "192.0.2.66", "my_net_b")],
            [Network("my_net"), Network("my_net_b")],
            []) with
        {
            Policies =
            [
                new Policy
                {
                    Name = "deny-icmp",
                    Order = 10,
                    Selector = "all()",
                    Ingress = [new Rule { Action = "deny", Protocol = new Protocol("icmp", 0), Icmp = new Icmp(8, null) }, allow],
                    Egress = [allow],
                    Types = ["ingress", "egress"],
                },
            ],
        });

        Assert.Empty(wanted.Problems);
        string[] Chain(IEnumerable<string> lines, string chain) => [.. lines.Select(Plain).Where(l => l.StartsWith($"-A {chain} ", StringComparison.Ordinal))];
        foreach (var chain in (string[])["cali-tw-cali75344688d4d", "cali-tw-calif011b1523ba", "cali-pi-deny-icmp", "cali-po-deny-icmp", "cali-pri-my_net",
            "cali-pro-my_net"])
        {
            var felix = Chain(output.Split('\n'), chain);
            Assert.NotEmpty(felix);
            Assert.Equal(felix, Chain(Filter(wanted).Split('\n'), chain));
        }

        Assert.All(
            output.Split('\n').Where(l => l.StartsWith("-A cali-fw-", StringComparison.Ordinal)).Select(Plain),
            line => Assert.Contains(line, Filter(wanted).Split('\n').Select(Plain)));
    }

    [Fact]
    public void Build_SeveralPolicies_AreAskedInOrderWhereTheyGovern()
    {
        Policy Named(string name, double? order, string selector, params string[] types) =>
            new()
            {
                Name = name,
                Order = order,
                Selector = selector,
                Ingress = [new Rule { Action = "allow" }],
                Egress = [new Rule { Action = "pass" }],
                Types = [.. types]
            };
        var wanted = DataplaneBuilder.Build(Input(
            [Endpoint("cali1", "10.0.0.1", "a") with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("role", "web") },
                Endpoint("cali2", "10.0.0.2", "b")],
            [Network("a") with { Labels = ImmutableSortedDictionary<string, string>.Empty.Add("role", "db").Add("env", "x") }, Network("b")],
            []) with
        {
            Policies =
            [
                Named("last", null, "has(a)", "Ingress"), Named("second", 2.5, "role == 'web' && env == 'x'"),
                    Named("first", -1, "role == 'web'", "ingress", "egress"),
                Named("also-second", 2.5, "has(role)", "egress"), Named("hosts", 0, "all()") with { DoNotTrack = true },
                    Named("before", 0, "all()") with { PreDnat = true },
                Named("unread", 0, "role = 'web'"), Named("refused", 0,
                    "all()") with { Egress = [new Rule { Action = "allow" }, new Rule { Action = "next" }] },
            ],
        });

        string[] Asked(string chain) =>
        [
            .. Filter(wanted).Split('\n').Where(l => l.StartsWith($"-A {chain} -m mark --mark 0x0/0x2000000 -j cali-p", StringComparison.Ordinal))
                .Select(l => l[(l.LastIndexOf('-') + 1)..]),
        ];
        Assert.Equal(["first", "second", "last"], Asked("cali-tw-cali1"));
        Assert.Equal(["first", "second", "second"], Asked("cali-fw-cali1"));
        Assert.Contains(
            "-A cali-fw-cali1 -m mark --mark 0x0/0x2000000 -j cali-po-also-second\n-A cali-fw-cali1 -m mark --mark 0x1000000/0x1000000 -j RETURN\n-A "
            + "cali-fw-cali1 -m mark --mark 0x0/0x2000000 -j cali-po-second\n", Filter(wanted), StringComparison.Ordinal);
        Assert.Contains("-A cali-po-first -j MARK --set-mark 0x2000000/0x2000000\n-A cali-po-first -m mark --mark 0x2000000/0x2000000 -j RETURN\n",
            Filter(wanted), StringComparison.Ordinal);

        // No policy selects the other one: its chains know none, and are not made to drop what none passed.
        Assert.Empty(Asked("cali-tw-cali2"));
        Assert.DoesNotContain("cali-tw-cali2 -m mark --mark 0x0/0x2000000", Filter(wanted), StringComparison.Ordinal);
        Assert.Collection(wanted.Problems, p => Assert.StartsWith("policy refused counts as absent: 'next' is no action", p, StringComparison.Ordinal),
            p => Assert.StartsWith("policy unread counts as absent", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_HostEndpoints_PoliceTheirInterfacesAfterFailsafePorts()
    {
        var wanted = DataplaneBuilder.Build(Input([], [Network("mgmt")], []) with
        {
            HostEndpoints =
            [
                new HostEndpoint { Node = "vm", Name = "named", InterfaceName = "eth1", ProfileIds = ["mgmt"] },
                new HostEndpoint { Node = "vm", Name = "by-address", ExpectedIPv4 = [Ip.Parse("10.0.0.9")], ProfileIds = ["mgmt"] },
                new HostEndpoint { Node = "other", Name = "elsewhere", InterfaceName = "eth2", ExpectedIPv4 = [Ip.Parse("10.0.0.8")], ProfileIds = ["mgmt"] },
                new HostEndpoint { Node = "vm", Name = "slash", InterfaceName = "eth3", ExpectedIPv4 = [Ip.Parse("10.0.0.7")], ProfileIds = ["a/b"] },
                new HostEndpoint { Node = "vm", Name = "later", InterfaceName = "eth1" },
                new HostEndpoint { Node = "vm", Name = "odd", InterfaceName = "eth4\n-j" },
            ],
            Interfaces = [new("eth0", [Cidr.Parse("10.0.0.9/24")]), new("eth1", [])],
            FailsafeInbound = FailsafePorts.Read("443,udp:68", []),
            FailsafeOutbound = FailsafePorts.Read("none", FailsafePorts.Outbound),
            Policies = [new Policy { Name = "in", Selector = "has(mgmt)", Types = ["ingress"] }],
        });

        string[] Of(string chain) => DataplaneBuilderTests.Of(wanted.IPv4.Table("filter"), chain);
        Assert.Equal(["-i eth0 -g cali-fh-eth0", "-i eth1 -g cali-fh-eth1"], Of("cali-from-host-endpoint"));
        Assert.Equal(["-o eth0 -g cali-th-eth0", "-o eth1 -g cali-th-eth1"], Of("cali-to-host-endpoint"));
        Assert.Equal(["-p tcp -m multiport --dports 443 -j ACCEPT", "-p udp -m multiport --dports 68 -j ACCEPT"], Of("cali-failsafe-in"));
        Assert.Empty(Of("cali-failsafe-out"));
        Assert.Equal("-j cali-failsafe-in", Of("cali-fh-eth1")[2]);
        Assert.Contains("-m mark --mark 0x0/0x2000000 -j cali-pi-in", Of("cali-fh-eth0"));
        Assert.Equal(["-j cali-failsafe-out", "-j MARK --set-mark 0x0/0x1000000", "-j cali-pro-mgmt", "-m mark --mark 0x1000000/0x1000000 -j RETURN",
            "-j DROP"], Of("cali-th-eth0")[2..]);
        // Expected addresses of all hosts are in the sets, those of an absent one are not.
        Assert.Equal(["10.0.0.8", "10.0.0.9"], wanted.IPv4.IpSets.Single(s => s.Type == "hash:ip").Members);
        Assert.Equal(3, wanted.Problems.Length);
        Assert.DoesNotContain("\n-j", Filter(wanted), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData(" ", 2)]
    [InlineData("NONE", 0)]
    [InlineData("22, udp:53 ,TCP:80", 3)]
    [InlineData("22,icmp:1", 2)]
    [InlineData("22,udp:70000", 2)]
    public void FailsafePorts_Setting_IsReadAsFelixDoes(string? text, int count) => Assert.Equal(count, FailsafePorts.Read(text, FailsafePorts.Inbound).Length);

    [Fact]
    public void Build_TagSet_HoldsEndpointsOfAllHostsAndLabelsToo()
    {
        var wanted = DataplaneBuilder.Build(Input(
            [
                Endpoint("cali1", "10.0.0.1", "a"), Endpoint("cali2", "10.0.0.2", "a") with { Id = new("other", "libnetwork", "libnetwork", "x") },
                Endpoint("tap3", "10.0.0.3", "b") with { Id = new("other", "openstack", "vm", "x"),
                    Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "") },
            ],
            [Network("a")],
            []));

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3"], wanted.IPv4.IpSets.Single(s => s.Type == "hash:ip").Members);
        Assert.Equal("10.0.0.1/32", Assert.Single(wanted.IPv4.Routes).Destination.ToString());
        Assert.Equal(new Neighbour(Ip.Parse("10.0.0.1"), "ee:ee:ee:ee:ee:ee"), Assert.Single(Assert.Single(wanted.Links).Neighbours));
    }

    [Fact]
    public void Build_InactiveEndpointMissingProfileAndForeignInterface_DenyAndSayWhy()
    {
        var wanted = DataplaneBuilder.Build(Input(
            [Endpoint("cali1", "10.0.0.1", "gone"), Endpoint("cali2", "10.0.0.2", "gone") with { State = "inactive" },
                Endpoint("cali1\n-j ACCEPT", "10.0.0.3", "gone")], [], []));

        Assert.Equal(["10.0.0.1/32"], wanted.IPv4.Routes.Select(r => r.Destination.ToString()));
        Assert.Contains("-A cali-tw-cali2 -j DROP\n", Filter(wanted), StringComparison.Ordinal);
        Assert.Contains("-A cali-pri-gone -j DROP\n", Filter(wanted), StringComparison.Ordinal);
        Assert.Equal(2, wanted.Problems.Length);
        Assert.DoesNotContain("\n-j", Filter(wanted), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop", "tcp", 0, "", "'drop' is no action")]
    [InlineData("allow", "gre", 0, "", "'gre' is no protocol")]
    [InlineData("allow", "icmp", 80, "", "ports need protocol")]
    [InlineData("allow", "tcp", 70000, "", "a port is out of range")]
    [InlineData("allow", "tcp", 80, "a == b", "'a == b' is no selector")]
    public void Build_RuleThatFelixRefuses_MakesTheWholeProfileDeny(string action, string protocol, int port, string selector, string reason)
    {
        var rule = new Rule
        {
            Action = action,
            Protocol = new Protocol(protocol, 0),
            Destination = new RuleEntity { Ports = port > 0 ? [new PortRange(port, port)] : [], Selector = selector },
        };

        var wanted = DataplaneBuilder.Build(Input([Endpoint("cali1", "10.0.0.1", "p")],
            [new Profile { Name = "p", Ingress = [rule], Egress = [new Rule { Action = "allow" }] }], []));

        Assert.Contains(reason, Assert.Single(wanted.Problems), StringComparison.Ordinal);
        Assert.Contains("-A cali-pro-p -j DROP\n", Filter(wanted), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accept", "ACCEPT")]
    [InlineData("RETURN", "RETURN")]
    [InlineData("nonsense", "DROP")]
    public void Build_EndpointToHostAction_EndsTheChain(string configured, string target) =>
        Assert.Contains($"-A cali-wl-to-host -j {target}\n",
            DataplaneBuilder.Build(Input([], [], []) with { DefaultEndpointToHostAction = configured }).IPv4.Table("filter").Text, StringComparison.Ordinal);

    internal static DataplaneInput Input(ImmutableArray<WorkloadEndpoint> endpoints, ImmutableArray<Profile> profiles, ImmutableArray<IPPool> pools) =>
        new("vm", endpoints, profiles, [], pools, "RETURN");

    private static DataplaneInput Host(params ImmutableArray<Policy> policies) => Input([], [], []) with
    {
        HostEndpoints = [new HostEndpoint { Node = "vm", Name = "uplink", InterfaceName = "eth0" }],
        Policies = policies,
    };

    internal static WorkloadEndpoint Endpoint(string name, string ip, string profile) => new()
    {
        Id = new("vm", "libnetwork", "libnetwork", name + ip),
        InterfaceName = name,
        Mac = "ee:ee:ee:ee:ee:ee",
        ProfileIds = [profile],
        IPv4Nets = [new Cidr(Ip.Parse(ip), 32)],
    };

    internal static Profile Network(string name) => new()
    {
        Name = name,
        Tags = [name],
        Ingress = [new Rule { Action = "allow", Source = new RuleEntity { Tag = name } }],
        Egress = [new Rule { Action = "allow" }],
    };

    private static string Filter(DesiredDataplane dataplane) => dataplane.IPv4.Table("filter").Text;

    private static string[] Of(RuleTable table, string chain) =>
        [.. table.Text.Split('\n').Where(l => l.StartsWith($"-A {chain} ", StringComparison.Ordinal)).Select(l => l[(chain.Length + 4)..])];

    private static HashSet<string> Felix(string output, string table)
    {
        var start = output.IndexOf($"*{table}\n", StringComparison.Ordinal);
        return [.. output[start..output.IndexOf("COMMIT", start, StringComparison.Ordinal)].Split('\n').Select(Plain)];
    }

    // Comments and set names differ, and iptables-save spells a mark differently from how it is given.
    private static string Plain(string line) => System.Text.RegularExpressions.Regex.Replace(
        System.Text.RegularExpressions.Regex.Replace(line, "-m comment --comment (\"[^\"]*\"|\\S+) ", ""), @"cali4-s:\S+", "cali4-s:SET")
        .Replace("--set-xmark", "--set-mark", StringComparison.Ordinal);
}
