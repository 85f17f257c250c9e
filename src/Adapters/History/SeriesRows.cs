namespace CalicoConsole.Adapters.History;

/// <summary>A row of a series.</summary>
public sealed class SeriesRow
{
    /// <summary>Its identity in the rows of its points.</summary>
    public int Id { get; set; }

    /// <summary>What is measured.</summary>
    public required string Metric { get; set; }

    /// <summary>Of which object.</summary>
    public required string Subject { get; set; }
}

/// <summary>A row of what was measured within a span.</summary>
public sealed class SeriesPointRow
{
    /// <summary>The series.</summary>
    public int SeriesId { get; set; }

    /// <summary>The length of the span in seconds.</summary>
    public int Span { get; set; }

    /// <summary>When it began, in seconds since the beginning of 1970 in UTC.</summary>
    public long Start { get; set; }

    /// <summary>How many measurements there were.</summary>
    public int Count { get; set; }

    /// <summary>Their sum.</summary>
    public double Sum { get; set; }

    /// <summary>The least of them.</summary>
    public double Least { get; set; }

    /// <summary>The greatest of them.</summary>
    public double Most { get; set; }

    /// <summary>The last of them.</summary>
    public double Last { get; set; }
}
