namespace CalicoConsole.Core.Captures;

/// <summary>Packets of files as the time line wants them.</summary>
public static class PcapTracks
{
    /// <summary>The packets of one point, decoded.</summary>
    public static CaptureTrack Track(CapturedPoint point, PcapFile file, IPacketDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(decoder);
        return new CaptureTrack(point, [.. file.Packets.Select(p => new TrackedPacket(p.At, p.Length, decoder.Decode(file.LinkType, p.Bytes)))]);
    }

    /// <summary>The time line of a kept capture.</summary>
    /// <param name="report">The capture.</param>
    /// <param name="files">What its points saw.</param>
    /// <param name="decoder">Tells what packets are.</param>
    public static CaptureTimeline Timeline(CaptureReport report, ImmutableArray<ReadOnlyMemory<byte>> files, IPacketDecoder decoder)
    {
        ArgumentNullException.ThrowIfNull(report);
        return CaptureTimeline.Build([.. report.Points.Zip(files, (p, f) => Track(p, PcapFile.Read(f, CaptureLimits.MostPackets), decoder))],
            report.FromAddress, report.ToAddress);
    }
}
