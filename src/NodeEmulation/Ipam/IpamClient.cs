using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Ipam;

/// <summary>
/// Calico's address assignment over the keys API, in the write order and with the words of libcalico-go 1.7.3
/// (<c>client/ipam.go</c>; docs/calico-v1.md#ipam). Safe for concurrent use, also by several processes.
/// </summary>
/// <remarks>
/// Refusals are <see cref="IpamException"/>; the datastore's own failures pass through. Unlike libcalico it loses no address
/// when one request spans several blocks, counts a handle by what was given, and does not end the process over a missing handle.
/// </remarks>
/// <param name="keys">The datastore.</param>
/// <param name="start">Index of the block at which a node begins to look in a pool; null uses <see cref="BlockWalk.Start"/>.</param>
public sealed class IpamClient(IEtcdKeys keys, Func<Cidr, string, UInt128>? start = null)
{
    private const int Attempts = 100;

    private readonly IpamBlocks _blocks = new(new KeyStore(keys));
    private readonly Func<Cidr, string, UInt128> _start = start ?? BlockWalk.Start;

    /// <summary>All pools of a family, in the datastore's order.</summary>
    public Task<ImmutableArray<IPPool>> PoolsAsync(bool ipv6, CancellationToken cancellationToken) => _blocks.PoolsAsync(ipv6, cancellationToken);

    /// <summary>Assigns addresses: from the node's own blocks, then from new ones, then from any. May give fewer than asked.</summary>
    public async Task<ImmutableArray<Ip>> AutoAssignAsync(AutoAssignRequest request, CancellationToken cancellationToken)
    {
        var given = ImmutableArray.CreateBuilder<Ip>();
        foreach (var cidr in await _blocks.AffineAsync(request.Node, request.IPv6, request.Pools, cancellationToken).ConfigureAwait(false))
        {
            if (given.Count == request.Count)
            {
                break;
            }

            given.AddRange(await TakeAsync(cidr, request, request.Count - given.Count, ownOnly: true, cancellationToken).ConfigureAwait(false) ?? []);
        }

        if (given.Count == request.Count)
        {
            return given.ToImmutable();
        }

        var config = await _blocks.ConfigAsync(cancellationToken).ConfigureAwait(false);
        if (config.AutoAllocateBlocks)
        {
            await TakeFromNewBlocksAsync(request, config, given, cancellationToken).ConfigureAwait(false);
        }

        if (!config.StrictAffinity && given.Count < request.Count)
        {
            await BorrowAsync(request, given, cancellationToken).ConfigureAwait(false);
        }

        return given.ToImmutable();
    }

    /// <summary>Assigns one given address, which must lie in an enabled pool.</summary>
    public async Task AssignAsync(Ip address, string node, IpamAttribute? owner, CancellationToken cancellationToken)
    {
        var pools = await _blocks.PoolsAsync(address.IsIPv6, cancellationToken).ConfigureAwait(false);
        if (!pools.Any(p => !p.Disabled && p.Cidr.Contains(address)))
        {
            // The line break belongs to libcalico's words.
            throw new IpamException("The provided IP address is not in a configured pool\n");
        }

        owner ??= BlockArithmetic.Nobody;
        var cidr = BlockArithmetic.BlockOf(address);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await _blocks.ReadAsync(cidr, cancellationToken).ConfigureAwait(false);
            if (stored is null)
            {
                var config = await _blocks.ConfigAsync(cancellationToken).ConfigureAwait(false);
                _ = await _blocks.ClaimAsync(cidr, node, config, cancellationToken).ConfigureAwait(false);
                continue;
            }

            var result = BlockArithmetic.Assign(stored.Block, address, node, owner);
            if (result.Block is not { } block)
            {
                throw new IpamException(result.Refusal switch
                {
                    AssignRefusal.OtherNode => "Block host affinity does not match",
                    AssignRefusal.AlreadyAssigned => "Address already assigned in block",
                    _ => "IP address not in block",
                });
            }

            await _blocks.IncrementAsync(owner.HandleId, cidr, 1, Attempts, cancellationToken).ConfigureAwait(false);
            if (!await _blocks.UpdateAsync(block, stored.Index, cancellationToken).ConfigureAwait(false))
            {
                await _blocks.DecrementAsync(owner.HandleId, cidr, 1, Attempts, cancellationToken).ConfigureAwait(false);
                throw new IpamException($"update conflict: '{cidr}'");
            }

            return;
        }

        throw new IpamException("Max retries hit");
    }

    /// <summary>Frees addresses and answers those that were not allocated.</summary>
    public async Task<ImmutableArray<Ip>> ReleaseAsync(IReadOnlyCollection<Ip> addresses, CancellationToken cancellationToken)
    {
        var notAllocated = ImmutableArray.CreateBuilder<Ip>();
        foreach (var group in addresses.GroupBy(BlockArithmetic.BlockOf))
        {
            notAllocated.AddRange(await ReleaseFromAsync(group.Key, _ => [.. group], cancellationToken).ConfigureAwait(false));
        }

        return notAllocated.ToImmutable();
    }

    /// <summary>Frees every address of a handle.</summary>
    public async Task ReleaseByHandleAsync(string handle, CancellationToken cancellationToken)
    {
        var held = await _blocks.HandleAsync(handle, cancellationToken).ConfigureAwait(false)
            ?? throw new IpamException($"resource does not exist: IPAMHandleKey(id={handle})");
        foreach (var block in held.Blocks.Keys)
        {
            if (Cidr.TryParse(block, out var cidr))
            {
                _ = await ReleaseFromAsync(cidr, b => BlockArithmetic.HeldBy(b, handle), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives up all blocks of a node: empty ones are deleted, others stay without affinity.</summary>
    public async Task ReleaseNodeAffinitiesAsync(string node, CancellationToken cancellationToken)
    {
        foreach (var ipv6 in new[] { false, true })
        {
            foreach (var cidr in await _blocks.AffineAsync(node, ipv6, [], cancellationToken).ConfigureAwait(false))
            {
                await ReleaseAffinityAsync(cidr, node, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives up one block of a node. A block of another node is refused.</summary>
    public Task ReleaseAffinityAsync(Cidr block, string node, CancellationToken cancellationToken) =>
        _blocks.ReleaseAffinityAsync(block, node, Attempts, cancellationToken);

    private async Task TakeFromNewBlocksAsync(AutoAssignRequest request, IpamConfig config, ImmutableArray<Ip>.Builder given,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts && given.Count < request.Count; attempt++)
        {
            var pools = await UsablePoolsAsync(request, cancellationToken).ConfigureAwait(false);
            if (await ClaimFreeAsync(pools, request.Node, config, cancellationToken).ConfigureAwait(false) is not { } cidr)
            {
                return;
            }

            given.AddRange(await TakeAsync(cidr, request, request.Count - given.Count, config.StrictAffinity, cancellationToken).ConfigureAwait(false) ?? []);
        }
    }

    private async Task<Cidr?> ClaimFreeAsync(ImmutableArray<Cidr> pools, string node, IpamConfig config, CancellationToken cancellationToken)
    {
        foreach (var pool in pools)
        {
            foreach (var cidr in BlockWalk.From(pool, _start(pool, node)))
            {
                if (await _blocks.ReadAsync(cidr, cancellationToken).ConfigureAwait(false) is null
                    && await _blocks.ClaimAsync(cidr, node, config, cancellationToken).ConfigureAwait(false))
                {
                    return cidr;
                }
            }
        }

        return null;
    }

    private async Task BorrowAsync(AutoAssignRequest request, ImmutableArray<Ip>.Builder given, CancellationToken cancellationToken)
    {
        foreach (var pool in await UsablePoolsAsync(request, cancellationToken).ConfigureAwait(false))
        {
            foreach (var cidr in BlockWalk.From(pool, _start(pool, request.Node)))
            {
                if (given.Count == request.Count)
                {
                    return;
                }

                if (await TakeAsync(cidr, request, request.Count - given.Count, ownOnly: false, cancellationToken).ConfigureAwait(false) is not { } taken)
                {
                    break;
                }

                given.AddRange(taken);
            }
        }
    }

    /// <summary>Takes addresses from a block; null when the block does not exist or is not ours although it must be.</summary>
    private async Task<ImmutableArray<Ip>?> TakeAsync(Cidr cidr, AutoAssignRequest request, int count, bool ownOnly, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await _blocks.ReadAsync(cidr, cancellationToken).ConfigureAwait(false);
            if (stored is null || (ownOnly && stored.Block.AffineNode != request.Node))
            {
                return null;
            }

            var (block, addresses) = BlockArithmetic.AutoAssign(stored.Block, count, request.Owner);
            if (addresses.IsEmpty)
            {
                return [];
            }

            await _blocks.IncrementAsync(request.Owner.HandleId, cidr, addresses.Length, Attempts, cancellationToken).ConfigureAwait(false);
            if (await _blocks.UpdateAsync(block, stored.Index, cancellationToken).ConfigureAwait(false))
            {
                return addresses;
            }

            await _blocks.DecrementAsync(request.Owner.HandleId, cidr, addresses.Length, Attempts, cancellationToken).ConfigureAwait(false);
        }

        throw new IpamException("Max retries hit");
    }

    private async Task<ImmutableArray<Ip>> ReleaseFromAsync(Cidr cidr, Func<IpamBlock, ImmutableArray<Ip>> choose, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await _blocks.ReadAsync(cidr, cancellationToken).ConfigureAwait(false);
            if (stored is null)
            {
                return choose(BlockArithmetic.NewBlock(cidr, "", false));
            }

            var result = BlockArithmetic.Release(stored.Block, choose(stored.Block));
            if (ReferenceEquals(result.Block, stored.Block))
            {
                return result.NotAllocated;
            }

            var done = result.Block.Used == 0 && result.Block.AffineNode is null
                ? await _blocks.DeleteAsync(cidr, stored.Index, cancellationToken).ConfigureAwait(false)
                : await _blocks.UpdateAsync(result.Block, stored.Index, cancellationToken).ConfigureAwait(false);
            if (done)
            {
                foreach (var (handle, count) in result.Handles)
                {
                    await _blocks.DecrementAsync(handle, cidr, count, Attempts, cancellationToken).ConfigureAwait(false);
                }

                return result.NotAllocated;
            }
        }

        throw new IpamException("Max retries hit");
    }

    private async Task<ImmutableArray<Cidr>> UsablePoolsAsync(AutoAssignRequest request, CancellationToken cancellationToken)
    {
        var all = await _blocks.PoolsAsync(request.IPv6, cancellationToken).ConfigureAwait(false);
        foreach (var wanted in request.Pools)
        {
            if (!all.Any(p => p.Cidr == wanted))
            {
                throw new IpamException($"The given pool ({wanted}) does not exist");
            }
        }

        var usable = all.Where(p => !p.Disabled && (request.Pools.IsEmpty || request.Pools.Contains(p.Cidr))).Select(p => p.Cidr).ToImmutableArray();
        return usable.IsEmpty ? throw new IpamException("No configured Calico pools") : usable;
    }
}
