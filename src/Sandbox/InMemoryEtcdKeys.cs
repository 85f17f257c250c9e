using System.Globalization;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox;

/// <summary>
/// The etcd v2 keys API in memory, for the sandbox and for tests: the same answers, errors, events and long-polls as etcd
/// gives. Thread-safe.
/// </summary>
/// <remarks>
/// One suite of contract tests runs against this class and against a real etcd through the HTTP client. It differs in two
/// points: keys expire on time (etcd looks twice a second), and a long-poll has no time limit.
/// </remarks>
public sealed class InMemoryEtcdKeys : IEtcdKeys, IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly InMemoryEtcdEvents _events = new();
    private readonly ITimer _expiry;
    private InMemoryEtcdTree _tree;
    private ulong _generation = 1;

    /// <summary>Creates an empty store.</summary>
    /// <param name="time">The clock for TTLs.</param>
    public InMemoryEtcdKeys(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _tree = NewTree();
        _expiry = time.CreateTimer(_ => OnExpiry(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public Task<EtcdAnswer> GetAsync(string key, bool recursive, bool quorum, CancellationToken cancellationToken) =>
        Run(key, tree => tree.Get(key, recursive), cancellationToken);

    /// <inheritdoc/>
    public Task<EtcdAnswer> PutAsync(string key, ReadOnlyMemory<byte> value, EtcdCondition condition, TimeSpan? timeToLive, CancellationToken cancellationToken)
    {
        if (timeToLive is { } ttl)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero, nameof(timeToLive));
        }

        return Run(key, tree => tree.Put(key, value.ToArray(), condition, timeToLive), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EtcdAnswer> MakeDirectoryAsync(string key, CancellationToken cancellationToken) => Run(key, tree => tree.MakeDirectory(key), cancellationToken);

    /// <inheritdoc/>
    public Task<EtcdAnswer> DeleteAsync(string key, EtcdDeletion how, EtcdCondition condition, CancellationToken cancellationToken)
    {
        if (condition.MustExist is not null)
        {
            throw new ArgumentException("a deletion can be conditional on an index only", nameof(condition));
        }

        return Run(key, tree => tree.Delete(key, how, condition), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<EtcdWait> WaitAsync(string key, ulong waitIndex, string? clusterId, Action? opened, CancellationToken cancellationToken)
    {
        CheckKey(key);
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<InMemoryEtcdEvents.Poll>? poll = null;
        EtcdAnswer? found;
        lock (_gate)
        {
            _tree.Expire();
            if (clusterId is not null && clusterId != _tree.ClusterId)
            {
                return new EtcdWait.HistoryLost($"another etcd cluster answers (id {_tree.ClusterId}, before {clusterId}): the store was replaced or restored");
            }

            if (_tree.Index + 1 < waitIndex)
            {
                return new EtcdWait.HistoryLost(
                    $"etcd stands at index {_tree.Index}, before {waitIndex - 1} which was seen earlier: the store was emptied or restored");
            }

            var since = waitIndex == 0 ? _tree.Index + 1 : waitIndex;
            try
            {
                found = _events.Find(key, since, _tree.Index, _tree.ClusterId);
            }
            catch (EtcdException e)
            {
                return new EtcdWait.HistoryLost($"etcd keeps only the last 1000 events, and those since index {waitIndex} are gone ({e.EtcdCause})");
            }

            if (found is null)
            {
                poll = _events.Open(key, since, _tree.Index, _tree.ClusterId);
            }
        }

        opened?.Invoke();
        if (poll is null)
        {
            return new EtcdWait.Changed(found!);
        }

        try
        {
            var answer = await poll.Value.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return answer is null ? new EtcdWait.Nothing(poll.Value.StoreIndex) : new EtcdWait.Changed(answer);
        }
        finally
        {
            lock (_gate)
            {
                _events.Close(poll);
            }
        }
    }

    /// <summary>Empties the store as a restore from nothing does: another cluster id, the index of a fresh store, open polls end without an answer.</summary>
    public void Wipe()
    {
        lock (_gate)
        {
            _generation++;
            _tree = NewTree();
            _events.Reset();
            Schedule();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _expiry.Dispose();

    private Task<EtcdAnswer> Run(string key, Func<InMemoryEtcdTree, EtcdAnswer> operation, CancellationToken cancellationToken)
    {
        CheckKey(key);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<EtcdAnswer>(cancellationToken);
        }

        try
        {
            lock (_gate)
            {
                _tree.Expire();
                var answer = operation(_tree);
                Schedule();
                return Task.FromResult(answer);
            }
        }
        catch (EtcdException e)
        {
            return Task.FromException<EtcdAnswer>(e);
        }
    }

    private void OnExpiry()
    {
        lock (_gate)
        {
            _tree.Expire();
            Schedule();
        }
    }

    private void Schedule()
    {
        var due = _tree.NextExpiry is { } at ? at - _time.GetUtcNow() : Timeout.InfiniteTimeSpan;
        _expiry.Change(due < TimeSpan.Zero && due != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : due, Timeout.InfiniteTimeSpan);
    }

    private InMemoryEtcdTree NewTree() => new(_time, (0xca11c0UL + _generation).ToString("x", CultureInfo.InvariantCulture), _events);

    private static void CheckKey(string key)
    {
        if (key.Length == 0 || key[0] != '/' || (key.Length > 1 && key[1..].Split('/').Any(s => s is "" or "." or "..")))
        {
            throw new ArgumentException($"the key '{key}' is not absolute or has an empty, '.' or '..' segment", nameof(key));
        }
    }
}
