using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Diagnostics;

/// <summary>What probes make of the words of real programs: recorded on the lab (busybox 1.35, iproute2 6.1, iptables 1.8.9).</summary>
public sealed class ProbeReadingTests
{
    [Fact]
    public void Inside_OfBusybox_IsRead()
    {
        var inside = new InsideProbe("cali0").Read(Output("""
            EE:EE:ee:ee:ee:ee
            1500
            Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
            eth1	00000000	010012AC	0003	0	0	100	00000000	0	0	0
            cali0	00000000	0101FEA9	0003	0	0	0	00000000	0	0	0
            cali0	0101FEA9	00000000	0005	0	0	0	FFFFFFFF	0	0	0
            IP address       HW type     Flags       HW address            Mask     Device
            169.254.1.1      0x1         0x2         5a:4b:bc:fc:4c:a5     *        cali0
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
             cali0:     238       3    0    0    0     0          0         0      338       4    0    0    0     0       0          0
            Ip: Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests
            Ip: 2 64 2 0 0 0 0 0 1 2
            TcpExt: SyncookiesSent IPReversePathFilter
            TcpExt: 0 7
            nameserver 127.0.0.11
            """)).Value!;
        Assert.Equal("ee:ee:ee:ee:ee:ee", inside.Mac);
        Assert.Equal(1500, inside.Mtu);
        Assert.Equal([new ContainerRoute("cali0", Ip.Parse("169.254.1.1"), 0), new ContainerRoute("eth1", Ip.Parse("172.18.0.1"), 100)], inside.DefaultRoutes);
        Assert.Equal("5a:4b:bc:fc:4c:a5", inside.GatewayMac);
        Assert.Equal(new InterfaceCount(3, 4), inside.Interfaces["cali0"]);
        Assert.Equal((2L, 1L, 7L), (inside.InReceives, inside.InDelivers, inside.ReversePathDrops));
        Assert.Equal(["127.0.0.11"], inside.NameServers);
    }

    [Fact]
    public void Inside_WithoutCat_IsUnknown()
    {
        var output = new ProbeOutput(
            ["OCI runtime exec failed: exec failed: unable to start container process: exec: \"cat\": executable file not found in $PATH: unknown"], [], 127);
        Assert.Contains("cat cannot be run", new InsideProbe("cali0").Read(output).Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Machine_OfTheLab_IsRead()
    {
        var machine = new MachineProbe("cali3df2f8a6814", Ip.Parse("192.0.2.101"), Ip.Parse("192.0.2.102")).Read(Output("""
            @@ links
            Inter-|   Receive                                                |  Transmit
              eth0:  545576    1080    0    0    0     0          0         0   227302    1315    0    0    0     0       0          0
            cali3df2f8a6814:     238       3    0    0    0     0          0         0      238       5    0    0    0     0       0          0
            @= 0
            @@ addresses
            1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
            2: eth0    inet 192.168.122.45/24 scope global eth0\       valid_lft forever preferred_lft forever
            @= 0
            @@ arp
            IP address       HW type     Flags       HW address            Mask     Device
            192.0.2.103      0x1         0x6         ee:ee:ee:ee:ee:ee     *        calicd2874a0de7
            192.0.2.101      0x1         0x6         EE:ee:ee:ee:ee:ee     *        cali3df2f8a6814
            @= 0
            @@ own
            192.0.2.101 dev cali3df2f8a6814  src 192.168.122.45 
            @= 0
            @@ peer
            RTNETLINK answers: Invalid argument
            @= 2
            @@ gateway
            169.254.1.1 via 192.168.122.1 dev eth0  src 192.168.122.45 
            @= 0
            @@ parameters
            /proc/sys/net/ipv4/ip_forward:1
            /proc/sys/net/ipv4/conf/cali3df2f8a6814/proxy_arp:1
            grep: /proc/sys/net/ipv4/neigh/x/proxy_delay: No such file or directory
            @= 2
            @@ processes
            CalicoConsole.L
            calico-felix
            @= 0
            @@ drops
            TcpExt: SyncookiesSent IPReversePathFilter
            TcpExt: 0 3
            @= 0
            """)).Value!;
        Assert.Equal(new InterfaceCount(3, 5), machine.Interfaces!["cali3df2f8a6814"]);
        Assert.True(machine.Has("cali3df2f8a6814"));
        Assert.Contains(("eth0", Cidr.Parse("192.168.122.45/24")), machine.Addresses.Select(a => (a.Interface, new Cidr(a.Address.Address,
            a.Address.PrefixLength))));
        Assert.Equal(new HostNeighbour("ee:ee:ee:ee:ee:ee", true), machine.Neighbour);
        Assert.Equal(("unicast", "cali3df2f8a6814"), (machine.OwnRoute!.Kind, machine.OwnRoute.Interface));
        Assert.Equal("blackhole", machine.PeerRoute!.Kind);
        Assert.False(machine.PeerRoute.GoesOn);
        Assert.Equal(Ip.Parse("192.168.122.1"), machine.GatewayRoute!.Via);
        Assert.Equal("1", machine.Parameter("ipv4/ip_forward"));
        Assert.Null(machine.Parameter("ipv4/neigh/x/proxy_delay"));
        Assert.Contains("calico-felix", machine.Processes!);
        Assert.Equal(3, machine.ReversePathDrops);
    }

    [Fact]
    public void Machine_WithoutTools_LeavesPartsUnknown()
    {
        var machine = new MachineProbe("cali1", Ip.Parse("192.0.2.1"), Ip.Parse("192.0.2.2")).Read(Output("""
            @@ addresses
            sh: ip: not found
            @= 127
            @@ own
            sh: ip: not found
            @= 127
            """)).Value!;
        Assert.True(machine.Addresses.IsDefault);
        Assert.Null(machine.OwnRoute);
        Assert.Null(machine.Has("cali1"));
    }

    [Fact]
    public void Rules_AreCountedFromOneMomentToTheNext()
    {
        static string Table(int dropped, int policy) => $"""
            *filter
            :INPUT ACCEPT [18:12671]
            :FORWARD DROP [{policy}:0]
            :cali-tw-cali1 - [0:0]
            [4:336] -A FORWARD -j cali-FORWARD
            [{dropped}:252] -A cali-tw-cali1 -m comment --comment "cali:abcdefgh" -m comment --comment "Drop if no profiles \"matched\"" -j DROP
            COMMIT
            """;
        var probe = new RulesProbe();
        var (before, after) = (probe.Read(Output(Table(2, 0))).Value!, probe.Read(Output(Table(5, 3))).Value!);
        var (rule, grown) = Assert.Single(after.DroppedSince(before, 3));
        Assert.Equal(("cali-tw-cali1", 3L, "Drop if no profiles \"matched\""), (rule.Chain, grown, rule.Comment));
        Assert.True(rule.IsFelix && rule.Drops);
        Assert.Empty(before.DroppedSince(after, 1));
        Assert.Equal(3, after.DefaultDropsSince(before, "FORWARD"));
        Assert.Equal(0, after.DefaultDropsSince(before, "INPUT"));
    }

    [Fact]
    public void Ping_CountsOrSaysWhy()
    {
        var probe = new PingProbe("192.0.2.1");
        Assert.Equal((3, 2), (probe.Read(Output("3 packets transmitted, 2 packets received, 33% packet loss")).Value!.Sent,
            probe.Read(Output("3 packets transmitted, 2 received, 33% packet loss")).Value!.Answered));
        Assert.False(probe.Read(new ProbeOutput([], ["ping: sendto: Network unreachable"], 1)).Value!.Reached);
        Assert.Contains("no count", probe.Read(new ProbeOutput([], ["ping: permission denied (are you root?)"], 1)).Missing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "", true, false)]
    [InlineData(1, "nc: 192.0.2.1 (192.0.2.1:80): Connection refused", true, true)]
    [InlineData(1, "nc: timed out", false, false)]
    public void Connect_ReadsHowItEnded(long exit, string words, bool reached, bool refused)
    {
        var answer = new ConnectProbe("192.0.2.1", 80).Read(new ProbeOutput([], [words], exit)).Value!;
        Assert.Equal((reached, refused), (answer.Reached, answer.Refused));
    }

    private static ProbeOutput Output(string text) => new([.. text.Split('\n')], [], 0);
}
