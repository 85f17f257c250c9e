using System.Threading.Channels;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Holds the current snapshot. Feeds post what they learned; one publisher folds it in and publishes at most every
/// <see cref="BatchWindow"/>, at once when nothing was published for that long.
/// </summary>
/// <remarks>Thread-safe. <see cref="RunAsync"/> must be running for anything to be published.</remarks>
public sealed class ClusterState : IClusterState
{
    private readonly Channel<Func<ClusterSnapshot, SnapshotEdit>> _posted = Channel.CreateBounded<Func<ClusterSnapshot, SnapshotEdit>>(
        new BoundedChannelOptions(4096) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly TimeProvider _time;
    private readonly ILogger<ClusterState> _logger;
    private ClusterSnapshot _current = new();

    /// <summary>Creates an empty state.</summary>
    public ClusterState(TimeProvider time, ILogger<ClusterState> logger)
    {
        _time = time;
        _logger = logger;
    }

    /// <summary>The longest time that a change waits for others before it is published.</summary>
    public static TimeSpan BatchWindow { get; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public event Action<SnapshotChange>? Changed;

    /// <inheritdoc/>
    public ClusterSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Posts an edit, run by the publisher in the order of posting. Waits when the publisher is behind.</summary>
    public ValueTask PostAsync(Func<ClusterSnapshot, SnapshotEdit> edit, CancellationToken cancellationToken) =>
        _posted.Writer.WriteAsync(edit, cancellationToken);

    /// <summary>Posts a feed's state. The time since is kept when the status did not change.</summary>
    public ValueTask PostFeedAsync(string name, FeedStatus status, string? detail, CancellationToken cancellationToken) =>
        PostFeedAsync(name, status, detail, SnapshotEdit.From, cancellationToken);

    /// <summary>Posts a feed's state together with what it learned, so that nobody sees one without the other.</summary>
    public ValueTask PostFeedAsync(string name, FeedStatus status, string? detail, Func<ClusterSnapshot, SnapshotEdit> edit,
        CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return PostAsync(s => edit(s with { Feeds = WithFeed(s.Feeds, name, status, detail, now) }), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ClusterSnapshot?> WaitForAsync(Func<ClusterSnapshot, bool> condition, TimeSpan bound, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<ClusterSnapshot?>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Check(SnapshotChange change)
        {
            if (condition(change.Snapshot))
            {
                found.TrySetResult(change.Snapshot);
            }
        }

        Changed += Check;
        try
        {
            var current = Current;
            if (condition(current))
            {
                return current;
            }

            using var limit = new CancellationTokenSource(bound, _time);
            using var onLimit = limit.Token.Register(() => found.TrySetResult(null));
            using var onCancel = cancellationToken.Register(() => found.TrySetCanceled(cancellationToken));
            return await found.Task;
        }
        finally
        {
            Changed -= Check;
        }
    }

    /// <summary>Publishes until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var last = _time.GetTimestamp() - _time.TimestampFrequency;
        while (await _posted.Reader.WaitToReadAsync(cancellationToken))
        {
            var since = _time.GetElapsedTime(last);
            if (since < BatchWindow)
            {
                await Task.Delay(BatchWindow - since, _time, cancellationToken);
            }

            Publish(Fold());
            last = _time.GetTimestamp();
        }
    }

    private SnapshotEdit Fold()
    {
        var edit = SnapshotEdit.From(Current);
        // Bounded, so that a flood of changes cannot keep readers from ever seeing one.
        for (var i = 0; i < 4096 && _posted.Reader.TryRead(out var next); i++)
        {
            edit = edit.Then(next(edit.Snapshot));
        }

        return edit;
    }

    private void Publish(SnapshotEdit edit)
    {
        var previous = Current;
        if (ReferenceEquals(edit.Snapshot, previous))
        {
            return;
        }

        var next = edit.Snapshot with { Version = previous.Version + 1 };
        next = next with { Views = ClusterViews.Update(previous, next, edit) };
        Volatile.Write(ref _current, next);
        var change = new SnapshotChange(next, edit.Keys, edit.Hosts);
        foreach (var handler in Changed?.GetInvocationList() ?? [])
        {
            try
            {
                ((Action<SnapshotChange>)handler)(change);
            }
            catch (Exception e)
            {
                // One subscriber's fault must not keep the others, or the next snapshot, from everybody.
                _logger.LogError(e, "A subscriber of the snapshot failed");
            }
        }
    }

    private static ImmutableArray<FeedState> WithFeed(ImmutableArray<FeedState> feeds, string name, FeedStatus status, string? detail, DateTimeOffset now)
    {
        var old = feeds.FirstOrDefault(f => f.Name == name);
        var state = new FeedState(
            name,
            status,
            old is not null && old.Status == status ? old.Since : now,
            detail,
            status == FeedStatus.Live || old?.Status == FeedStatus.Live ? now : old?.LastLive);
        return old is null
            ? feeds.Add(state).Sort((a, b) => string.CompareOrdinal(a.Name, b.Name))
            : feeds.Replace(old, state);
    }
}
