using System.Collections.Concurrent;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>
/// Reads the workload endpoints of a listing while it arrives, so that little is left to do when its last key is there: first sync waits for etcd
/// and not for us. Thread-safe; one for each follower.
/// </summary>
public sealed class ListingDecoder : IListingObserver
{
    private readonly ConcurrentBag<EndpointCaches> _caches = [];
    private ConcurrentBag<List<Stored<WorkloadEndpoint>>> _parts = [];

    /// <inheritdoc/>
    public void Begin() => Volatile.Write(ref _parts, []);

    /// <inheritdoc/>
    public void Read(IReadOnlyList<StoredKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var caches = _caches.TryTake(out var idle) ? idle : new EndpointCaches();
        var read = new List<Stored<WorkloadEndpoint>>(keys.Count);
        foreach (var key in keys)
        {
            // One that cannot be read is left to whoever builds the state, who says why.
            if (V1Key.TryWorkloadEndpoint(key.Key, caches, out var id)
                && WorkloadEndpointCodec.Decode(id, key.Value.Span, caches) is { IsOk: true, Value: var endpoint })
            {
                read.Add(new(endpoint, [key]));
            }
        }

        _caches.Add(caches);
        if (read.Count > 0)
        {
            Volatile.Read(ref _parts).Add(read);
        }
    }

    /// <summary>The state that a full listing describes. What was read of it already is taken from there; nothing else of that is.</summary>
    public CalicoState State(ImmutableArray<StoredKey> keys, ulong revision, ImmutableArray<string> emptyDirectories = default)
    {
        var tree = KeyTree.From(keys);
        Stored<WorkloadEndpoint>[] read = [.. Interlocked.Exchange(ref _parts, []).OrderBy(p => p[0].Keys[0].Key, StringComparer.Ordinal).SelectMany(p => p)];
        var (endpoints, others, all) = Match(tree, read);
        if (!all)
        {
            // Something of a listing that was given up, or in another order than the keys.
            (endpoints, others, _) = Match(tree,
                [.. CalicoState.Empty.WorkloadEndpoints.Holding(
                    read.Where(e => tree.Find(e.Keys[0].Key) is { } key && ReferenceEquals(key, e.Keys[0]))).Values]);
        }

        var builder = new CalicoStateBuilder(CalicoState.Empty with { Keys = tree, Revision = revision });
        builder.Begin(endpoints);
        foreach (var key in others)
        {
            builder.Touch(key.Key, key);
        }

        foreach (var directory in emptyDirectories.IsDefault ? [] : emptyDirectories)
        {
            if (V1Keys.HostOf(directory) is { } host)
            {
                builder.Directory(host, stands: true);
            }
        }

        return builder.Build();
    }

    // Goes along both at once: an endpoint belongs to the very key that it was read from. All is said when none is left over.
    private static (List<Stored<WorkloadEndpoint>> Endpoints, List<StoredKey> Others, bool All) Match(KeyTree tree, Stored<WorkloadEndpoint>[] read)
    {
        var endpoints = new List<Stored<WorkloadEndpoint>>(read.Length);
        var others = new List<StoredKey>();
        foreach (var key in tree.All)
        {
            if (endpoints.Count < read.Length && ReferenceEquals(read[endpoints.Count].Keys[0], key))
            {
                endpoints.Add(read[endpoints.Count]);
            }
            else
            {
                others.Add(key);
            }
        }

        return (endpoints, others, endpoints.Count == read.Length);
    }
}
