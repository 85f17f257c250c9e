using System.Buffers.Binary;

namespace CalicoConsole.Core.Tests.Captures;

/// <summary>Writes capture files.</summary>
internal static class Pcap
{
    public static byte[] Write(IEnumerable<(DateTimeOffset At, byte[] Bytes)> packets, bool swapped = false, bool nano = false)
    {
        var file = new List<byte>();
        void Number(uint value)
        {
            Span<byte> four = stackalloc byte[4];
            if (swapped)
            {
                BinaryPrimitives.WriteUInt32BigEndian(four, value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(four, value);
            }

            file.AddRange(four.ToArray());
        }

        Number(nano ? 0xA1B23C4D : 0xA1B2C3D4);
        Number(swapped ? 0x00020004u : 0x00040002u);
        Number(0);
        Number(0);
        Number(256);
        Number(1);
        foreach (var (at, bytes) in packets)
        {
            Number((uint)at.ToUnixTimeSeconds());
            var ticks = at.Ticks % TimeSpan.TicksPerSecond;
            Number((uint)(nano ? ticks * 100 : ticks / 10));
            Number((uint)bytes.Length);
            Number((uint)bytes.Length);
            file.AddRange(bytes);
        }

        return [.. file];
    }
}
