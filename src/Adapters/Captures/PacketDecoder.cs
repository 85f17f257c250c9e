using System.Globalization;
using System.Net;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Model;
using PacketDotNet;

namespace CalicoConsole.Adapters.Captures;

/// <summary>Tells what packets are, with PacketDotNet. Safe for concurrent use.</summary>
public sealed class PacketDecoder : IPacketDecoder
{
    /// <inheritdoc/>
    public PacketFacts? Decode(int linkType, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var packet = Packet.ParsePacket((LinkLayers)(linkType == PcapFile.BareIp ? (int)LinkLayers.Raw : linkType), bytes.ToArray());
            return packet is null ? null : Facts(packet);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The library throws a dozen kinds of exceptions at bytes that are no packet, or the beginning of one.
            return null;
        }
    }

    private static PacketFacts? Facts(Packet packet)
    {
        var frame = packet as EthernetPacket;
        var (source, destination) = frame is null ? ("", "") : (Mac(frame.SourceHardwareAddress), Mac(frame.DestinationHardwareAddress));
        var facts = packet.Extract<ArpPacket>() is { } arp ? Facts(arp, source)
            : Innermost(packet) is { } ip ? Facts(ip)
            : frame is null ? null
            : new PacketFacts
            {
                Protocol = Invariant($"0x{(int)frame.Type:x4}"),
                Identity = Convert.ToHexString(frame.Bytes.AsSpan(0, Math.Min(frame.Bytes.Length, 64))),
                Summary = $"{frame.Type}",
            };
        return facts is null ? null : facts with { SourceMac = source, DestinationMac = destination };
    }

    // Of a packet in a tunnel the one that the workloads sent.
    private static IPPacket? Innermost(Packet packet)
    {
        IPPacket? found = null;
        for (var at = packet; at is not null; at = at.HasPayloadPacket ? at.PayloadPacket : null)
        {
            found = at as IPPacket ?? found;
        }

        return found;
    }

    private static PacketFacts Facts(ArpPacket arp, string mac)
    {
        var (sender, target) = (Address(arp.SenderProtocolAddress), Address(arp.TargetProtocolAddress));
        return new PacketFacts
        {
            Protocol = "arp",
            Source = sender,
            Destination = target,
            Identity = Invariant($"arp {(int)arp.Operation} {sender} {target} {mac}"),
            Summary = arp.Operation == ArpOperation.Response ? $"{sender} is at {Mac(arp.SenderHardwareAddress)}" : $"who has {target}",
        };
    }

    private static PacketFacts Facts(IPPacket ip)
    {
        var (source, destination) = (Address(ip.SourceAddress), Address(ip.DestinationAddress));
        var id = ip is IPv4Packet v4 ? Invariant($"{v4.Id}.{v4.FragmentOffset}") : ip is IPv6Packet v6 ? Invariant($"{v6.FlowLabel}") : "";
        var (protocol, counted, summary) = ip.PayloadPacket switch
        {
            IcmpV4Packet icmp => Icmp(icmp),
            IcmpV6Packet icmp => ("icmp", Invariant($"{(int)icmp.Type} {icmp.Code} {icmp.Checksum}"), $"{icmp.Type}"),
            TcpPacket tcp => ("tcp", Invariant($"{tcp.SourcePort} {tcp.DestinationPort} {tcp.SequenceNumber} {tcp.AcknowledgmentNumber} {tcp.Flags}"),
                Invariant($"{tcp.SourcePort} to {tcp.DestinationPort}, {Flags(tcp)}, seq {tcp.SequenceNumber}")),
            UdpPacket udp => ("udp", Invariant($"{udp.SourcePort} {udp.DestinationPort} {udp.Length} {First(udp.PayloadData)}"),
                Invariant($"{udp.SourcePort} to {udp.DestinationPort}, {udp.Length} bytes")),
            _ => (Invariant($"ip {(int)ip.Protocol}"), First(ip.PayloadData), Invariant($"protocol {(int)ip.Protocol}")),
        };
        return new PacketFacts
        {
            Protocol = protocol,
            Source = source,
            Destination = destination,
            Ttl = ip.TimeToLive,
            Identity = $"{protocol} {source} {destination} {id} {counted}",
            Summary = summary,
        };
    }

    private static (string Protocol, string Counted, string Summary) Icmp(IcmpV4Packet icmp)
    {
        var name = icmp.TypeCode switch
        {
            IcmpV4TypeCode.EchoRequest => "echo request",
            IcmpV4TypeCode.EchoReply => "echo reply",
            var other => $"{other}",
        };
        return ("icmp", Invariant($"{(int)icmp.TypeCode} {icmp.Id} {icmp.Sequence}"), icmp.TypeCode is IcmpV4TypeCode.EchoRequest or IcmpV4TypeCode.EchoReply
            ? Invariant($"{name}, id {icmp.Id}, seq {icmp.Sequence}") : name);
    }

    private static string Flags(TcpPacket tcp) => string.Join(' ', new[]
    {
        (tcp.Synchronize, "SYN"), (tcp.Finished, "FIN"), (tcp.Reset, "RST"), (tcp.Push, "PSH"), (tcp.Acknowledgment, "ACK"),
    }.Where(f => f.Item1).Select(f => f.Item2));

    // What a packet carries tells packets without a number apart.
    private static string First(byte[]? bytes) => bytes is null ? "" : Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 16)));

    private static string Mac(System.Net.NetworkInformation.PhysicalAddress address) =>
        string.Join(':', address.GetAddressBytes().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    private static Ip? Address(IPAddress address) => Ip.TryParse(address.ToString(), out var ip) ? ip : null;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
