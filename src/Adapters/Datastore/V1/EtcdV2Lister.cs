using System.Collections.Concurrent;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Datastore.V1;

/// <summary>A listing that was read in parts, each at an index of its own.</summary>
/// <param name="Keys">Every key.</param>
/// <param name="ClusterId">The cluster that answered.</param>
/// <param name="EmptyDirectories">Every directory in which there is nothing.</param>
/// <param name="Indexes">For each directory that was read: the store's index at that moment. A key belongs to the deepest one above it.</param>
internal sealed record EtcdV2Parts(ImmutableArray<StoredKey> Keys, string? ClusterId, ImmutableArray<string> EmptyDirectories,
    IReadOnlyDictionary<string, ulong> Indexes)
{
    /// <summary>Watch from here plus one.</summary>
    public ulong LowestIndex { get; } = Indexes.Values.Min();

    /// <summary>Events after this are in no part.</summary>
    public ulong HighestIndex { get; } = Indexes.Values.Max();

    /// <summary>The index at which the part that holds a key was read.</summary>
    public ulong IndexOf(string key)
    {
        for (var path = key; path.Length > 0; path = path[..path.LastIndexOf('/')])
        {
            if (Indexes.TryGetValue(path, out var index))
            {
                return index;
            }
        }

        return LowestIndex;
    }
}

/// <summary>
/// Lists everything below a directory. etcd builds a whole answer before its first byte, so a large tree is read by its
/// subtrees, several at a time: the upper levels one directory each, the rest recursively.
/// </summary>
internal sealed class EtcdV2Lister(IEtcdKeys keys)
{
    private const int SplitLevels = 3;
    private const int InFlight = 4;

    /// <exception cref="EtcdUnavailableException">No endpoint answers, or the parts come from stores that do not agree.</exception>
    public async Task<EtcdV2Parts> ListAsync(string root, IListingObserver? observer, CancellationToken cancellationToken)
    {
        observer?.Begin();
        var indexes = new ConcurrentDictionary<string, ulong>(StringComparer.Ordinal);
        var leaves = new ConcurrentBag<List<StoredKey>>();
        var empty = new ConcurrentBag<string>();
        string? clusterId = null;

        // With quorum, so that every later read of the same member is at least as new.
        var top = await ReadAsync(root, recursive: false, quorum: true, cancellationToken).ConfigureAwait(false);
        clusterId = top.ClusterId;
        indexes[root] = top.Index;
        var directories = Take(top.Node, leaves, empty);
        for (var level = 1; directories.Length > 0; level++)
        {
            var recursive = level >= SplitLevels;
            var below = new ConcurrentBag<string>();
            await Parallel.ForEachAsync(directories, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken },
                async (directory, token) =>
            {
                var part = await ReadAsync(directory, recursive, quorum: false, token).ConfigureAwait(false);
                if (part.ClusterId != clusterId || part.Index < top.Index)
                {
                    throw new EtcdUnavailableException(
                        $"etcd's members do not agree: {directory} was read at index {part.Index} of cluster {part.ClusterId}, "
                        + $"{root} at {top.Index} of {clusterId}");
                }

                indexes[directory] = part.Index;
                if (!recursive)
                {
                    foreach (var child in Take(part.Node, leaves, empty))
                    {
                        below.Add(child);
                    }
                }
                else if (part.Node is { } node)
                {
                    var all = new List<StoredKey>();
                    Collect(node, all, empty);
                    observer?.Read(all);
                    leaves.Add(all);
                }
            }).ConfigureAwait(false);
            directories = [.. below];
        }

        // Each part is in order; together they are then nearly so, which saves whoever sorts them most of the work.
        return new EtcdV2Parts([.. leaves.Where(l => l.Count > 0).OrderBy(l => l[0].Key, StringComparer.Ordinal).SelectMany(l => l)], clusterId, [.. empty],
            indexes);
    }

    /// <summary>Adds the keys at and below a node, and the directories in which there is nothing.</summary>
    public static void Collect(EtcdNode node, List<StoredKey> into, ConcurrentBag<string>? empty = null)
    {
        if (!node.IsDirectory)
        {
            into.Add(Stored(node));
            return;
        }

        if (node.Nodes.IsEmpty)
        {
            empty?.Add(node.Key);
        }

        foreach (var child in node.Nodes)
        {
            Collect(child, into, empty);
        }
    }

    /// <summary>A node as the datastore's key.</summary>
    public static StoredKey Stored(EtcdNode node) => new(node.Key, node.Value, node.ModifiedIndex);

    private static string[] Take(EtcdNode? node, ConcurrentBag<List<StoredKey>> leaves, ConcurrentBag<string> empty)
    {
        if (node is null)
        {
            return [];
        }

        if (node is { IsDirectory: true, Nodes.IsEmpty: true })
        {
            empty.Add(node.Key);
        }

        leaves.Add(node.IsDirectory ? [.. node.Nodes.Where(n => !n.IsDirectory).Select(Stored)] : [Stored(node)]);
        return [.. node.Nodes.Where(n => n.IsDirectory).Select(n => n.Key)];
    }

    // A directory may go between two reads, and the root need not exist: then it is an empty part at the index of that answer.
    private async Task<(EtcdNode? Node, ulong Index, string? ClusterId)> ReadAsync(string key, bool recursive, bool quorum, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keys.GetAsync(key, recursive, quorum, cancellationToken).ConfigureAwait(false);
            return (answer.Node, answer.Index, answer.ClusterId);
        }
        catch (EtcdException e) when (e.ErrorCode is EtcdException.KeyNotFound or EtcdException.NotDirectory)
        {
            return (null, e.Index, e.ClusterId);
        }
    }
}
