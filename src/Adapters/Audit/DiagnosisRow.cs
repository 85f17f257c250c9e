namespace CalicoConsole.Adapters.Audit;

/// <summary>A row of a diagnosis that was made.</summary>
public sealed class DiagnosisRow
{
    /// <summary>The report's id; it sorts by time.</summary>
    public required Guid Id { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>The end that asked.</summary>
    public required string From { get; set; }

    /// <summary>The end that was asked.</summary>
    public required string To { get; set; }

    /// <summary>What was sent.</summary>
    public required string Traffic { get; set; }

    /// <summary>How it ended.</summary>
    public required string Outcome { get; set; }

    /// <summary>The sentence that people read first.</summary>
    public required string Headline { get; set; }

    /// <summary>The whole report as JSON.</summary>
    public required string Document { get; set; }
}
