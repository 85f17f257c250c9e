using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Ipam;

/// <summary>A block as it stands in the datastore.</summary>
internal sealed record StoredBlock(IpamBlock Block, ulong Index);

/// <summary>Blocks, affinities, handles and pools in the datastore (libcalico-go client/ipam_block_reader_writer.go). Thread-safe.</summary>
internal sealed class IpamBlocks(KeyStore store)
{
    private static readonly ReadOnlyMemory<byte> EmptyObject = Encoding.UTF8.GetBytes("{}");

    public async Task<StoredBlock?> ReadAsync(Cidr cidr, CancellationToken cancellationToken)
    {
        var entry = await store.GetAsync(V1Keys.IpamBlock(cidr), cancellationToken).ConfigureAwait(false);
        if (entry is null)
        {
            return null;
        }

        var decoded = IpamBlockCodec.Decode(entry.Value.Span);
        if (decoded.Value is not { } block || block.Cidr != cidr)
        {
            throw new IpamException($"IPAM block {entry.Key} cannot be read: {decoded.Reason ?? $"its cidr is {decoded.Value!.Cidr}"}");
        }

        // The old member is read as affinity and never written again, as in libcalico.
        return new StoredBlock(
            block.HostAffinity is { } node ? block with { Affinity = block.Affinity ?? $"host:{node}", HostAffinity = null } : block,
            entry.Index);
    }

    public Task<bool> UpdateAsync(IpamBlock block, ulong index, CancellationToken cancellationToken) =>
        store.UpdateAsync(V1Keys.IpamBlock(block.Cidr), IpamBlockCodec.Encode(block), index, cancellationToken);

    public Task<bool> DeleteAsync(Cidr cidr, ulong index, CancellationToken cancellationToken) =>
        store.DeleteAsync(V1Keys.IpamBlock(cidr), index, cancellationToken);

    public async Task<ImmutableArray<IPPool>> PoolsAsync(bool ipv6, CancellationToken cancellationToken)
    {
        var entries = await store.ListAsync(V1Keys.PoolDirectory(ipv6), cancellationToken).ConfigureAwait(false);
        return [.. entries.Select(e => IPPoolCodec.Decode(e.Value.Span)).Where(p => p.IsOk).Select(p => p.Value!)];
    }

    public async Task<IpamConfig> ConfigAsync(CancellationToken cancellationToken)
    {
        var entry = await store.GetAsync(V1Keys.IpamConfig, cancellationToken).ConfigureAwait(false);
        if (entry is null)
        {
            return IpamConfig.Default;
        }

        var decoded = IpamConfigCodec.Decode(entry.Value.Span);
        return decoded.IsOk ? decoded.Value : throw new IpamException($"IPAM configuration {entry.Key} cannot be read: {decoded.Reason}");
    }

    /// <summary>The blocks that a node holds, by its affinity keys; with pools only those inside them.</summary>
    public async Task<ImmutableArray<Cidr>> AffineAsync(string node, bool ipv6, ImmutableArray<Cidr> pools, CancellationToken cancellationToken)
    {
        var entries = await store.ListAsync(V1Keys.IpamAffinities(node, ipv6), cancellationToken).ConfigureAwait(false);
        return
        [
            .. entries.Select(e => V1Key.Parse(e.Key)).OfType<V1Key.IpamAffinity>()
                .Select(a => a.Block)
                .Where(b => pools.IsEmpty || pools.Any(p => p.Contains(b))),
        ];
    }

    /// <summary>Makes a block affine to a node: affinity key first, then the block. False when another node was faster.</summary>
    public async Task<bool> ClaimAsync(Cidr cidr, string node, IpamConfig config, CancellationToken cancellationToken)
    {
        var affinity = V1Keys.IpamAffinity(node, cidr);
        _ = await store.CreateAsync(affinity, EmptyObject, cancellationToken).ConfigureAwait(false);
        var block = BlockArithmetic.NewBlock(cidr, node, config.StrictAffinity);
        if (await store.CreateAsync(V1Keys.IpamBlock(cidr), IpamBlockCodec.Encode(block), cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        var existing = await ReadAsync(cidr, cancellationToken).ConfigureAwait(false);
        if (existing?.Block.AffineNode == node)
        {
            return true;
        }

        _ = await store.DeleteAsync(affinity, cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>Gives a block up: deleted when empty, else without affinity. A block of another node is left alone.</summary>
    public async Task ReleaseAffinityAsync(Cidr cidr, string node, int attempts, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var stored = await ReadAsync(cidr, cancellationToken).ConfigureAwait(false);
            if (stored is null)
            {
                _ = await store.DeleteAsync(V1Keys.IpamAffinity(node, cidr), cancellationToken).ConfigureAwait(false);
                return;
            }

            if (stored.Block.AffineNode is { } owner && owner != node)
            {
                throw new IpamException("Block affinity owned by another host");
            }

            var done = stored.Block.Used == 0
                ? await DeleteAsync(cidr, stored.Index, cancellationToken).ConfigureAwait(false)
                : await UpdateAsync(stored.Block with { Affinity = null, HostAffinity = null }, stored.Index, cancellationToken).ConfigureAwait(false);
            if (done)
            {
                _ = await store.DeleteAsync(V1Keys.IpamAffinity(node, cidr), cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        throw new IpamException("Max retries hit");
    }

    public async Task<IpamHandle?> HandleAsync(string id, CancellationToken cancellationToken) =>
        (await ReadHandleAsync(id, cancellationToken).ConfigureAwait(false)).Handle;

    /// <summary>Notes addresses of a handle, before the block is written.</summary>
    public async Task IncrementAsync(string? id, Cidr block, int count, int attempts, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            return;
        }

        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var (handle, index) = await ReadHandleAsync(id, cancellationToken).ConfigureAwait(false);
            var value = IpamHandleCodec.Encode((handle ?? IpamHandle.None).Plus(block, count));
            if (handle is null
                ? await store.CreateAsync(V1Keys.IpamHandle(id), value, cancellationToken).ConfigureAwait(false)
                : await store.UpdateAsync(V1Keys.IpamHandle(id), value, index, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        throw new IpamException("Max retries hit");
    }

    /// <summary>Takes addresses of a handle back; a handle without addresses is deleted.</summary>
    public async Task DecrementAsync(string? id, Cidr block, int count, int attempts, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            return;
        }

        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var (handle, index) = await ReadHandleAsync(id, cancellationToken).ConfigureAwait(false);
            if (handle?.Minus(block, count) is not { } next)
            {
                throw new IpamException($"Cannot decrement handle {id} by {count} in block {block}: it does not hold so many there");
            }

            if (next.Blocks.IsEmpty
                ? await store.DeleteAsync(V1Keys.IpamHandle(id), index, cancellationToken).ConfigureAwait(false)
                : await store.UpdateAsync(V1Keys.IpamHandle(id), IpamHandleCodec.Encode(next), index, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        throw new IpamException("Max retries hit");
    }

    private async Task<(IpamHandle? Handle, ulong Index)> ReadHandleAsync(string id, CancellationToken cancellationToken)
    {
        var entry = await store.GetAsync(V1Keys.IpamHandle(id), cancellationToken).ConfigureAwait(false);
        if (entry is null)
        {
            return (null, 0);
        }

        var decoded = IpamHandleCodec.Decode(entry.Value.Span);
        return decoded.IsOk ? (decoded.Value, entry.Index) : throw new IpamException($"IPAM handle {entry.Key} cannot be read: {decoded.Reason}");
    }
}
