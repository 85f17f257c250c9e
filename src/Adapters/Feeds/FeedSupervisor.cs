using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>Runs the publisher and every feed, each on its own, for the life of the process.</summary>
/// <param name="state">The state they feed.</param>
/// <param name="feeds">The feeds.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where faults go.</param>
public sealed class FeedSupervisor(ClusterState state, IEnumerable<IFeed> feeds, TimeProvider time, ILogger<FeedSupervisor> logger) : BackgroundService
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([SuperviseAsync("publisher", state.RunAsync, stoppingToken), .. feeds.Select(f => SuperviseAsync(f.Name, f.RunAsync, stoppingToken))]);

    private async Task SuperviseAsync(string name, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => run(cancellationToken), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A bug in one feed: shown as stale with its reason, tried again, and the others go on.
                logger.LogError(e, "Feed {Feed} failed", name);
                await state.PostFeedAsync(name, FeedStatus.Stale, $"internal error: {e.Message}", cancellationToken);
            }

            try
            {
                await Task.Delay(PauseAfterFault, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
