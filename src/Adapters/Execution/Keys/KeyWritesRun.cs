using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Execution.Keys;

/// <summary>One run of <see cref="KeyWritesExecutor"/>: holds what was there before and what is done so far.</summary>
internal sealed class KeyWritesRun(IDatastore datastore, ImmutableArray<KeyWrite> writes, Action<string, int> atKey, Dictionary<string, ulong?> own)
{
    private readonly Dictionary<string, StoredKey?> _before = new(StringComparer.Ordinal);
    // A request that etcd had received when it died or froze may still be carried out, shortly after it answers again.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    private readonly List<DoneWrite> _done = [];
    private readonly List<(string Key, ulong Revision)> _directories = [];
    private bool _undoUnknown;

    public async Task<ExecutionResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var key in writes.Where(w => !w.EmptyDirectory).Select(w => w.Key).Distinct(StringComparer.Ordinal))
            {
                _before[key] = await datastore.ReadAsync(key, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is EtcdException or EtcdUnavailableException)
        {
            return new ExecutionResult(
                OperationOutcome.Failed)
            { Message = $"The datastore could not be read before the change, so nothing was changed: {e.Message}" };
        }

        foreach (var write in writes.Where(w => !w.EmptyDirectory).DistinctBy(w => w.Key, StringComparer.Ordinal))
        {
            if (!Holds(Rebase(write).Expected, _before[write.Key]) && !Stands(write, _before[write.Key]))
            {
                return Conflict(write, _before[write.Key], []);
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await WriteAllAsync().ConfigureAwait(false);
    }

    /// <summary>Whether the condition of a write holds for what was read.</summary>
    public static bool Holds(Expectation expected, StoredKey? current) => expected.Kind switch
    {
        ExpectationKind.Absent => current is null,
        ExpectationKind.Revision => current?.Revision == expected.Revision,
        _ => true,
    };

    /// <summary>Whether what was read is already what the write wants.</summary>
    public static bool Stands(KeyWrite write, StoredKey? current) => write.Value is { } value
        ? current is not null && current.Value.Span.SequenceEqual(value.Span)
        : current is null;

    private async Task<ExecutionResult> WriteAllAsync()
    {
        // From here on nothing is cancelled: a request that is dropped on its way would leave unknown what stands there.
        for (var i = 0; i < writes.Length; i++)
        {
            var write = Rebase(writes[i]);
            atKey(write.Key, i);
            var current = Current(write.Key);
            if (!write.EmptyDirectory && Stands(write, current))
            {
                continue;
            }

            KeyWriteResult result;
            try
            {
                result = await datastore.WriteAsync(write, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is EtcdException or EtcdUnavailableException)
            {
                if (write.EmptyDirectory)
                {
                    return Partial($"Every key is written, but the empty directory {write.Key} may be left: {e.Message}");
                }

                // A refusal by etcd, or a request that never left, is known; anything else may have been done before the answer got lost.
                var known = e is EtcdException { HttpStatus: < 500 } or EtcdUnavailableException { MayHaveHappened: false }
                    ? new KeyWriteResult(false, 0, current) : await FindOutAsync(write, current).ConfigureAwait(false);
                if (known is not { Done: true })
                {
                    return await FailAsync(write, e, known).ConfigureAwait(false);
                }

                result = known;
            }

            if (result.DirectoryRemoved)
            {
                _directories.Add((write.Key, result.Revision));
            }

            if (result.Done && !write.EmptyDirectory)
            {
                _done.Add(new DoneWrite(write, current, result.Revision));
                own[write.Key] = write.Value is null ? null : result.Revision;
            }
            else if (!result.Done && !write.EmptyDirectory && !Stands(write, result.Current))
            {
                var left = await UndoAsync().ConfigureAwait(false);
                return Conflict(write, result.Current, left);
            }
        }

        // A host of which nothing but directories was left: they are the change.
        return _done.Count == 0 && (_directories.Count == 0 || !writes.All(w => w.EmptyDirectory))
            ? new ExecutionResult(OperationOutcome.Unchanged) { Message = "Nothing was written: the datastore already holds what is wanted." }
            : new ExecutionResult(OperationOutcome.Succeeded) { Changes = Changes(), SeenIn = Seen() };
    }

    private KeyWrite Rebase(KeyWrite write) => !write.EmptyDirectory && own.TryGetValue(write.Key, out var left)
        ? write with { Expected = left is { } revision ? Expectation.At(revision) : Expectation.Absent }
        : write;

    private StoredKey? Current(string key) => _done.FindLast(d => d.Write.Key == key) is { } last
        ? last.Write.Value is { } value ? new StoredKey(key, value, last.Revision) : null
        : _before.GetValueOrDefault(key);

    /// <summary>After a lost answer: done, not done, or null when that cannot be found out.</summary>
    private async Task<KeyWriteResult?> FindOutAsync(KeyWrite write, StoredKey? before)
    {
        try
        {
            var now = await datastore.ReadAsync(write.Key, CancellationToken.None).ConfigureAwait(false);
            return new KeyWriteResult(Stands(write, now) && now?.Revision != before?.Revision, now?.Revision ?? 0, now);
        }
        catch (Exception e) when (e is EtcdException or EtcdUnavailableException)
        {
            return null;
        }
    }

    private async Task<ExecutionResult> FailAsync(KeyWrite write, Exception failure, KeyWriteResult? known)
    {
        if (known is null)
        {
            return Partial($"Writing {write.Key} failed ({failure.Message}) and the datastore cannot be read, so it is not known whether it was done. "
                + $"Written before it: {Names(_done.Select(d => d.Write.Key))}. Nothing was undone.") with
            { LookAgainAfter = Settle };
        }

        var left = await UndoAsync().ConfigureAwait(false);
        var message = $"Writing {write.Key} failed: {failure.Message}.";
        return left.IsEmpty
            ? new ExecutionResult(OperationOutcome.Failed) { Message = $"{message} Nothing is left changed." }
            : Partial($"{message} Undoing what was written before it did not succeed: {string.Join("; ", left)}.");
    }

    private ExecutionResult Conflict(KeyWrite write, StoredKey? current, ImmutableArray<string> left)
    {
        var expected = write.Expected.Kind switch
        {
            ExpectationKind.Absent => "that it does not exist",
            ExpectationKind.Revision => $"revision {write.Expected.Revision}",
            ExpectationKind.Any => "no particular revision",
        };
        var now = current is null ? "it does not exist now" : $"it is now at revision {current.Revision}: {current.Text}";
        var message = $"Somebody else changed {write.Key} meanwhile: expected {expected}, but {now}.";
        return left.IsEmpty
            ? new ExecutionResult(OperationOutcome.Conflict) { Message = $"{message} Nothing is left changed. Decide again on what is there now." }
            : Partial($"{message} Undoing what was written before it did not succeed: {string.Join("; ", left)}.");
    }

    /// <summary>Undoes what is done, newest first, and names what could not be undone.</summary>
    private async Task<ImmutableArray<string>> UndoAsync()
    {
        var left = ImmutableArray.CreateBuilder<string>();
        // After several writes of one key the first undo gives the key a new revision, which the next undo of it must expect.
        var revisions = new Dictionary<string, ulong>(StringComparer.Ordinal);
        for (var i = _done.Count - 1; i >= 0; i--)
        {
            var (write, before, revision) = _done[i];
            var expected = write.Value is null ? Expectation.Absent : Expectation.At(revisions.GetValueOrDefault(write.Key, revision));
            var undo = new KeyWrite(write.Key, before?.Value, expected);
            try
            {
                var result = await datastore.WriteAsync(undo, CancellationToken.None).ConfigureAwait(false);
                if (result.Done || Stands(undo, result.Current))
                {
                    revisions[write.Key] = result.Done ? result.Revision : result.Current?.Revision ?? 0;
                    own[write.Key] = before is null ? null : revisions[write.Key];
                    _done.RemoveAt(i);
                }
                else
                {
                    left.Add($"{write.Key} is now {(result.Current is { } now ? $"at revision {now.Revision}: {now.Text}" : "absent")}");
                }
            }
            catch (Exception e) when (e is EtcdException or EtcdUnavailableException)
            {
                _undoUnknown |= e is EtcdUnavailableException or EtcdException { HttpStatus: >= 500 };
                left.Add(
                    $"{write.Key} holds {(write.Value is { } value ? new StoredKey(write.Key, value, 0).Text : "nothing")} unless undoing it succeeded "
                    + $"({e.Message})");
            }
        }

        return left.ToImmutable();
    }

    private ExecutionResult Partial(string message) =>
        new(OperationOutcome.Partial)
        {
            Message = message,
            Changes = Changes(),
            SeenIn = _done.Count == 0 ? null : Seen(),
            LookAgainAfter = _undoUnknown ? Settle : null
        };

    private ImmutableArray<DocumentChange> Changes() =>
        _done.Count == 0
            ? [.. _directories.Select(d => new DocumentChange("etcd", d.Key, "", null))]
            : [.. _done.Select(d => new DocumentChange(
                KeptKeys.IsKept(d.Write.Key) ? "console" : "etcd",
                d.Write.Key,
                d.Before?.Text,
                d.Write.Value is { } value ? new StoredKey(d.Write.Key, value, 0).Text : null))];

    private Func<ClusterSnapshot, bool> Seen()
    {
        var last = _done.GroupBy(d => d.Write.Key, StringComparer.Ordinal).Select(g => g.Last()).ToLookup(d => KeptKeys.IsKept(d.Write.Key));
        var (kept, stored) = (last[true].ToImmutableArray(), last[false].ToImmutableArray());
        // A write found out after a lost answer may be a deletion of unknown revision: then only the keys themselves tell.
        var directories = _directories.Select(d => d.Revision).DefaultIfEmpty().Max();
        var newest = stored.Any(d => d.Revision == 0) ? ulong.MaxValue : stored.Select(d => d.Revision).Append(directories).Max();
        return snapshot => (snapshot.Calico.Revision >= newest
                || (snapshot.Calico.Revision >= directories && stored.All(d => d.ShowsIn(snapshot.Calico.Keys.TryGet(d.Write.Key, out var now) ? now : null))))
            && kept.All(d => d.ShowsIn(snapshot.Kept.GetValueOrDefault(d.Write.Key)?.Stored));
    }

    private static string Names(IEnumerable<string> keys) => string.Join(", ", keys.DefaultIfEmpty("nothing"));

    private sealed record DoneWrite(KeyWrite Write, StoredKey? Before, ulong Revision)
    {
        public bool ShowsIn(StoredKey? now) =>
            now is null ? Write.Value is null : Revision > 0 ? now.Revision >= Revision : now.Revision > (Before?.Revision ?? 0);
    }
}
