using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Series;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Ipam;

public sealed class PoolSamplesTests
{
    [Fact]
    public void EachPool_IsMeasured_AnEmptyOneToo()
    {
        var (full, empty) = (Cidr.Parse("192.0.2.0/24"), Cidr.Parse("fd80:24e2::/64"));
        var calico = CalicoState.Empty with
        {
            IPPools = CalicoState.Empty.IPPools.Add(full, Store(new IPPool { Cidr = full }, V1Keys.Pool(full)))
                .Add(empty, Store(new IPPool { Cidr = empty }, V1Keys.Pool(empty))),
        };

        Assert.Equal([new SeriesSample(new("pool.used", "192.0.2.0/24"), 0), new SeriesSample(new("pool.used", "fd80:24e2::/64"), 0)],
            PoolSamples.From(new ClusterSnapshot { Calico = calico }));
        Assert.Empty(PoolSamples.From(new ClusterSnapshot()));
    }

    private static Stored<T> Store<T>(T value, string key) => new(value, [new StoredKey(key, "{}"u8.ToArray(), 1)]);
}
