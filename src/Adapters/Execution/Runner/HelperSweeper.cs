using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Runner;

/// <summary>
/// Removes helper containers that a console or an engine which died has left behind, through the one door like everybody else: at the start, as soon as a host
/// is seen, and from time to time.
/// </summary>
/// <param name="state">What is there.</param>
/// <param name="runner">The one door.</param>
/// <param name="helpers">Tells which helpers are nobody's.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of attempts that failed.</param>
public sealed class HelperSweeper(IClusterState state, IOperationRunner runner, HelperContainers helpers, TimeProvider time, ILogger<HelperSweeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterAttempt = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await SweepAsync(stoppingToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>Looks once, and removes what is nobody's.</summary>
    internal async Task SweepAsync(CancellationToken cancellationToken)
    {
        var snapshot = state.Current;
        foreach (var host in snapshot.Hosts.Values.Where(h => snapshot.Feeds.Any(f => f.Name == $"docker/{h.Name}" && f.Status == FeedStatus.Live)))
        {
            var now = time.GetUtcNow();
            ImmutableArray<string> left = [.. host.Containers.Values.Where(c => HelperContainers.IsHelper(c) && helpers.IsOrphan(c, now)).Select(c => c.Id)];
            if (left.IsEmpty || (_notBefore.TryGetValue(host.Name, out var next) && next > now))
            {
                continue;
            }

            _notBefore[host.Name] = now + AfterAttempt;
            var result = await runner.RunAsync(
                new SweepHelpers(host.Name, left), new OperationContext("console", "startup", OperationPermissions.Change), null, cancellationToken)
                .ConfigureAwait(false);
            if (result.Outcome is not (OperationOutcome.Succeeded or OperationOutcome.NotYetSeen or OperationOutcome.Unchanged))
            {
                logger.LogWarning("Helpers that were left on {Host} could not be removed: {Outcome}. {Message}", host.Name, result.Outcome,
                    result.Message ?? string.Join("; ", result.Plan.Errors.Select(e => e.Reason)));
            }
        }
    }
}
