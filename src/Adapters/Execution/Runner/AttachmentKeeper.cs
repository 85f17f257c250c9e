using System.Threading.Channels;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Runner;

/// <summary>
/// Gives endpoints that came back the profiles that the console remembers for them, and takes those that it remembers to keep off, through the one door like
/// everybody else.
/// </summary>
/// <remarks>It acts only while the datastore is seen live, and leaves an attachment alone for a while after each attempt, so that it never fights with whoever
/// takes a profile away.</remarks>
/// <param name="state">What is there.</param>
/// <param name="runner">The one door.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of attempts that failed.</param>
public sealed class AttachmentKeeper(IClusterState state, IOperationRunner runner, TimeProvider time, ILogger<AttachmentKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan AfterSuccess = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, DateTimeOffset> _notBefore = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake(SnapshotChange change) => news.Writer.TryWrite(true);
        state.Changed += Wake;
        try
        {
            while (true)
            {
                var next = await LookAsync(stoppingToken).ConfigureAwait(false);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var timer = next is { } at ? Task.Delay(Positive(at - time.GetUtcNow()), time, limit.Token) : Task.Delay(Timeout.InfiniteTimeSpan, limit.Token);
                await Task.WhenAny(timer, news.Reader.WaitToReadAsync(limit.Token).AsTask()).ConfigureAwait(false);
                stoppingToken.ThrowIfCancellationRequested();
                await limit.CancelAsync().ConfigureAwait(false);
                news.Reader.TryRead(out _);
            }
        }
        finally
        {
            state.Changed -= Wake;
        }
    }

    /// <summary>Applies what is due; answers when to look again though nothing changed, null when nothing waits.</summary>
    private async Task<DateTimeOffset?> LookAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        var snapshot = state.Current;
        if (snapshot.Kept.IsEmpty || !Live(snapshot))
        {
            return null;
        }

        var due = Attachment.All(snapshot).Where(a => a.Lacking(snapshot).Any())
            .Select(a => (a.Name, Operation: (Operation)new AttachProfile(a.Profile, a.Target)))
            .Concat(Detachment.All(snapshot).Where(d => d.Having(snapshot).Any())
                .Select(d => (d.Name, Operation: (Operation)new DetachProfile(d.Profile, d.Target))));
        foreach (var (name, operation) in due)
        {
            var now = time.GetUtcNow();
            if (_notBefore.TryGetValue(name, out var at) && at > now)
            {
                next = next is null || at < next ? at : next;
                continue;
            }

            var result = await runner.RunAsync(
                operation, new OperationContext("console", "attachment", OperationPermissions.Change), null, cancellationToken).ConfigureAwait(false);
            var good = result.Outcome is OperationOutcome.Succeeded or OperationOutcome.NotYetSeen or OperationOutcome.Unchanged;
            _notBefore[name] = time.GetUtcNow() + (good ? AfterSuccess : AfterFailure);
            next = next is null || _notBefore[name] < next ? _notBefore[name] : next;
            if (!good)
            {
                logger.LogWarning("The remembered {Attachment} could not be applied: {Outcome}. {Message}", name, result.Outcome,
                    result.Message ?? string.Join("; ", result.Plan.Errors.Select(e => e.Reason)));
            }
        }

        return next;
    }

    private static bool Live(ClusterSnapshot snapshot) => snapshot.Feeds.Any(f => f is { Name: "etcd", Status: FeedStatus.Live });

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
