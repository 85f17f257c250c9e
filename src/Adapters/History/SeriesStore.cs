using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Series;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.History;

/// <summary>Measurements in the console's own database. Safe for concurrent use; writers take turns.</summary>
/// <remarks>
/// Every measurement is added to the span that holds it at each resolution, so that nothing has to be worked out later and a console that stands still for
/// days leaves a gap and no false value. Failures of the database are <see cref="ConsoleDatabaseException"/>.
/// </remarks>
/// <param name="contexts">Makes contexts of a database that <see cref="ConsoleDatabase"/> has migrated.</param>
/// <param name="time">The clock.</param>
public sealed class SeriesStore(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider time) : ISeriesStore, IDisposable
{
    private readonly SemaphoreSlim _writer = new(1);

    /// <inheritdoc/>
    public int MostSeries { get; init; } = 1000;

    /// <inheritdoc/>
    public async Task<int> AddAsync(DateTimeOffset at, ImmutableArray<SeriesSample> samples, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await contexts.WithAsync(context => AddAsync(context, at, samples), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SeriesPoint>> ReadAsync(SeriesKey key, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return (await ReadAsync(key.Metric, key.Subject, since, cancellationToken).ConfigureAwait(false)).GetValueOrDefault(key.Subject, []);
    }

    /// <inheritdoc/>
    public Task<ImmutableDictionary<string, ImmutableArray<SeriesPoint>>> ReadAllAsync(string metric, DateTimeOffset since,
        CancellationToken cancellationToken) => ReadAsync(metric, null, since, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private Task<ImmutableDictionary<string, ImmutableArray<SeriesPoint>>> ReadAsync(string metric, string? subject, DateTimeOffset since,
        CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        {
            var resolution = SeriesResolution.For(time.GetUtcNow() - since);
            var (span, start) = ((int)resolution.Span.TotalSeconds, resolution.StartOf(since).ToUnixTimeSeconds());
            var rows = await context.Series.AsNoTracking().Where(s => s.Metric == metric && (subject == null || s.Subject == subject))
                .Join(context.SeriesPoints.Where(p => p.Span == span && p.Start >= start), s => s.Id, p => p.SeriesId, (s, p) => new { s.Subject, Point = p })
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            return rows.GroupBy(r => r.Subject, StringComparer.Ordinal).ToImmutableDictionary(g => g.Key,
                g => g.OrderBy(r => r.Point.Start).Select(r => Point(r.Point, resolution.Span)).ToImmutableArray(), StringComparer.Ordinal);
        }, cancellationToken);

    private static SeriesPoint Point(SeriesPointRow row, TimeSpan span) =>
        new(DateTimeOffset.FromUnixTimeSeconds(row.Start), span, row.Least, row.Sum / row.Count, row.Most, row.Last);

    private async Task<int> AddAsync(ConsoleDbContext context, DateTimeOffset at, ImmutableArray<SeriesSample> samples)
    {
        await ForgetAsync(context).ConfigureAwait(false);
        var known = await context.Series.ToDictionaryAsync(s => new SeriesKey(s.Metric, s.Subject)).ConfigureAwait(false);
        var taken = new List<(SeriesRow Row, double Value)>(samples.Length);
        foreach (var sample in samples)
        {
            if (!known.TryGetValue(sample.Key, out var row) && known.Count < MostSeries)
            {
                known[sample.Key] = row = new SeriesRow { Metric = sample.Key.Metric, Subject = sample.Key.Subject };
                context.Add(row);
            }

            if (row is not null)
            {
                taken.Add((row, sample.Value));
            }
        }

        var transaction = await context.Database.BeginTransactionAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // New series get their identities first.
            await context.SaveChangesAsync().ConfigureAwait(false);
            foreach (var resolution in SeriesResolution.All)
            {
                await AddAsync(context, (int)resolution.Span.TotalSeconds, resolution.StartOf(at).ToUnixTimeSeconds(), taken).ConfigureAwait(false);
            }

            await context.SaveChangesAsync().ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
        }

        return samples.Length - taken.Count;
    }

    private static async Task AddAsync(ConsoleDbContext context, int span, long start, List<(SeriesRow Row, double Value)> taken)
    {
        var open = await context.SeriesPoints.Where(p => p.Span == span && p.Start == start).ToDictionaryAsync(p => p.SeriesId).ConfigureAwait(false);
        foreach (var (row, value) in taken)
        {
            if (!open.TryGetValue(row.Id, out var point))
            {
                open[row.Id] = point = new SeriesPointRow { SeriesId = row.Id, Span = span, Start = start, Least = value, Most = value };
                context.Add(point);
            }

            point.Count++;
            point.Sum += value;
            (point.Least, point.Most, point.Last) = (Math.Min(point.Least, value), Math.Max(point.Most, value), value);
        }
    }

    private async Task ForgetAsync(ConsoleDbContext context)
    {
        var now = time.GetUtcNow();
        foreach (var resolution in SeriesResolution.All)
        {
            var (span, oldest) = ((int)resolution.Span.TotalSeconds, resolution.StartOf(now - resolution.Kept).ToUnixTimeSeconds());
            await context.SeriesPoints.Where(p => p.Span == span && p.Start < oldest).ExecuteDeleteAsync().ConfigureAwait(false);
        }

        await context.Series.Where(s => !context.SeriesPoints.Any(p => p.SeriesId == s.Id)).ExecuteDeleteAsync().ConfigureAwait(false);
    }
}
