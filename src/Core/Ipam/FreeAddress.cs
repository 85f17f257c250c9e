using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>Finds an address that can be asked for. Pure.</summary>
public static class FreeAddress
{
    /// <summary>
    /// The lowest address of <paramref name="subnet"/> that lies in an enabled pool, is not allocated in a block, is not in
    /// <paramref name="taken"/>, and that <paramref name="node"/> may take when its block is strictly affine. The first and
    /// last address of an IPv4 subnet are legal in Calico but proposed only when nothing else is free.
    /// </summary>
    /// <param name="subnet">Where to look: a pool or a part of one.</param>
    /// <param name="pools">All pools.</param>
    /// <param name="blocks">All blocks.</param>
    /// <param name="taken">Addresses of endpoints, allocated or not.</param>
    /// <param name="node">The node that will ask; null when not known.</param>
    /// <returns>Null when there is none.</returns>
    public static Ip? Next(Cidr subnet, IEnumerable<IPPool> pools, IEnumerable<IpamBlock> blocks, IEnumerable<Ip> taken, string? node = null)
    {
        // Pools may overlap or nest: a disabled one does not close addresses that an enabled one opens.
        var open = pools.Where(p => !p.Disabled && p.Cidr.Overlaps(subnet))
            .Select(p => p.Cidr.PrefixLength > subnet.PrefixLength ? p.Cidr.Masked() : subnet.Masked())
            .Distinct().Order().ToArray();
        var byCidr = blocks.Where(b => b.Cidr.Overlaps(subnet)).ToDictionary(b => b.Cidr);
        var used = taken.Where(subnet.Contains).ToHashSet();
        var first = subnet.First;
        var last = subnet.Last;
        Ip? fallback = null;
        foreach (var range in open)
        {
            for (var ip = range.First; range.Contains(ip);)
            {
                if (byCidr.TryGetValue(BlockArithmetic.BlockOf(ip), out var block) && Closed(block, node))
                {
                    ip = block.Cidr.Last.Plus(1);
                    continue;
                }

                if (!used.Contains(ip) && (block is null || block.Allocations[BlockArithmetic.OrdinalOf(block, ip)!.Value] is null))
                {
                    if (subnet.IsIPv6 || (ip != first && ip != last))
                    {
                        return ip;
                    }

                    fallback ??= ip;
                }

                ip = ip.Plus(1);
            }
        }

        return fallback;
    }

    private static bool Closed(IpamBlock block, string? node) =>
        block.Used == IpamBlock.Size || (block.StrictAffinity && node is not null && block.AffineNode != node);
}
