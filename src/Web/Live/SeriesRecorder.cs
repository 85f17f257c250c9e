using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Series;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>
/// Measures the cluster once in each finest span, from when etcd was first read. A lost etcd leaves a gap: what was last seen is no measurement. Thread-safe;
/// one for the process.
/// </summary>
internal sealed class SeriesRecorder(IClusterState state, ISeriesStore store, TimeProvider time, ILogger<SeriesRecorder> logger) : BackgroundService
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    /// <summary>How often it measures.</summary>
    public static TimeSpan Interval => SeriesResolution.All[0].Span;

    /// <summary>Raised when a measurement was kept, on a thread of its own.</summary>
    public event Action? Recorded;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await TryAsync(stoppingToken) ? Interval : Wait, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    // False while there is nothing to measure.
    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var snapshot = state.Current;
        if (!FeedNames.Named(snapshot, FeedNames.Etcd).Any(f => f.Status == FeedStatus.Live))
        {
            return false;
        }

        try
        {
            var left = await store.AddAsync(time.GetUtcNow(), PoolSamples.From(snapshot), cancellationToken);
            if (left > 0)
            {
                logger.LogWarning("{Count} objects are not measured over time: at most {Most} are, until some are gone for long enough", left,
                    store.MostSeries);
            }

            Recorded?.Invoke();
        }
        catch (ConsoleDatabaseException e)
        {
            logger.LogWarning("A measurement of the cluster was not kept, the next one is due in {Interval}: {Reason}", Interval, e.Message);
        }

        return true;
    }
}
