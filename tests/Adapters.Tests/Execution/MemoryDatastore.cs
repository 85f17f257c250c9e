using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Execution;

/// <summary>A datastore in memory whose every write can be preceded by a test's own deed: what a real store cannot be made to do on cue.</summary>
internal sealed class MemoryDatastore : IDatastore
{
    private readonly Dictionary<string, StoredKey> _keys = new(StringComparer.Ordinal);

    public ulong Revision { get; private set; } = 10;

    public List<KeyWrite> Written { get; } = [];

    /// <summary>Called before each write with its number from 0; may change keys or throw.</summary>
    public Action<int, KeyWrite>? BeforeWrite { get; set; }

    /// <summary>Called after each write was applied; a throw is an answer that got lost.</summary>
    public Action<int, KeyWrite>? AfterWrite { get; set; }

    public Action<string>? BeforeRead { get; set; }

    public ulong Set(string key, string value)
    {
        _keys[key] = new StoredKey(key, System.Text.Encoding.UTF8.GetBytes(value), ++Revision);
        return Revision;
    }

    public string? Text(string key) => _keys.GetValueOrDefault(key)?.Text;

    public Task<StoredKey?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeforeRead?.Invoke(key);
        return Task.FromResult(_keys.GetValueOrDefault(key));
    }

    public Task<ImmutableArray<StoredKey>> ReadAllAsync(string directory, CancellationToken cancellationToken) =>
        Task.FromResult(_keys.Values.Where(k => k.Key.StartsWith(directory + "/", StringComparison.Ordinal)).OrderBy(k => k.Key, StringComparer.Ordinal)
            .ToImmutableArray());

    public Task<KeyWriteResult> WriteAsync(KeyWrite write, CancellationToken cancellationToken)
    {
        var number = Written.Count;
        Written.Add(write);
        BeforeWrite?.Invoke(number, write);
        if (write.EmptyDirectory)
        {
            return Task.FromResult(new KeyWriteResult(true, ++Revision, null));
        }

        var current = _keys.GetValueOrDefault(write.Key);
        var holds = write.Expected.Kind switch
        {
            ExpectationKind.Absent => current is null,
            ExpectationKind.Revision => current?.Revision == write.Expected.Revision,
            _ => true,
        };
        if (!holds || (write.Value is null && current is null))
        {
            return Task.FromResult(new KeyWriteResult(false, Revision, current));
        }

        Revision++;
        if (write.Value is { } value)
        {
            _keys[write.Key] = new StoredKey(write.Key, value, Revision);
        }
        else
        {
            _keys.Remove(write.Key);
        }

        var result = new KeyWriteResult(true, Revision, null);
        AfterWrite?.Invoke(number, write);
        return Task.FromResult(result);
    }

    public IAsyncEnumerable<DatastoreUpdate> FollowAsync(IListingObserver? observer, CancellationToken cancellationToken) => throw new NotSupportedException();
}
