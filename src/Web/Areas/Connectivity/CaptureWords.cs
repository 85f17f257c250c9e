using CalicoConsole.Core.Captures;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>Words and states of captured packets.</summary>
internal static class CaptureWords
{
    /// <summary>What became of a packet, for a chip.</summary>
    public static (ChipState State, string Words) State(PacketFate fate) => fate switch
    {
        PacketFate.Arrived => (ChipState.Healthy, "Arrived"),
        PacketFate.WrongMac => (ChipState.Broken, "Wrong MAC"),
        PacketFate.Lost => (ChipState.Broken, "Lost"),
        PacketFate.Unknown => (ChipState.Attention, "Cannot be said"),
        _ => (ChipState.Unknown, "Seen"),
    };

    /// <summary>How the capture at a point ended.</summary>
    public static string End(CapturedPoint point) => point.End switch
    {
        CaptureEnd.Packets => "ended at its number of packets",
        CaptureEnd.Bytes => "ended at its share of the MiB",
        CaptureEnd.Failed => point.Detail ?? "failed",
        _ => point.Detail ?? (point.Missed is > 0 ? $"{point.Missed} packets were missed" : "listened all the time"),
    };
}
