using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Captures;

/// <summary>What a packet is, as far as its beginning tells.</summary>
public sealed record PacketFacts
{
    /// <summary>MAC that sent the frame, six pairs in lower case; empty where frames have none.</summary>
    public string SourceMac { get; init; } = "";

    /// <summary>MAC that the frame is for.</summary>
    public string DestinationMac { get; init; } = "";

    /// <summary><c>icmp</c>, <c>tcp</c>, <c>udp</c>, <c>arp</c>, or a number.</summary>
    public required string Protocol { get; init; }

    /// <summary>Who sent it: the source address, or who asks or answers in ARP.</summary>
    public Ip? Source { get; init; }

    /// <summary>Whom it is for: the destination, or the address that ARP is about.</summary>
    public Ip? Destination { get; init; }

    /// <summary>Hops left; null where there are none.</summary>
    public int? Ttl { get; init; }

    /// <summary>
    /// What stays the same on its whole way, and differs from other packets: addresses, protocol, IP's id, and what ICMP, TCP or UDP count with. Not the MACs,
    /// the hops left and checksums.
    /// </summary>
    public required string Identity { get; init; }

    /// <summary>What it says, such as <c>echo reply, id 7, seq 3</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>Whether it is a frame for one receiver, so that its MAC must be the receiver's.</summary>
    public bool IsForOne => DestinationMac.Length == 17 && (Convert.ToByte(DestinationMac[..2], 16) & 1) == 0;
}

/// <summary>Tells what packets are. Safe for concurrent use.</summary>
public interface IPacketDecoder
{
    /// <summary>What a packet is; null when its bytes are none that are understood. Never throws.</summary>
    PacketFacts? Decode(int linkType, ReadOnlyMemory<byte> bytes);
}
