using CalicoConsole.Core.Series;

namespace CalicoConsole.Core.Ports;

/// <summary>Keeps measurements for as long as <see cref="SeriesResolution.All"/> says. Safe for concurrent use.</summary>
/// <remarks>A store that cannot be used throws as <see cref="IAuditLog"/> does: both are the console's own database.</remarks>
public interface ISeriesStore
{
    /// <summary>How many series are kept at most; further ones are left out until older ones have ended.</summary>
    int MostSeries { get; }

    /// <summary>Adds measurements to the spans that hold their time, and forgets what has been kept long enough.</summary>
    /// <param name="at">When they were taken.</param>
    /// <param name="samples">The measurements, at most one of each series.</param>
    /// <param name="cancellationToken">Ends the waiting; what was begun is carried through.</param>
    /// <returns>How many were left out because there are <see cref="MostSeries"/> already.</returns>
    Task<int> AddAsync(DateTimeOffset at, ImmutableArray<SeriesSample> samples, CancellationToken cancellationToken);

    /// <summary>
    /// The points of a series since a time, oldest first, at the finest resolution that reaches back as far. Spans without a measurement are absent.
    /// </summary>
    /// <param name="key">The series; an unknown one has no points.</param>
    /// <param name="since">Since when; the span that holds it is included.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<ImmutableArray<SeriesPoint>> ReadAsync(SeriesKey key, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The same for every subject of a metric, by subject.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="since">Since when; the span that holds it is included.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<ImmutableDictionary<string, ImmutableArray<SeriesPoint>>> ReadAllAsync(string metric, DateTimeOffset since, CancellationToken cancellationToken);
}
