using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.Tests.NodeEmulation;

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
        Assert.All(wanted.Routes, r => Assert.Contains($"{r.Destination.Address} dev {r.Interface} scope link", output, StringComparison.Ordinal));
        var felix = Felix(output, "filter");
        foreach (var line in wanted.FilterTable.Split('\n').Where(l => l.StartsWith("-A cali-", StringComparison.Ordinal)))
        {
            Assert.Contains(Plain(line), felix);
        }

        // Of what Felix has more: host endpoints, failsafe ports, the raw table's mark.
        var ours = wanted.FilterTable.Split('\n').Select(Plain).ToHashSet();
        Assert.All(
            felix.Where(l => l.Contains("-wl-", StringComparison.Ordinal) || l.Contains("cali-fw-", StringComparison.Ordinal) || l.Contains("cali-tw-", StringComparison.Ordinal) || l.Contains("cali-pr", StringComparison.Ordinal)),
            l => Assert.Contains(l, ours));
        Assert.Equal(["192.0.2.2", "192.0.2.3"], wanted.IpSets.Single(s => s.Type == "hash:ip").Members);
        Assert.Contains(Plain(wanted.NatTable.Split('\n').Single(l => l.Contains("MASQUERADE", StringComparison.Ordinal))), Felix(output, "nat"));
    }

    [Fact]
    public void Build_TagSet_HoldsEndpointsOfAllHostsAndLabelsToo()
    {
        var wanted = DataplaneBuilder.Build(Input(
            [
                Endpoint("cali1", "10.0.0.1", "a"), Endpoint("cali2", "10.0.0.2", "a") with { Id = new("other", "libnetwork", "libnetwork", "x") },
                Endpoint("tap3", "10.0.0.3", "b") with { Id = new("other", "openstack", "vm", "x"), Labels = ImmutableSortedDictionary<string, string>.Empty.Add("a", "") },
            ],
            [Network("a")],
            []));

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3"], wanted.IpSets.Single(s => s.Type == "hash:ip").Members);
        Assert.Equal("10.0.0.1/32", Assert.Single(wanted.Routes).Destination.ToString());
        Assert.Equal(new Neighbour(Ip.Parse("10.0.0.1"), "ee:ee:ee:ee:ee:ee"), Assert.Single(Assert.Single(wanted.Links).Neighbours));
    }

    [Fact]
    public void Build_InactiveEndpointMissingProfileAndForeignInterface_DenyAndSayWhy()
    {
        var wanted = DataplaneBuilder.Build(Input(
            [Endpoint("cali1", "10.0.0.1", "gone"), Endpoint("cali2", "10.0.0.2", "gone") with { State = "inactive" }, Endpoint("cali1\n-j ACCEPT", "10.0.0.3", "gone")], [], []));

        Assert.Equal(["10.0.0.1/32"], wanted.Routes.Select(r => r.Destination.ToString()));
        Assert.Contains("-A cali-tw-cali2 -j DROP\n", wanted.FilterTable, StringComparison.Ordinal);
        Assert.Contains("-A cali-pri-gone -j DROP\n", wanted.FilterTable, StringComparison.Ordinal);
        Assert.Equal(2, wanted.Problems.Length);
        Assert.DoesNotContain("\n-j", wanted.FilterTable, StringComparison.Ordinal);
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

        var wanted = DataplaneBuilder.Build(Input([Endpoint("cali1", "10.0.0.1", "p")], [new Profile { Name = "p", Ingress = [rule], Egress = [new Rule { Action = "allow" }] }], []));

        Assert.Contains(reason, Assert.Single(wanted.Problems), StringComparison.Ordinal);
        Assert.Contains("-A cali-pro-p -j DROP\n", wanted.FilterTable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accept", "ACCEPT")]
    [InlineData("RETURN", "RETURN")]
    [InlineData("nonsense", "DROP")]
    public void Build_EndpointToHostAction_EndsTheChain(string configured, string target) =>
        Assert.Contains($"-A cali-wl-to-host -j {target}\n", DataplaneBuilder.Build(Input([], [], []) with { DefaultEndpointToHostAction = configured }).FilterTable, StringComparison.Ordinal);

    internal static DataplaneInput Input(ImmutableArray<WorkloadEndpoint> endpoints, ImmutableArray<Profile> profiles, ImmutableArray<IPPool> pools) =>
        new("vm", endpoints, profiles, pools, "RETURN");

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
