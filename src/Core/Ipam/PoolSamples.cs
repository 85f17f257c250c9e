using CalicoConsole.Core.Model;
using CalicoConsole.Core.Series;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>What is measured of IPAM from time to time. Pure.</summary>
public static class PoolSamples
{
    /// <summary>The series of the addresses of a pool that are taken.</summary>
    public static SeriesKey KeyOf(Cidr pool) => new(SeriesMetrics.PoolUsed, pool.ToString());

    /// <summary>The measurements that a snapshot allows.</summary>
    public static ImmutableArray<SeriesSample> From(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        IpamBlock[] blocks = [.. snapshot.Calico.Blocks.Values.Select(b => b.Value)];
        return [.. Utilisation.ByPool(snapshot.Calico.IPPools.Keys, blocks).Select(u => new SeriesSample(KeyOf(u.Pool), u.Used))];
    }
}
