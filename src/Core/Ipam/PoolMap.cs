using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>An equal part of a pool, as it is drawn: one block, or several where a pool has very many.</summary>
/// <param name="Cidr">Its addresses.</param>
/// <param name="Room">How many blocks it has room for.</param>
/// <param name="Blocks">Its blocks that exist, sorted.</param>
public sealed record PoolPart(Cidr Cidr, UInt128 Room, ImmutableArray<IpamBlock> Blocks)
{
    /// <summary>How many of its addresses are taken.</summary>
    public int Used => Blocks.Sum(b => b.Used);

    /// <summary>The part of its addresses that is taken, 0 to 1.</summary>
    public double Share => Used / ((double)Room * IpamBlock.Size);
}

/// <summary>Addresses of a pool, one behind the other, that no node has taken a block of.</summary>
/// <param name="First">The first address.</param>
/// <param name="Last">The last address.</param>
public sealed record FreeRange(Ip First, Ip Last)
{
    /// <summary>How many addresses.</summary>
    public UInt128 Size => Last.Bits - First.Bits + 1;
}

/// <summary>A pool as a whole: what nodes have taken of it and what is free, to scale. Pure.</summary>
public static class PoolMap
{
    /// <summary>So many parts are drawn at most.</summary>
    public const int MostParts = 1024;

    /// <summary>The parts of a pool, in the order of their addresses: each a block while there are few enough.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="blocks">Its blocks.</param>
    public static ImmutableArray<PoolPart> Parts(Cidr pool, IEnumerable<IpamBlock> blocks)
    {
        var count = BlockWalk.Count(pool);
        var number = (int)UInt128.Min(count, MostParts);
        var room = count / (UInt128)number;
        var size = room * IpamBlock.Size;
        var first = BlockArithmetic.BlockOf(pool.First).First;
        var prefix = BlockArithmetic.PrefixLength(pool.IsIPv6) - (int)UInt128.Log2(room);
        var inside = blocks.OrderBy(b => b.Cidr).ToLookup(b => (int)((b.Cidr.First.Bits - first.Bits) / size));
        return [.. Enumerable.Range(0, number).Select(i => new PoolPart(new Cidr(first.Plus((UInt128)i * size), prefix), room, [.. inside[i]]))];
    }

    /// <summary>What no node has taken, in the order of the addresses. Lazy.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="blocks">Its blocks.</param>
    public static IEnumerable<FreeRange> Free(Cidr pool, IEnumerable<IpamBlock> blocks)
    {
        var next = pool.First;
        var ended = false;
        foreach (var block in blocks.Select(b => b.Cidr).Where(b => b.Last >= pool.First && b.First <= pool.Last).Order())
        {
            if (block.First > next)
            {
                yield return new FreeRange(next, new Ip(block.First.Bits - 1, pool.IsIPv6));
            }

            if (block.Last >= pool.Last)
            {
                ended = true;
                break;
            }

            next = block.Last.Plus(1);
        }

        if (!ended)
        {
            yield return new FreeRange(next, pool.Last);
        }
    }
}
