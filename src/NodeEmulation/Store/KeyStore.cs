using CalicoConsole.Core.Ports;

namespace CalicoConsole.NodeEmulation.Store;

/// <summary>A key with its bytes and the index that compare-and-swap uses.</summary>
internal sealed record StoreEntry(string Key, ReadOnlyMemory<byte> Value, ulong Index);

/// <summary>The datastore operations that libcalico builds on the keys API (docs/calico-v1.md#etcd-keys). Thread-safe.</summary>
internal sealed class KeyStore(IEtcdKeys keys)
{
    /// <summary>Reads with quorum; null when there is no such key.</summary>
    public async Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keys.GetAsync(key, recursive: false, quorum: true, cancellationToken).ConfigureAwait(false);
            return new StoreEntry(key, answer.Node.Value, answer.Node.ModifiedIndex);
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            return null;
        }
    }

    /// <summary>All keys below a directory, sorted bytewise; none when there is no such directory.</summary>
    public async Task<ImmutableArray<StoreEntry>> ListAsync(string directory, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keys.GetAsync(directory, recursive: true, quorum: true, cancellationToken).ConfigureAwait(false);
            var found = ImmutableArray.CreateBuilder<StoreEntry>();
            Collect(answer.Node, found);
            found.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
            return found.ToImmutable();
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            return [];
        }
    }

    /// <summary>Creates a key; false when it exists.</summary>
    public async Task<bool> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        await TryAsync(() => keys.PutAsync(key, value, EtcdCondition.Absent, null, cancellationToken), EtcdException.NodeExists).ConfigureAwait(false);

    /// <summary>Writes whatever is there.</summary>
    public Task ApplyAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        keys.PutAsync(key, value, EtcdCondition.None, null, cancellationToken);

    /// <summary>Writes if the key stands at an index; false when it moved or vanished.</summary>
    public async Task<bool> UpdateAsync(string key, ReadOnlyMemory<byte> value, ulong index, CancellationToken cancellationToken) =>
        await TryAsync(() => keys.PutAsync(key, value, EtcdCondition.AtIndex(index), null, cancellationToken), EtcdException.CompareFailed,
            EtcdException.KeyNotFound)
            .ConfigureAwait(false);

    /// <summary>Deletes a key; false when there was none.</summary>
    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken) =>
        await TryAsync(() => keys.DeleteAsync(key, EtcdDeletion.Recursive, EtcdCondition.None, cancellationToken), EtcdException.KeyNotFound)
            .ConfigureAwait(false);

    /// <summary>Deletes a key if it stands at an index; false when it moved or vanished.</summary>
    public async Task<bool> DeleteAsync(string key, ulong index, CancellationToken cancellationToken) =>
        await TryAsync(() => keys.DeleteAsync(key, EtcdDeletion.Key, EtcdCondition.AtIndex(index), cancellationToken), EtcdException.CompareFailed,
            EtcdException.KeyNotFound)
            .ConfigureAwait(false);

    /// <summary>Deletes directories from the innermost on while they are empty.</summary>
    public async Task DeleteEmptyAsync(IEnumerable<string> directories, CancellationToken cancellationToken)
    {
        foreach (var directory in directories)
        {
            if (!await TryAsync(
                () => keys.DeleteAsync(directory, EtcdDeletion.EmptyDirectory, EtcdCondition.None, cancellationToken),
                EtcdException.DirectoryNotEmpty,
                EtcdException.KeyNotFound).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Makes sure that a directory exists.</summary>
    public async Task EnsureDirectoryAsync(string directory, CancellationToken cancellationToken) =>
        _ = await TryAsync(() => keys.MakeDirectoryAsync(directory, cancellationToken), EtcdException.NodeExists, 102).ConfigureAwait(false);

    private static async Task<bool> TryAsync(Func<Task<EtcdAnswer>> write, params int[] expected)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
        catch (EtcdException e) when (expected.Contains(e.ErrorCode))
        {
            return false;
        }
    }

    private static void Collect(EtcdNode node, ImmutableArray<StoreEntry>.Builder found)
    {
        if (!node.IsDirectory)
        {
            found.Add(new StoreEntry(node.Key, node.Value, node.ModifiedIndex));
            return;
        }

        foreach (var child in node.Nodes.IsDefault ? [] : node.Nodes)
        {
            Collect(child, found);
        }
    }
}
