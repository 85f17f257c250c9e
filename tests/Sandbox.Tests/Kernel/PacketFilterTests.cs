using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Dataplane;
using CalicoConsole.Sandbox.Kernel;

namespace CalicoConsole.Sandbox.Tests.Kernel;

/// <summary>The simulated kernel: what meets a rule, what iptables-save shows, what is counted and when counts begin anew.</summary>
public sealed class PacketFilterTests
{
    private static readonly Ip Host = Ip.Parse("192.168.122.45");

    [Theory]
    [InlineData("-p 6 -m multiport --destination-ports 80,8000:8010 -j MARK --set-mark 0x1000000/0x1000000",
        "-p tcp -m multiport --dports 80,8000:8010 -j MARK --set-xmark 0x1000000/0x1000000")]
    [InlineData("-p icmp -m icmp ! --icmp-type 8/0 ! -s 192.0.2.0/24 -j DROP", "! -s 192.0.2.0/24 -p icmp -m icmp ! --icmp-type 8/0 -j DROP")]
    [InlineData("-m mark --mark 0x0/0x2000000 -j cali-pi-a", "-m mark --mark 0x0/0x2000000 -j cali-pi-a")]
    [InlineData("-j LOG --log-prefix \"calico-packet: \" --log-level 5", "-j LOG --log-prefix \"calico-packet: \" --log-level 5")]
    public void Saved_AsIptablesShowsIt(string written, string shown) => Assert.Equal(shown, FilterRule.Parse(written).Text);

    [Theory]
    [InlineData("-m limit --limit 5 -j DROP")]
    [InlineData("-m mark --mark")]
    [InlineData("-m mark --mark 0x1 -j DROP")]
    public void WordsThatAreNotKnown_AreRefused(string written) => Assert.Throws<FormatException>(() => FilterRule.Parse(written));

    [Fact]
    public void Rules_CountWhatMetThem_AndAChangedChainBeginsAnew()
    {
        var filter = new PacketFilter();
        var web = new Profile
        {
            Name = "web",
            HasRules = true,
            Ingress = [Tcp("deny", 22), Tcp("allow", 80)],
            Egress = [new Rule { Action = "allow" }],
        };
        filter.Program(Wanted(web));
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(filter.Send(Packet(80), Host));
        }

        Assert.Null(filter.Send(Packet(22), Host));
        Assert.Null(filter.Send(Packet(443), Host));
        Assert.NotNull(filter.Send(Packet(443) with { IsEstablished = true }, Host));
        Assert.Equal([1, 3], Hits(filter, web));
        Assert.Contains(
            filter.Save("filter"), l => l.StartsWith("[1:60] -A cali-tw-calia ", StringComparison.Ordinal) && l.EndsWith("-j DROP", StringComparison.Ordinal));
        Assert.Contains(filter.Save(null), l => l.StartsWith("[1:60] -A cali-tw-calia -m conntrack", StringComparison.Ordinal));

        // Written again as it is, it keeps its counts; the other chains do too when one changes.
        filter.Program(Wanted(web));
        Assert.Equal([1, 3], Hits(filter, web));
        var changed = web with { Ingress = [Tcp("allow", 80)] };
        filter.Program(Wanted(changed));
        Assert.Equal([0], Hits(filter, changed));
        Assert.Contains(filter.Save("filter"), l => l.StartsWith("[1:60] -A cali-tw-calia -m conntrack", StringComparison.Ordinal));
    }

    private static Rule Tcp(string action, int port) => new()
    {
        Action = action,
        Protocol = new Protocol("tcp", 0),
        Destination = new RuleEntity { Ports = [new PortRange(port, port)] },
    };

    private static FilterPacket Packet(int port) => new(Ip.Parse("192.0.2.9"), Ip.Parse("192.0.2.1"), 6, 60)
    {
        In = "eth0",
        Out = "calia",
        DestinationPort = port,
    };

    private static long?[] Hits(PacketFilter filter, Profile profile)
    {
        var found = RuleMap.Map(ChainCounts.Parse(filter.Save(null))!, "filter", new RuleListKey(false, profile.Name, false), profile.Ingress);
        Assert.Equal("", found.Missing);
        return [.. found.Rules.Select(r => r?.Packets)];
    }

    private static FamilyDataplane Wanted(Profile profile) => DataplaneBuilder.Build(new DataplaneInput(
        "docker01",
        [
            new WorkloadEndpoint
            {
                Id = new WorkloadEndpointId("docker01", "libnetwork", "libnetwork", "a"), InterfaceName = "calia", State = "active",
                ProfileIds = [profile.Name], IPv4Nets = [Cidr.Parse("192.0.2.1/32")],
            },
        ],
        [profile], [], [], "DROP")).IPv4;
}
