using System.Collections.Immutable;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Series;

namespace CalicoConsole.Web.Tests;

/// <summary>A series store that answers what the test measured; it notes what is added, and fails when it is told to.</summary>
internal sealed class MeasuredSeries : ISeriesStore
{
    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset At, ImmutableArray<SeriesSample> Samples)> _added = [];

    public int MostSeries => 1000;

    /// <summary>Why it cannot be used.</summary>
    public string? Failure { get; set; }

    /// <summary>What each series answers, whatever time is asked for.</summary>
    public ImmutableDictionary<SeriesKey, ImmutableArray<SeriesPoint>> Points { get; set; } = ImmutableDictionary<SeriesKey, ImmutableArray<SeriesPoint>>.Empty;

    /// <summary>What was added.</summary>
    public (DateTimeOffset At, ImmutableArray<SeriesSample> Samples)[] Added
    {
        get
        {
            lock (_gate)
            {
                return [.. _added];
            }
        }
    }

    public Task<int> AddAsync(DateTimeOffset at, ImmutableArray<SeriesSample> samples, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _added.Add((at, samples));
        }

        return Failure is null ? Task.FromResult(0) : throw new ConsoleDatabaseException(Failure, false);
    }

    public Task<ImmutableArray<SeriesPoint>> ReadAsync(SeriesKey key, DateTimeOffset since, CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult(Points.GetValueOrDefault(key, [])) : throw new ConsoleDatabaseException(Failure, false);

    public Task<ImmutableDictionary<string, ImmutableArray<SeriesPoint>>> ReadAllAsync(string metric, DateTimeOffset since,
        CancellationToken cancellationToken) =>
        Failure is null
            ? Task.FromResult(Points.Where(p => p.Key.Metric == metric).ToImmutableDictionary(p => p.Key.Subject, p => p.Value, StringComparer.Ordinal))
            : throw new ConsoleDatabaseException(Failure, false);
}
