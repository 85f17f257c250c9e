using System.Text;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>The order in which a node looks through a pool's blocks (libcalico-go client/ipam_block_reader_writer.go). Pure.</summary>
public static class BlockWalk
{
    /// <summary>How many blocks a pool has room for.</summary>
    public static UInt128 Count(Cidr pool) => pool.PrefixLength >= BlockArithmetic.PrefixLength(pool.IsIPv6) ? 1 : pool.Size / IpamBlock.Size;

    /// <summary>
    /// Where a node starts: the FNV-1 hash (32 bits) of its name. libcalico feeds that hash to Go's random generator; any
    /// start is valid, since only the spreading of nodes over the pool matters.
    /// </summary>
    public static UInt128 Start(Cidr pool, string node)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(node))
        {
            hash = unchecked(hash * 16777619u) ^ octet;
        }

        return hash % Count(pool);
    }

    /// <summary>Every block of a pool once, from <paramref name="start"/> on and round. Lazy: an IPv6 pool has very many.</summary>
    public static IEnumerable<Cidr> From(Cidr pool, UInt128 start)
    {
        var count = Count(pool);
        var first = BlockArithmetic.BlockOf(pool.First).First;
        for (UInt128 i = 0; i < count; i++)
        {
            yield return new Cidr(first.Plus((start + i) % count * IpamBlock.Size), BlockArithmetic.PrefixLength(pool.IsIPv6));
        }
    }
}
