using System.Net;
using System.Net.NetworkInformation;
using CalicoConsole.Adapters.Captures;
using CalicoConsole.Core.Captures;
using PacketDotNet;

namespace CalicoConsole.Adapters.Tests.Captures;

public sealed class PacketDecoderTests
{
    private static readonly PhysicalAddress A = PhysicalAddress.Parse("EEEEEEEEEEEE");
    private static readonly PhysicalAddress B = PhysicalAddress.Parse("862400CED25D");
    private readonly PacketDecoder _decoder = new();

    [Fact]
    public void Tcp_IsToldByItsFields()
    {
        var facts = _decoder.Decode(PcapFile.Ethernet, Frame(Ip(new TcpPacket(40000, 5432) { Synchronize = true, SequenceNumber = 7 }, ttl: 63)))!;
        Assert.Equal(("ee:ee:ee:ee:ee:ee", "86:24:00:ce:d2:5d", "tcp", 63), (facts.SourceMac, facts.DestinationMac, facts.Protocol, facts.Ttl));
        Assert.Equal((Core.Model.Ip.Parse("192.0.2.2"), Core.Model.Ip.Parse("192.0.2.3")), (facts.Source!.Value, facts.Destination!.Value));
        Assert.Equal("40000 to 5432, SYN, seq 7", facts.Summary);
        Assert.True(facts.IsForOne);
    }

    [Fact]
    public void Identity_IsTheSameAfterAHop_AndDiffersBetweenPackets()
    {
        string Identity(ushort id, int ttl, uint seq) =>
            _decoder.Decode(PcapFile.Ethernet, Frame(Ip(new TcpPacket(1, 2) { SequenceNumber = seq }, ttl, id)))!.Identity;
        Assert.Equal(Identity(1, 64, 7), Identity(1, 63, 7));
        Assert.NotEqual(Identity(1, 64, 7), Identity(2, 64, 7));
        Assert.NotEqual(Identity(1, 64, 7), Identity(1, 64, 8));
    }

    [Fact]
    public void Echo_IsToldWithItsNumbers_FromARecordedFrame()
    {
        // echo request, id 0x002a, sequence 3, of 192.0.2.2 to 192.0.2.3
        var frame = Convert.FromHexString("862400ced25deeeeeeeeeeee08004500001c12340000400100000a0000010a0000020800f7d2002a0003"
            .Replace("0a0000010a000002", "c0000202c0000203", StringComparison.Ordinal));
        var facts = _decoder.Decode(PcapFile.Ethernet, frame)!;
        Assert.Equal(("icmp", "echo request, id 42, seq 3"), (facts.Protocol, facts.Summary));
        // The same without a frame, as a tunnel's interface shows it.
        Assert.Equal(facts.Identity, _decoder.Decode(PcapFile.BareIp, frame.AsMemory(14))!.Identity);
    }

    [Fact]
    public void Arp_IsToldByWhoAsksForWhom()
    {
        var arp = new ArpPacket(ArpOperation.Request, PhysicalAddress.Parse("000000000000"), IPAddress.Parse("169.254.1.1"), A, IPAddress.Parse("192.0.2.2"));
        var frame = new EthernetPacket(A, PhysicalAddress.Parse("FFFFFFFFFFFF"), EthernetType.Arp) { PayloadPacket = arp };
        var facts = _decoder.Decode(PcapFile.Ethernet, frame.Bytes)!;
        Assert.Equal(("arp", "who has 169.254.1.1"), (facts.Protocol, facts.Summary));
        Assert.False(facts.IsForOne);
    }

    [Fact]
    public void Garbage_IsNothing_AndNeverThrows()
    {
        Assert.Null(_decoder.Decode(PcapFile.Ethernet, new byte[3]));
        var good = Frame(Ip(new UdpPacket(53, 53), 64));
        var random = new Random(20261201);
        for (var i = 0; i < 5000; i++)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            byte[] bytes = [.. good.Take(random.Next(good.Length)), .. noise];
            _ = _decoder.Decode(PcapFile.Ethernet, bytes);
            _ = _decoder.Decode(PcapFile.BareIp, bytes);
        }
    }

    private static byte[] Frame(Packet payload) => new EthernetPacket(A, B, EthernetType.IPv4) { PayloadPacket = payload }.Bytes;

    private static IPv4Packet Ip(Packet payload, int ttl, ushort id = 1) =>
        new(IPAddress.Parse("192.0.2.2"), IPAddress.Parse("192.0.2.3")) { TimeToLive = ttl, Id = id, PayloadPacket = payload };
}
