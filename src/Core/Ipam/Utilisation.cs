using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>How full a pool is (docs/calico-v1.md#what-is-derived). Counts are addresses unless named otherwise.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Size">All addresses of the pool.</param>
/// <param name="Blocks">Number of blocks that exist inside the pool.</param>
/// <param name="Used">Allocated.</param>
/// <param name="FreeInBlocks">Free in existing blocks.</param>
/// <param name="Unclaimed">In blocks that do not exist yet.</param>
public sealed record PoolUtilisation(Cidr Pool, UInt128 Size, int Blocks, int Used, int FreeInBlocks, UInt128 Unclaimed)
{
    /// <summary>The part of its addresses that is taken, 0 to 1.</summary>
    public double Share => (double)Used / (double)Size;

    /// <summary>Whether somebody should think of a further pool.</summary>
    public bool IsNearlyFull => Share >= 0.9;

    /// <summary>All its addresses in words: sizes of IPv6 pools as a power of two.</summary>
    public string SizeInWords => Pool.IsIPv6 ? $"2^{128 - Pool.PrefixLength}" : ((ulong)Size).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>How much is taken: <c>3 of 256</c>.</summary>
    public string UsedInWords => string.Create(CultureInfo.InvariantCulture, $"{Used:N0} of {SizeInWords}");
}

/// <summary>What a node holds of IPAM.</summary>
/// <param name="Node">Name of the node; empty for blocks that no node owns.</param>
/// <param name="Blocks">Number of its blocks.</param>
/// <param name="Used">Allocated addresses in them, by whichever node.</param>
/// <param name="Free">Free addresses in them.</param>
public sealed record NodeUtilisation(string Node, int Blocks, int Used, int Free);

/// <summary>Derived figures of IPAM. Pure.</summary>
public static class Utilisation
{
    /// <summary>Figures of each pool, in the order given.</summary>
    public static ImmutableArray<PoolUtilisation> ByPool(IEnumerable<Cidr> pools, IReadOnlyCollection<IpamBlock> blocks) =>
        [.. pools.Select(pool => OfPool(pool, blocks))];

    /// <summary>Figures of each node that has a block, sorted by name.</summary>
    public static ImmutableArray<NodeUtilisation> ByNode(IEnumerable<IpamBlock> blocks) =>
    [
        .. blocks.GroupBy(b => b.AffineNode ?? "", StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new NodeUtilisation(g.Key, g.Count(), g.Sum(b => b.Used), g.Sum(b => IpamBlock.Size - b.Used))),
    ];

    private static PoolUtilisation OfPool(Cidr pool, IReadOnlyCollection<IpamBlock> blocks)
    {
        var inside = blocks.Where(b => pool.Contains(b.Cidr)).ToArray();
        var used = inside.Sum(b => b.Used);
        return new PoolUtilisation(
            pool,
            pool.Size,
            inside.Length,
            used,
            (inside.Length * IpamBlock.Size) - used,
            (BlockWalk.Count(pool) - (UInt128)inside.Length) * IpamBlock.Size);
    }
}
