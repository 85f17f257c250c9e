using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>
/// What assigning and releasing do to one block (libcalico-go client/ipam_block.go; docs/calico-v1.md#ipam).
/// Pure: every function answers a new block.
/// </summary>
public static class BlockArithmetic
{
    /// <summary>Owner of an address without handle and attributes: what the libnetwork plugin and the IPIP tunnel use.</summary>
    public static IpamAttribute Nobody { get; } = new(null, null);

    /// <summary>26 or 122.</summary>
    public static int PrefixLength(bool ipv6) => ipv6 ? 122 : 26;

    /// <summary>The block that an address belongs to.</summary>
    public static Cidr BlockOf(Ip address) => new Cidr(address, PrefixLength(address.IsIPv6)).Masked();

    /// <summary>A fresh block, all addresses free.</summary>
    public static IpamBlock NewBlock(Cidr cidr, string node, bool strictAffinity) => new()
    {
        Cidr = cidr,
        Affinity = $"host:{node}",
        StrictAffinity = strictAffinity,
        Allocations = [.. Enumerable.Repeat<int?>(null, IpamBlock.Size)],
        Unallocated = [.. Enumerable.Range(0, IpamBlock.Size)],
    };

    /// <summary>The address of an ordinal, 0 to 63.</summary>
    public static Ip AddressAt(IpamBlock block, int ordinal) => block.Cidr.First.Plus((UInt128)ordinal);

    /// <summary>The ordinal of an address; null when it lies outside the block.</summary>
    public static int? OrdinalOf(IpamBlock block, Ip address) =>
        block.Cidr.Contains(address) ? (int)(address.Bits - block.Cidr.First.Bits) : null;

    /// <summary>Allocated addresses with their owners, by ordinal. An index without attribute is owned by nobody.</summary>
    public static IEnumerable<(Ip Address, IpamAttribute Owner)> Allocated(IpamBlock block)
    {
        for (var ordinal = 0; ordinal < block.Allocations.Length; ordinal++)
        {
            if (block.Allocations[ordinal] is { } index)
            {
                yield return (AddressAt(block, ordinal), Owner(block, index) ?? Nobody);
            }
        }
    }

    /// <summary>Takes up to <paramref name="count"/> addresses from the head of the free list.</summary>
    /// <returns>The new block and the addresses, fewer or none when the block is full.</returns>
    public static (IpamBlock Block, ImmutableArray<Ip> Addresses) AutoAssign(IpamBlock block, int count, IpamAttribute owner)
    {
        var taken = block.Unallocated.Take(count).ToImmutableArray();
        if (taken.IsEmpty)
        {
            return (block, []);
        }

        var (attributes, index) = AttributeFor(block, owner);
        var allocations = block.Allocations.ToBuilder();
        foreach (var ordinal in taken)
        {
            allocations[ordinal] = index;
        }

        var next = block with { Allocations = allocations.ToImmutable(), Unallocated = block.Unallocated[taken.Length..], Attributes = attributes };
        return (next, [.. taken.Select(o => AddressAt(block, o))]);
    }

    /// <summary>Takes one given address.</summary>
    public static AssignResult Assign(IpamBlock block, Ip address, string node, IpamAttribute owner)
    {
        if (block.StrictAffinity && block.AffineNode != node)
        {
            return new AssignResult(null, AssignRefusal.OtherNode);
        }

        if (OrdinalOf(block, address) is not { } ordinal)
        {
            return new AssignResult(null, AssignRefusal.NotInBlock);
        }

        if (block.Allocations[ordinal] is not null)
        {
            return new AssignResult(null, AssignRefusal.AlreadyAssigned);
        }

        var (attributes, index) = AttributeFor(block, owner);
        return new AssignResult(
            block with { Allocations = block.Allocations.SetItem(ordinal, index), Unallocated = block.Unallocated.Remove(ordinal), Attributes = attributes },
            null);
    }

    /// <summary>Frees addresses: they go to the end of the free list, owners of which it was the last address vanish and the others are renumbered.</summary>
    public static ReleaseResult Release(IpamBlock block, IReadOnlyCollection<Ip> addresses)
    {
        var notAllocated = ImmutableArray.CreateBuilder<Ip>();
        var handles = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        var allocations = block.Allocations.ToBuilder();
        var unallocated = block.Unallocated.ToBuilder();
        foreach (var address in addresses.Distinct())
        {
            if (OrdinalOf(block, address) is not { } ordinal || allocations[ordinal] is not { } index)
            {
                notAllocated.Add(address);
                continue;
            }

            if (Owner(block, index)?.HandleId is { } handle)
            {
                handles[handle] = handles.GetValueOrDefault(handle) + 1;
            }

            allocations[ordinal] = null;
            unallocated.Add(ordinal);
        }

        if (unallocated.Count == block.Unallocated.Length)
        {
            return new ReleaseResult(block, notAllocated.ToImmutable(), handles.ToImmutable());
        }

        var next = Renumber(block with { Allocations = allocations.ToImmutable(), Unallocated = unallocated.ToImmutable() }, block.Allocations);
        return new ReleaseResult(next, notAllocated.ToImmutable(), handles.ToImmutable());
    }

    /// <summary>The addresses that a handle holds in a block.</summary>
    public static ImmutableArray<Ip> HeldBy(IpamBlock block, string handle) =>
        [.. Allocated(block).Where(a => a.Owner.HandleId == handle).Select(a => a.Address)];

    private static IpamAttribute? Owner(IpamBlock block, int index) =>
        !block.Attributes.IsDefault && index >= 0 && index < block.Attributes.Length ? block.Attributes[index] : null;

    private static (ImmutableArray<IpamAttribute> Attributes, int Index) AttributeFor(IpamBlock block, IpamAttribute owner)
    {
        ImmutableArray<IpamAttribute> attributes = block.Attributes.IsDefault ? [] : block.Attributes;
        for (var i = 0; i < attributes.Length; i++)
        {
            if (Same(attributes[i], owner))
            {
                return (attributes, i);
            }
        }

        return (attributes.Add(owner), attributes.Length);
    }

    private static bool Same(IpamAttribute a, IpamAttribute b) =>
        a.HandleId == b.HandleId
        && (a.Secondary is null) == (b.Secondary is null)
        && (a.Secondary is null || (a.Secondary.Count == b.Secondary!.Count && a.Secondary.SequenceEqual(b.Secondary)));

    // Drops the owners that have lost their last address. One that had none before stays, as libcalico leaves it.
    private static IpamBlock Renumber(IpamBlock block, ImmutableArray<int?> before)
    {
        if (block.Attributes.IsDefault)
        {
            return block;
        }

        var lost = before.OfType<int>().Except(block.Allocations.OfType<int>()).ToHashSet();
        var position = new Dictionary<int, int>();
        var kept = ImmutableArray.CreateBuilder<IpamAttribute>();
        for (var i = 0; i < block.Attributes.Length; i++)
        {
            if (!lost.Contains(i))
            {
                position[i] = kept.Count;
                kept.Add(block.Attributes[i]);
            }
        }

        return block with
        {
            Attributes = kept.ToImmutable(),
            Allocations = [.. block.Allocations.Select(a => a is { } index && position.TryGetValue(index, out var at) ? at : a)],
        };
    }
}

/// <summary>Why an address was not assigned.</summary>
public enum AssignRefusal
{
    /// <summary>It is allocated already.</summary>
    AlreadyAssigned,

    /// <summary>The block is strictly affine to another node, or to none.</summary>
    OtherNode,

    /// <summary>It does not lie in the block.</summary>
    NotInBlock,
}

/// <summary>What assigning one address gave: a new block or a refusal, never both.</summary>
/// <param name="Block">The new block; null when refused.</param>
/// <param name="Refusal">Why it was refused; null when assigned.</param>
public readonly record struct AssignResult(IpamBlock? Block, AssignRefusal? Refusal);

/// <summary>What releasing gave.</summary>
/// <param name="Block">The new block; the same one when nothing was released.</param>
/// <param name="NotAllocated">Addresses that were not allocated in this block.</param>
/// <param name="Handles">How many addresses each handle lost.</param>
public sealed record ReleaseResult(IpamBlock Block, ImmutableArray<Ip> NotAllocated, ImmutableSortedDictionary<string, int> Handles);
