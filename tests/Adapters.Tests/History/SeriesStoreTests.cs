using System.Globalization;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.History;
using CalicoConsole.Adapters.Tests.Audit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Series;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Adapters.Tests.History;

/// <summary>What every <see cref="ISeriesStore"/> keeps to, tried on the console's own database.</summary>
public sealed class SeriesStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly SeriesKey Pool = new(SeriesMetrics.PoolUsed, "192.0.2.0/24");
    private readonly FakeTimeProvider _time = new(Noon);
    private TestDatabase _database = null!;
    private SeriesStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync();
        _store = new SeriesStore(_database, _time);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Measurements_OfOneSpan_AreOnePoint_WithItsLeastMeanMostAndLast()
    {
        foreach (var (minute, value) in new[] { (0, 5.0), (1, 9), (3, 4), (5, 100) })
        {
            await AddAsync(Noon.AddMinutes(minute), (Pool, value));
        }

        var points = await _store.ReadAsync(Pool, Noon.AddMinutes(-1), Token);

        var span = TimeSpan.FromMinutes(5);
        Assert.Equal([new SeriesPoint(Noon, span, 4, 6, 9, 4), new(Noon + span, span, 100, 100, 100, 100)], points);
        Assert.Equal(new SeriesPoint(Noon, TimeSpan.FromHours(1), 4, 29.5, 100, 100), Assert.Single(await _store.ReadAsync(Pool, Noon.AddDays(-10), Token)));
    }

    [Fact]
    public async Task AStoreThatIsOpenedAgain_GoesOnInTheSameSpan()
    {
        await AddAsync(Noon, (Pool, 1));
        using (var again = new SeriesStore(_database, _time))
        {
            await again.AddAsync(Noon.AddMinutes(2), [new(Pool, 3)], Token);
        }

        Assert.Equal(new SeriesPoint(Noon, TimeSpan.FromMinutes(5), 1, 2, 3, 3), Assert.Single(await _store.ReadAsync(Pool, Noon, Token)));
    }

    [Fact]
    public async Task Since_LeavesOutWhatEndedBefore_AndOtherSeries()
    {
        var other = new SeriesKey(SeriesMetrics.PoolUsed, "198.51.100.0/24");
        await AddAsync(Noon.AddHours(-2), (Pool, 1), (other, 10));
        await AddAsync(Noon.AddMinutes(-8), (Pool, 2), (other, 20));

        Assert.Equal([2.0], (await _store.ReadAsync(Pool, Noon.AddMinutes(-8), Token)).Select(p => p.Last));
        var all = await _store.ReadAllAsync(SeriesMetrics.PoolUsed, Noon.AddHours(-3), Token);
        Assert.Equal(["192.0.2.0/24: 1, 2", "198.51.100.0/24: 10, 20"],
            all.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}: {string.Join(", ", s.Value.Select(p => p.Last))}"));
        Assert.Empty(await _store.ReadAllAsync("pool.other", Noon.AddHours(-3), Token));
        Assert.Empty(await _store.ReadAsync(new("pool.used", "203.0.113.0/24"), Noon.AddHours(-3), Token));
    }

    [Fact]
    public async Task Series_BeyondTheMost_AreLeftOut_UntilAnOlderOneIsForgotten()
    {
        using var small = new SeriesStore(_database, _time) { MostSeries = 2 };
        SeriesSample Of(int pool) => new(new(SeriesMetrics.PoolUsed, pool.ToString(CultureInfo.InvariantCulture)), pool);

        Assert.Equal(1, await small.AddAsync(Noon, [Of(1), Of(2), Of(3)], Token));
        Assert.Equal(0, await small.AddAsync(Noon, [Of(1), Of(2)], Token));
        Assert.Equal(["1", "2"], (await small.ReadAllAsync(SeriesMetrics.PoolUsed, Noon, Token)).Keys.Order(StringComparer.Ordinal));

        _time.SetUtcNow(Noon.AddDays(732));
        Assert.Equal(0, await small.AddAsync(_time.GetUtcNow(), [Of(3)], Token));
        Assert.Equal(["3"], (await small.ReadAllAsync(SeriesMetrics.PoolUsed, Noon, Token)).Keys);
    }

    [Fact]
    public async Task Points_AreForgottenAsTheirResolutionSays()
    {
        await AddAsync(Noon, (Pool, 7));

        foreach (var (hours, finest) in new[] { (23, 5), (25, 60), (13 * 24, 60), (15 * 24, 1440) })
        {
            _time.SetUtcNow(Noon.AddHours(hours));
            await AddAsync(_time.GetUtcNow(), (new SeriesKey("other", "x"), 0));

            Assert.Equal(finest, Assert.Single(await _store.ReadAsync(Pool, Noon, Token)).Span.TotalMinutes);
            await using var context = _database.CreateDbContext();
            Assert.Equal(finest * 60, context.SeriesPoints.Where(p => p.Last == 7).Min(p => p.Span));
        }
    }

    // The same kept in memory by the plainest means, for any measurements at any times, also when the clock is set back.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyMeasurements_AreReadAsTheyWereTaken(int seed)
    {
        var random = new Random(seed);
        var taken = new List<(DateTimeOffset At, SeriesKey Key, double Value)>();
        SeriesKey[] keys = [Pool, new(SeriesMetrics.PoolUsed, "a"), new("other", "a")];
        var at = Noon;
        for (var i = 0; i < 60; i++)
        {
            at += TimeSpan.FromSeconds(random.Next(-300, 1500));
            var samples = keys.Where(_ => random.Next(3) > 0).Select(k => (k, (double)random.Next(-50, 1000))).ToArray();
            await AddAsync(at, samples);
            taken.AddRange(samples.Select(s => (at, s.k, s.Item2)));
        }

        _time.SetUtcNow(at);
        foreach (var key in keys)
        {
            foreach (var back in new[] { TimeSpan.FromHours(2), TimeSpan.FromDays(2), TimeSpan.FromDays(20) })
            {
                var resolution = SeriesResolution.For(back);
                var since = resolution.StartOf(at - back);
                var expected = taken.Where(t => t.Key == key && resolution.StartOf(t.At) >= since).GroupBy(t => resolution.StartOf(t.At))
                    .OrderBy(g => g.Key).Select(g => new SeriesPoint(g.Key, resolution.Span, g.Min(t => t.Value), g.Average(t => t.Value), g.Max(t => t.Value),
                        g.Last().Value));

                Assert.Equal(expected.Select(Rounded), (await _store.ReadAsync(key, at - back, Token)).Select(Rounded));
            }
        }
    }

    [Fact]
    public async Task ADatabaseThatFails_IsNamedInTheError()
    {
        await _database.SqlAsync("DROP TABLE \"SeriesPoints\"");

        var failure = await Assert.ThrowsAsync<ConsoleDatabaseException>(() => AddAsync(Noon, (Pool, 1)));
        Assert.Contains("ConnectionStrings:Console", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ConsoleDatabaseException>(() => _store.ReadAsync(Pool, Noon, Token));
    }

    private static SeriesPoint Rounded(SeriesPoint point) => point with { Mean = Math.Round(point.Mean, 6) };

    private Task<int> AddAsync(DateTimeOffset at, params (SeriesKey Key, double Value)[] samples) =>
        _store.AddAsync(at, [.. samples.Select(s => new SeriesSample(s.Key, s.Value))], Token);
}
