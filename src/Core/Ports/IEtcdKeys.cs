namespace CalicoConsole.Core.Ports;

/// <summary>
/// The etcd v2 keys API as Calico uses it (source: etcd 3.2 v2 API documentation; libcalico-go v1.7.3 backend/etcd).
/// </summary>
/// <remarks>
/// Keys are absolute (<c>/calico/v1/Ready</c>) and given as stored: an implementation escapes them for the wire itself.
/// Every method throws <see cref="EtcdException"/> when etcd refuses and <see cref="EtcdUnavailableException"/> when no
/// endpoint answers in time. Implementations are safe for concurrent use.
/// </remarks>
public interface IEtcdKeys
{
    /// <summary>Reads a key or a directory; <paramref name="quorum"/> asks the leader for the newest value.</summary>
    Task<EtcdAnswer> GetAsync(string key, bool recursive, bool quorum, CancellationToken cancellationToken);

    /// <summary>Writes a value. A write without <paramref name="timeToLive"/> removes an existing TTL.</summary>
    Task<EtcdAnswer> PutAsync(string key, ReadOnlyMemory<byte> value, EtcdCondition condition, TimeSpan? timeToLive, CancellationToken cancellationToken);

    /// <summary>Makes a directory that must not exist yet (error 105 when it does).</summary>
    Task<EtcdAnswer> MakeDirectoryAsync(string key, CancellationToken cancellationToken);

    /// <summary>Deletes a key or, with <see cref="EtcdDeletion"/>, a directory.</summary>
    Task<EtcdAnswer> DeleteAsync(string key, EtcdDeletion how, EtcdCondition condition, CancellationToken cancellationToken);

    /// <summary>
    /// Waits by long-poll for the first change at or below <paramref name="key"/> whose index is
    /// <paramref name="waitIndex"/> or later. Returns at once when that history is lost.
    /// </summary>
    /// <param name="key">The directory to watch, recursively.</param>
    /// <param name="waitIndex">The first index of interest.</param>
    /// <param name="clusterId">The cluster that <paramref name="waitIndex"/> belongs to; null accepts any.</param>
    /// <param name="opened">Called when the server has accepted the poll, before anything has happened.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<EtcdWait> WaitAsync(string key, ulong waitIndex, string? clusterId, Action? opened, CancellationToken cancellationToken);
}

/// <summary>A node of the v2 tree. <see cref="Value"/> holds the raw UTF-8 bytes; a directory has none.</summary>
public sealed record EtcdNode(
    string Key,
    bool IsDirectory,
    ReadOnlyMemory<byte> Value,
    ulong CreatedIndex,
    ulong ModifiedIndex,
    TimeSpan? TimeToLive,
    ImmutableArray<EtcdNode> Nodes);

/// <summary>An answer of the keys API with the headers that resynchronisation needs.</summary>
/// <param name="Action">etcd's word for what happened: get, set, create, update, compareAndSwap, delete, expire, ….</param>
/// <param name="Node">The node after the action.</param>
/// <param name="PreviousNode">The node before a change, if there was one.</param>
/// <param name="Index">Header <c>X-Etcd-Index</c>: the store's index when it answered.</param>
/// <param name="ClusterId">Header <c>X-Etcd-Cluster-Id</c>.</param>
public sealed record EtcdAnswer(string Action, EtcdNode Node, EtcdNode? PreviousNode, ulong Index, string? ClusterId);

/// <summary>What a long-poll brought.</summary>
public abstract record EtcdWait
{
    private EtcdWait()
    {
    }

    /// <summary>Something changed.</summary>
    public sealed record Changed(EtcdAnswer Answer) : EtcdWait;

    /// <summary>The poll ended without a change (server closing, time limit): ask again with the same index.</summary>
    public sealed record Nothing(ulong Index) : EtcdWait;

    /// <summary>The history since the asked index is gone: list everything again.</summary>
    /// <param name="Reason">Why, in one sentence for people.</param>
    public sealed record HistoryLost(string Reason) : EtcdWait;
}

/// <summary>A condition of a write (query members <c>prevExist</c> and <c>prevIndex</c>).</summary>
public readonly record struct EtcdCondition(bool? MustExist, ulong? MustHaveIndex)
{
    /// <summary>No condition: the last writer wins.</summary>
    public static EtcdCondition None => default;

    /// <summary><c>prevExist=false</c>.</summary>
    public static EtcdCondition Absent => new(false, null);

    /// <summary><c>prevExist=true</c>.</summary>
    public static EtcdCondition Present => new(true, null);

    /// <summary><c>prevIndex</c>: compare-and-swap on the node's modifiedIndex.</summary>
    public static EtcdCondition AtIndex(ulong modifiedIndex) => new(null, modifiedIndex);
}

/// <summary>How to delete.</summary>
public enum EtcdDeletion
{
    /// <summary>A single key.</summary>
    Key,

    /// <summary>A directory, only if empty (<c>dir=true</c>).</summary>
    EmptyDirectory,

    /// <summary>A key or a directory with everything below it (<c>recursive=true</c>).</summary>
    Recursive,
}

/// <summary>etcd answered with an error of its own (source: etcd v2 error codes).</summary>
public sealed class EtcdException(int errorCode, int httpStatus, string message, string cause, ulong index)
    : Exception(errorCode == 0 ? $"etcd answered HTTP {httpStatus}: {message} ({cause})" : $"etcd error {errorCode}: {message} ({cause})")
{
    /// <summary>Key not found.</summary>
    public const int KeyNotFound = 100;

    /// <summary>Compare failed.</summary>
    public const int CompareFailed = 101;

    /// <summary>The node exists.</summary>
    public const int NodeExists = 105;

    /// <summary>Not a file: the key is a directory.</summary>
    public const int NotFile = 102;

    /// <summary>Not a directory: a part of the key's path is a file.</summary>
    public const int NotDirectory = 104;

    /// <summary>The root directory cannot be written or removed.</summary>
    public const int RootReadOnly = 107;

    /// <summary>Directory not empty.</summary>
    public const int DirectoryNotEmpty = 108;

    /// <summary>No right for this key, or no credentials.</summary>
    public const int Unauthorized = 110;

    /// <summary>The events since the asked index are cleared.</summary>
    public const int EventIndexCleared = 401;

    /// <summary>etcd's errorCode; 0 when the body had none.</summary>
    public int ErrorCode { get; } = errorCode;

    /// <summary>The HTTP status of the answer.</summary>
    public int HttpStatus { get; } = httpStatus;

    /// <summary>etcd's own message.</summary>
    public string EtcdMessage { get; } = message;

    /// <summary>etcd's <c>cause</c>, usually the key or the failed comparison.</summary>
    public string EtcdCause { get; } = cause;

    /// <summary>The store's index at that moment.</summary>
    public ulong Index { get; } = index;

    /// <summary>Header <c>X-Etcd-Cluster-Id</c> of the answer; null when it had none.</summary>
    public string? ClusterId { get; init; }
}

/// <summary>No etcd endpoint answered; <see cref="Exception.Message"/> names each endpoint and its failure.</summary>
public sealed class EtcdUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether a write had left for etcd when the connection failed: read the key again before saying that nothing happened.</summary>
    public bool MayHaveHappened { get; init; }
}
