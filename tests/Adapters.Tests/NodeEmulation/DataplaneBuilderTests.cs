using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.Adapters.Tests.NodeEmulation;

public sealed class DataplaneBuilderTests
{
    private static readonly Rule Allow = new() { Action = "allow" };

    [Fact]
    public void Build_LocalEndpoint_HasRouteNeighbourAndChains()
    {
        var plane = DataplaneBuilder.Build(Input([Endpoint("docker01", "a", "192.0.2.2", "net1"), Endpoint("docker02", "b", "192.0.2.70", "net1")], [Net1()]));

        Assert.Equal([new EndpointRoute(Cidr.Parse("192.0.2.2/32"), "calia")], plane.Routes);
        var link = Assert.Single(plane.Links);
        Assert.Equal([new Neighbour(Ip.Parse("192.0.2.2"), "ee:ee:ee:ee:ee:ee")], link.Neighbours);
        // The set of a tag holds the endpoints of all hosts.
        Assert.Equal(["192.0.2.2", "192.0.2.70"], Assert.Single(plane.IpSets, s => s.Type == "hash:ip").Members);
        Assert.Contains("-A cali-tw-calia -j cali-pri-net1\n", plane.FilterTable, StringComparison.Ordinal);
        Assert.EndsWith("COMMIT\n", plane.FilterTable, StringComparison.Ordinal);
        Assert.Contains(":cali-pro-net1 - [0:0]\n", plane.FilterTable, StringComparison.Ordinal);
        Assert.Empty(plane.Problems);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("norules")]
    [InlineData("broken")]
    public void Build_UnusableProfile_DropsAndSaysSo(string profile)
    {
        var plane = DataplaneBuilder.Build(Input(
            [Endpoint("docker01", "a", "192.0.2.2", profile, "net1")],
            [
                Net1(),
                new Profile { Name = "norules", HasRules = false },
                new Profile { Name = "broken", Ingress = [Allow with { Destination = new RuleEntity { Ports = [new PortRange(80, 80)] } }] },
            ]));

        Assert.Contains(profile, Assert.Single(plane.Problems), StringComparison.Ordinal);
        var chain = plane.FilterTable.Split('\n').Where(l => l.StartsWith("-A cali-tw-calia ", StringComparison.Ordinal)).ToArray();
        Assert.Equal("-A cali-tw-calia -j DROP", chain[^1]);
        Assert.DoesNotContain(chain, l => l.Contains("cali-pri-", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_Criteria_BecomeMatches()
    {
        var rule = Allow with
        {
            Protocol = new Protocol("tcp", 0),
            Source = new RuleEntity { Nets = [Cidr.Parse("10.1.2.3/16")], NotTag = "other" },
            Destination = new RuleEntity { Ports = [new PortRange(80, 80), new PortRange(8000, 8080)], NotPorts = [new PortRange(8001, 8001)] },
        };
        var lines = Ingress(rule);

        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^-A cali-pri-p -p tcp -s 10\.1\.0\.0/16 -m set ! --match-set cali4-t:[0-9a-f]{20} src -m multiport ! --dports 8001 -m multiport --dports 80,8000:8080 -j MARK", lines[0]);
        Assert.EndsWith("-j RETURN", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Build_RuleOfOtherFamilyOnly_IsLeftOut()
    {
        Assert.Empty(Ingress(Allow with { IPVersion = 6 }));
        Assert.Empty(Ingress(Allow with { Source = new RuleEntity { Nets = [Cidr.Parse("fd00::/8")] } }));
        Assert.Empty(Ingress(Allow with { Source = new RuleEntity { NotNets = [Cidr.Parse("0.0.0.0/0")] } }));
        Assert.Equal(2, Ingress(Allow with { Source = new RuleEntity { Nets = [Cidr.Parse("0.0.0.0/0")] } }).Length);
    }

    [Fact]
    public void Build_MoreThanFifteenPorts_SplitsTheMatch()
    {
        var ports = Enumerable.Range(1000, 20).Select(p => new PortRange(p, p)).ToImmutableArray();

        var lines = Ingress(new Rule { Action = "deny", Protocol = new Protocol("udp", 0), Destination = new RuleEntity { Ports = ports } });

        Assert.Equal(2, lines.Length);
        Assert.All(lines, l => Assert.EndsWith("-j DROP", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_NatOutgoing_MasqueradesToOutsideEveryPool()
    {
        var plane = DataplaneBuilder.Build(Input([], []) with
        {
            Pools = [new IPPool { Cidr = Cidr.Parse("192.0.2.0/24"), NatOutgoing = true }, new IPPool { Cidr = Cidr.Parse("10.0.0.0/8"), Disabled = true }],
        });

        Assert.Equal(["10.0.0.0/8", "192.0.2.0/24"], plane.IpSets.Single(s => s.Name == "cali4-all-ipam-pools").Members);
        Assert.Equal(["192.0.2.0/24"], plane.IpSets.Single(s => s.Name == "cali4-masq-ipam-pools").Members);
        Assert.Contains("MASQUERADE", plane.NatTable, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_LongProfileName_FitsIptables()
    {
        var name = new string('n', 100) + "/with/slashes";
        var plane = DataplaneBuilder.Build(Input([Endpoint("docker01", "a", "192.0.2.2", name)], [new Profile { Name = name }]));

        Assert.All(plane.FilterChains, c => Assert.True(c.Length <= 28, c));
        Assert.All(plane.IpSets, s => Assert.True(s.Name.Length <= 31, s.Name));
    }

    private static string[] Ingress(Rule rule) => DataplaneBuilder
        .Build(Input([Endpoint("docker01", "a", "192.0.2.2", "p")], [new Profile { Name = "p", Ingress = [rule] }]))
        .FilterTable.Split('\n').Where(l => l.StartsWith("-A cali-pri-p", StringComparison.Ordinal)).ToArray();

    private static Profile Net1() => new()
    {
        Name = "net1",
        Tags = ["net1"],
        Ingress = [Allow with { Source = new RuleEntity { Tag = "net1" } }],
        Egress = [Allow],
    };

    private static WorkloadEndpoint Endpoint(string node, string name, string ip, params string[] profiles) => new()
    {
        Id = new WorkloadEndpointId(node, "libnetwork", "libnetwork", name),
        InterfaceName = "cali" + name,
        Mac = "ee:ee:ee:ee:ee:ee",
        ProfileIds = [.. profiles],
        IPv4Nets = [Cidr.Parse(ip + "/32")],
    };

    private static DataplaneInput Input(ImmutableArray<WorkloadEndpoint> endpoints, ImmutableArray<Profile> profiles) =>
        new("docker01", endpoints, profiles, [], "RETURN");
}
