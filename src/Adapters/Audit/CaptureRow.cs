namespace CalicoConsole.Adapters.Audit;

/// <summary>A row of a capture that was made.</summary>
public sealed class CaptureRow
{
    /// <summary>The capture's id; it sorts by time.</summary>
    public required Guid Id { get; set; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>The end at the beginning of the way.</summary>
    public required string From { get; set; }

    /// <summary>The end at its end.</summary>
    public required string To { get; set; }

    /// <summary>What was taken.</summary>
    public required string Filter { get; set; }

    /// <summary>Packets of all points.</summary>
    public required int Packets { get; set; }

    /// <summary>Bytes of all files.</summary>
    public required long Bytes { get; set; }

    /// <summary>The sentence that people read first.</summary>
    public required string Headline { get; set; }

    /// <summary>The whole report as JSON.</summary>
    public required string Document { get; set; }
}

/// <summary>What one point of a capture saw.</summary>
public sealed class CaptureFileRow
{
    /// <summary>The capture.</summary>
    public required Guid CaptureId { get; set; }

    /// <summary>The point, by its place in the capture.</summary>
    public required int Point { get; set; }

    /// <summary>The packets, as a pcap file.</summary>
    public required byte[] Pcap { get; set; }
}
