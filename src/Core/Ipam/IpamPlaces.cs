using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>Where something of IPAM is. Pure.</summary>
public static class IpamPlaces
{
    /// <summary>The pool around a finding, and its block when that is stored; both null when no pool is around it.</summary>
    public static (Cidr? Pool, Cidr? Block) Find(IpamFinding finding, CalicoState calico)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var network = finding.Address is { } ip ? BlockArithmetic.BlockOf(ip) : finding.Block;
        return network is { } block && PoolAround(block, calico) is { } pool ? (pool, calico.Blocks.ContainsKey(block) ? block : null) : (null, null);
    }

    /// <summary>The most exact pool around a network; null when there is none.</summary>
    public static Cidr? PoolAround(Cidr network, CalicoState calico)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return calico.IPPools.Keys.Where(p => p.Contains(network)).OrderByDescending(p => p.PrefixLength).Cast<Cidr?>().FirstOrDefault();
    }
}
