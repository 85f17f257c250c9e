namespace CalicoConsole.Core.Ports;

/// <summary>
/// Calico's datastore as keys with opaque bytes and a revision: etcd v2 for Calico v1 (v2.6), etcd v3 for Calico v3.
/// Typed kinds stand on top of it in the model's codec.
/// </summary>
/// <remarks>Safe for concurrent use. Throws <see cref="EtcdException"/> and <see cref="EtcdUnavailableException"/> as <see cref="IEtcdKeys"/>.</remarks>
public interface IDatastore
{
    /// <summary>Follows everything below the watched roots: first a full listing, then changes, then listings again whenever history is lost.</summary>
    /// <remarks>Never ends by itself: an unreachable store is reported as <see cref="DatastoreUpdate.Lost"/> and retried until cancelled.</remarks>
    /// <param name="observer">Sees the keys of each listing while it is read, for work that need not wait for the last one; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<DatastoreUpdate> FollowAsync(IListingObserver? observer, CancellationToken cancellationToken);

    /// <summary>Reads one key with quorum; null when it does not exist.</summary>
    Task<StoredKey?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Reads every key at or below a directory with quorum, sorted by key; empty when it does not exist.</summary>
    Task<ImmutableArray<StoredKey>> ReadAllAsync(string directory, CancellationToken cancellationToken);

    /// <summary>Writes or deletes one key by compare-and-swap.</summary>
    Task<KeyWriteResult> WriteAsync(KeyWrite write, CancellationToken cancellationToken);
}

/// <summary>Shorter forms of what a datastore does.</summary>
public static class DatastoreExtensions
{
    /// <summary>Follows without seeing listings before their end.</summary>
    public static IAsyncEnumerable<DatastoreUpdate> FollowAsync(this IDatastore datastore, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(datastore);
        return datastore.FollowAsync(null, cancellationToken);
    }
}

/// <summary>
/// Sees a listing while it is read. A listing may be given up and begun anew; what counts is the <see cref="DatastoreUpdate.Listing"/> at its end.
/// </summary>
public interface IListingObserver
{
    /// <summary>A listing begins: what was read before and not listed is void.</summary>
    void Begin();

    /// <summary>Some of its keys, each once, in any order. Called by several threads at once.</summary>
    void Read(IReadOnlyList<StoredKey> keys);
}

/// <summary>A key as stored: raw UTF-8 bytes and the revision that compare-and-swap uses (etcd v2 modifiedIndex, etcd v3 mod revision).</summary>
public sealed record StoredKey(string Key, ReadOnlyMemory<byte> Value, ulong Revision)
{
    /// <summary>The value as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Value.Span);
}

/// <summary>What following the datastore brings.</summary>
public abstract record DatastoreUpdate
{
    private DatastoreUpdate()
    {
    }

    /// <summary>Everything there is, at <paramref name="Revision"/>; replaces all that was known.</summary>
    public sealed record Listing(ImmutableArray<StoredKey> Keys, ulong Revision, string Reason) : DatastoreUpdate
    {
        /// <summary>Directories in which there is nothing at all, in any order; none in a store without directories.</summary>
        public ImmutableArray<string> EmptyDirectories { get; init; } = [];
    }

    /// <summary>
    /// One change. A <paramref name="Value"/> of null is a deletion; with <paramref name="Subtree"/> of everything below <paramref name="Key"/> too, and of its
    /// directory.
    /// </summary>
    public sealed record Change(string Key, StoredKey? Value, bool Subtree, ulong Revision) : DatastoreUpdate
    {
        /// <summary>Whether a directory in which there is nothing now stands at <see cref="Key"/>; <see cref="Value"/> is null then.</summary>
        public bool Directory { get; init; }
    }

    /// <summary>The watch is open and nothing is outstanding: what is known is current.</summary>
    public sealed record Live(ulong Revision) : DatastoreUpdate;

    /// <summary>The store cannot be reached: what is known is stale from now on.</summary>
    public sealed record Lost(string Reason) : DatastoreUpdate;
}

/// <summary>What must hold for a <see cref="KeyWrite"/> to happen.</summary>
/// <param name="Kind">Which condition.</param>
/// <param name="Revision">The revision for <see cref="ExpectationKind.Revision"/>; 0 otherwise.</param>
public readonly record struct Expectation(ExpectationKind Kind, ulong Revision)
{
    /// <summary>No condition. Only for data whose loss cannot matter; user edits use a revision.</summary>
    public static Expectation Any => new(ExpectationKind.Any, 0);

    /// <summary>The key must not exist.</summary>
    public static Expectation Absent => new(ExpectationKind.Absent, 0);

    /// <summary>The key must stand at this revision.</summary>
    public static Expectation At(ulong revision) => new(ExpectationKind.Revision, revision);
}

/// <summary>Kinds of <see cref="Expectation"/>.</summary>
public enum ExpectationKind
{
    /// <summary>No condition.</summary>
    Any,

    /// <summary>The key must not exist.</summary>
    Absent,

    /// <summary>The key must stand at a revision.</summary>
    Revision,
}

/// <summary>One write: a value, or a deletion when <paramref name="Value"/> is null.</summary>
/// <param name="Key">The absolute key as stored.</param>
/// <param name="Value">The new bytes; null deletes the key.</param>
/// <param name="Expected">What must hold.</param>
/// <remarks>
/// A null <c>byte[]</c> converts to empty bytes, not to a deletion: pass <c>(ReadOnlyMemory&lt;byte&gt;?)null</c> where a conditional expression mixes the two.
/// </remarks>
public sealed record KeyWrite(string Key, ReadOnlyMemory<byte>? Value, Expectation Expected)
{
    /// <summary>
    /// Whether this removes a directory without keys, empty directories in it included (etcd v2 only; ignored by stores without directories, never an error
    /// when it holds a key or is absent).
    /// </summary>
    public bool EmptyDirectory { get; init; }
}

/// <summary>The outcome of a <see cref="KeyWrite"/>.</summary>
/// <param name="Done">Whether it happened.</param>
/// <param name="Revision">The revision it created, or the store's revision when it did not happen.</param>
/// <param name="Current">When not done: what stands there now, null when absent.</param>
public sealed record KeyWriteResult(bool Done, ulong Revision, StoredKey? Current)
{
    /// <summary>Whether a directory was there, empty, and is gone by this.</summary>
    public bool DirectoryRemoved { get; init; }
}
