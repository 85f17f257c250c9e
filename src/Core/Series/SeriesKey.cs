namespace CalicoConsole.Core.Series;

/// <summary>What is measured over time: a metric of a subject. Immutable.</summary>
/// <param name="Metric">One of <see cref="SeriesMetrics"/>.</param>
/// <param name="Subject">Of which object, as its page names it.</param>
public sealed record SeriesKey(string Metric, string Subject);

/// <summary>What is measured.</summary>
public static class SeriesMetrics
{
    /// <summary>Addresses of an ipPool that are taken; the subject is its CIDR.</summary>
    public const string PoolUsed = "pool.used";
}

/// <summary>One measurement.</summary>
/// <param name="Key">Of what.</param>
/// <param name="Value">The value, in the metric's unit.</param>
public readonly record struct SeriesSample(SeriesKey Key, double Value);

/// <summary>What was measured within a span of time.</summary>
/// <param name="Start">When the span began.</param>
/// <param name="Span">How long it is.</param>
/// <param name="Least">The least value.</param>
/// <param name="Mean">The mean of the values.</param>
/// <param name="Most">The greatest value.</param>
/// <param name="Last">The value that was measured last.</param>
public readonly record struct SeriesPoint(DateTimeOffset Start, TimeSpan Span, double Least, double Mean, double Most, double Last);
