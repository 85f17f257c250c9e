using System.Buffers.Binary;

namespace CalicoConsole.Core.Captures;

/// <summary>One packet of a capture file.</summary>
/// <param name="At">When it was seen, by the clock of the host.</param>
/// <param name="Length">How long it was; <paramref name="Bytes"/> may be shorter.</param>
/// <param name="Bytes">Its beginning.</param>
public readonly record struct PcapPacket(DateTimeOffset At, int Length, ReadOnlyMemory<byte> Bytes);

/// <summary>A capture file as tcpdump writes it (source: the pcap savefile format, both byte orders, micro- and nanoseconds). Pure.</summary>
/// <param name="LinkType">What frames are: 1 is Ethernet, 101 bare IP.</param>
/// <param name="Packets">Its packets, in the order of the file.</param>
public sealed record PcapFile(int LinkType, ImmutableArray<PcapPacket> Packets)
{
    /// <summary>Link type of Ethernet frames.</summary>
    public const int Ethernet = 1;

    /// <summary>Link type of IP packets without a frame, such as those of a tunnel.</summary>
    public const int BareIp = 101;

    /// <summary>Length of the head of a file.</summary>
    public const int HeadLength = 24;

    // Frames of more than this are none that a network has: the file is damaged there.
    private const uint LongestFrame = 256 * 1024;
    private const int RecordHead = 16;

    /// <summary>Why the file ends before its end; null when it was read whole. What stands before that is read.</summary>
    public string? Broken { get; private init; }

    /// <summary>Reads a file, or as much of one as is there. Never throws.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="mostPackets">What comes after so many packets is left out.</param>
    public static PcapFile Read(ReadOnlyMemory<byte> bytes, int mostPackets = int.MaxValue)
    {
        if (bytes.Length < HeadLength)
        {
            return new PcapFile(Ethernet, []) { Broken = bytes.IsEmpty ? "the file is empty" : "the file ends within its head" };
        }

        var head = bytes.Span;
        var (swapped, nano) = BinaryPrimitives.ReadUInt32LittleEndian(head) switch
        {
            0xA1B2C3D4 => (false, false),
            0xA1B23C4D => (false, true),
            0xD4C3B2A1 => (true, false),
            0x4D3CB2A1 => (true, true),
            _ => (false, (bool?)null),
        };
        if (nano is not { } nanoseconds)
        {
            return new PcapFile(Ethernet, []) { Broken = "this is no pcap file" };
        }

        var packets = ImmutableArray.CreateBuilder<PcapPacket>();
        string? broken = null;
        for (var at = HeadLength; at < bytes.Length && packets.Count < mostPackets;)
        {
            if (bytes.Length - at < RecordHead)
            {
                broken = "the file ends within the head of a packet";
                break;
            }

            var record = bytes.Span.Slice(at, RecordHead);
            var (captured, length) = (Number(record[8..], swapped), Number(record[12..], swapped));
            if (captured > LongestFrame || length > LongestFrame || captured > length)
            {
                broken = "a packet has a length that no packet has";
                break;
            }

            at += RecordHead;
            if (bytes.Length - at < captured)
            {
                broken = "the file ends within a packet";
                break;
            }

            var fraction = Number(record[4..], swapped);
            packets.Add(new PcapPacket(
                DateTimeOffset.UnixEpoch.AddSeconds(Number(record, swapped)).AddTicks(nanoseconds ? fraction / 100 : fraction * 10L), (int)length,
                bytes.Slice(at, (int)captured)));
            at += (int)captured;
        }

        return new PcapFile((int)(Number(head[20..], swapped) & 0xFFFF), packets.ToImmutable()) { Broken = broken };
    }

    /// <summary>How many bytes from the beginning are whole: the head and packets that are there to their end. 0 when it is no pcap file.</summary>
    public static int WholeLength(ReadOnlyMemory<byte> bytes)
    {
        var file = Read(bytes);
        return bytes.Length < HeadLength || (file.Packets.IsEmpty && file.Broken is "this is no pcap file") ? 0
            : HeadLength + file.Packets.Sum(p => RecordHead + p.Bytes.Length);
    }

    private static uint Number(ReadOnlySpan<byte> bytes, bool swapped) =>
        swapped ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
