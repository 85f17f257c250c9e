using System.Runtime.CompilerServices;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Datastore.V1;

/// <summary>
/// Calico v1's datastore: the etcd v2 keys below one root, <c>/calico</c> by default. A second instance on
/// <c>/docker/network/v1.0</c> follows Docker's global networks. Thread-safe; each follower is independent.
/// </summary>
/// <param name="keys">The keys API.</param>
/// <param name="time">The clock for waiting.</param>
/// <param name="root">The directory to follow. It need not exist.</param>
public sealed class EtcdV2Datastore(IEtcdKeys keys, TimeProvider time, string root = "/calico") : IDatastore
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan ReachLimit = TimeSpan.FromSeconds(2);

    // History arrives at once after the headers; a poll that is still open after this time has nothing outstanding.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan BriefPoll = TimeSpan.FromMilliseconds(50);

    private readonly EtcdV2Lister _lister = new(keys);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DatastoreUpdate> FollowAsync(IListingObserver? observer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reason = "first listing";
        var attempt = 0;
        string? lost = null;
        while (true)
        {
            if (attempt > 0)
            {
                await Task.Delay(Pause(attempt), time, cancellationToken).ConfigureAwait(false);
            }

            attempt++;
            var (parts, failure) = await GuardAsync(() => ListAsync(lost is not null, observer, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (parts is null)
            {
                if (failure != lost)
                {
                    lost = failure;
                    yield return new DatastoreUpdate.Lost(failure!);
                }

                continue;
            }

            yield return new DatastoreUpdate.Listing(parts.Keys, parts.LowestIndex,
                lost is null ? reason : $"etcd answers again ({lost})")
            { EmptyDirectories = parts.EmptyDirectories };
            lost = null;
            var next = parts.LowestIndex + 1;
            var live = false;
            while (true)
            {
                var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var asked = next;
                var began = time.GetTimestamp();
                var waiting = GuardAsync(() => keys.WaitAsync(root, asked, parts.ClusterId, () => opened.TrySetResult(), ending.Token), ending.Token);
                try
                {
                    if (!live && await SettledAsync(waiting, opened.Task, cancellationToken).ConfigureAwait(false))
                    {
                        (live, attempt) = (true, 0);
                        yield return new DatastoreUpdate.Live(next - 1);
                    }

                    await waiting.ConfigureAwait(false);
                }
                finally
                {
                    await ending.CancelAsync().ConfigureAwait(false);
                    await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                var (wait, broken) = await waiting.ConfigureAwait(false);
                if (wait is EtcdWait.Changed { Answer: var answer })
                {
                    var index = answer.Node.ModifiedIndex;
                    next = Math.Max(next, index + 1);
                    var (change, relist) = EtcdV2Event.Read(answer, root, parts);
                    if (relist is not null)
                    {
                        reason = relist;
                        break;
                    }

                    if (change is not null)
                    {
                        yield return change;
                    }

                    // The header tells where the store stood when the poll was opened: at or before this event, nothing else was outstanding.
                    if (!live && index >= answer.Index)
                    {
                        (live, attempt) = (true, 0);
                        yield return new DatastoreUpdate.Live(index);
                    }
                }
                else if (wait is EtcdWait.Nothing nothing)
                {
                    next = Math.Max(next, nothing.Index + 1);
                    if (time.GetElapsedTime(began) < BriefPoll)
                    {
                        // Something between here and etcd ends polls at once: do not ask in a circle.
                        await Task.Delay(BriefPoll, time, cancellationToken).ConfigureAwait(false);
                    }
                }
                else if (wait is EtcdWait.HistoryLost history)
                {
                    reason = history.Reason;
                    break;
                }
                else
                {
                    lost = broken;
                    yield return new DatastoreUpdate.Lost(broken!);
                    break;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<StoredKey?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keys.GetAsync(key, recursive: false, quorum: true, cancellationToken).ConfigureAwait(false);
            return answer.Node.IsDirectory ? null : EtcdV2Lister.Stored(answer.Node);
        }
        catch (EtcdException e) when (e.ErrorCode is EtcdException.KeyNotFound or EtcdException.NotDirectory)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredKey>> ReadAllAsync(string directory, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keys.GetAsync(directory, recursive: true, quorum: true, cancellationToken).ConfigureAwait(false);
            var all = new List<StoredKey>();
            EtcdV2Lister.Collect(answer.Node, all);
            all.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
            return [.. all];
        }
        catch (EtcdException e) when (e.ErrorCode is EtcdException.KeyNotFound or EtcdException.NotDirectory)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    /// <remarks>An <see cref="KeyWrite.EmptyDirectory"/> removal takes the empty directories within with it, and is always <see cref="KeyWriteResult.Done"/>,
    /// also when the directory is absent or not empty.</remarks>
    /// <exception cref="ArgumentException">A deletion that expects absence.</exception>
    public async Task<KeyWriteResult> WriteAsync(KeyWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (write.Value is null && write.EmptyDirectory)
        {
            return await RemoveEmptyAsync(write.Key, cancellationToken).ConfigureAwait(false);
        }

        var condition = write.Expected.Kind switch
        {
            ExpectationKind.Absent => EtcdCondition.Absent,
            ExpectationKind.Revision => EtcdCondition.AtIndex(write.Expected.Revision),
            ExpectationKind.Any => EtcdCondition.None,
        };
        try
        {
            var answer = write.Value is { } value
                ? await keys.PutAsync(write.Key, value, condition, null, cancellationToken).ConfigureAwait(false)
                : await keys.DeleteAsync(write.Key, EtcdDeletion.Key, condition, cancellationToken).ConfigureAwait(false);
            return new KeyWriteResult(true, answer.Node.ModifiedIndex, null);
        }
        catch (EtcdException e) when (e.ErrorCode is EtcdException.KeyNotFound or EtcdException.CompareFailed or EtcdException.NodeExists)
        {
            return new KeyWriteResult(false, e.Index, await ReadAsync(write.Key, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task<KeyWriteResult> RemoveEmptyAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // etcd's dir=true would remove a plain key as well, so look first.
            var there = await keys.GetAsync(key, recursive: true, quorum: true, cancellationToken).ConfigureAwait(false);
            if (!IsEmpty(there.Node))
            {
                return new KeyWriteResult(true, there.Index, null);
            }

            // One by one from the innermost, each only if it is still empty: what is written meanwhile stays.
            var revision = there.Index;
            foreach (var directory in Innermost(there.Node))
            {
                revision = (await keys.DeleteAsync(directory, EtcdDeletion.EmptyDirectory, EtcdCondition.None, cancellationToken).ConfigureAwait(false))
                    .Node.ModifiedIndex;
            }

            return new KeyWriteResult(true, revision, null) { DirectoryRemoved = true };
        }
        catch (EtcdException e) when (e.ErrorCode is EtcdException.KeyNotFound or EtcdException.DirectoryNotEmpty)
        {
            return new KeyWriteResult(true, e.Index, null);
        }
    }

    private static bool IsEmpty(EtcdNode node) => node.IsDirectory && node.Nodes.All(IsEmpty);

    private static IEnumerable<string> Innermost(EtcdNode node) => node.Nodes.SelectMany(Innermost).Append(node.Key);

    private async Task<EtcdV2Parts> ListAsync(bool afterLoss, IListingObserver? observer, CancellationToken cancellationToken)
    {
        if (afterLoss)
        {
            // A small question with a short limit: a network that swallows packets must not hold up the next attempt.
            using var timed = new CancellationTokenSource(ReachLimit, time);
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timed.Token);
            try
            {
                await keys.GetAsync(root, recursive: false, quorum: true, limited.Token).ConfigureAwait(false);
            }
            catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
            {
                // It answers; that is all that matters here.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new EtcdUnavailableException(FormattableString.Invariant(
                    $"etcd gave no answer within {ReachLimit.TotalSeconds} s (GET {root} with quorum)"));
            }
        }

        return await _lister.ListAsync(root, observer, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> SettledAsync(Task waiting, Task opened, CancellationToken cancellationToken)
    {
        await Task.WhenAny(waiting, opened).ConfigureAwait(false);
        if (waiting.IsCompleted)
        {
            return false;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(waiting, Task.Delay(Settle, time, ending.Token)).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        return !waiting.IsCompleted;
    }

    private static async Task<(T? Value, string? Failure)> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return (await call().ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is EtcdException or EtcdUnavailableException)
        {
            return (null, e.Message);
        }
    }

    private static TimeSpan Pause(int attempt) =>
        attempt == 1 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 50 * Math.Pow(2, attempt - 2)));
}
