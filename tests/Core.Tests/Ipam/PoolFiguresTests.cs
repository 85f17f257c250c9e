using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>How full a pool is, in numbers and in words, and which pool is around something.</summary>
public sealed class PoolFiguresTests
{
    [Theory]
    [InlineData(230, false)]
    [InlineData(231, true)]
    [InlineData(256, true)]
    public void NearlyFull_FromNineTenthsOn(int used, bool full)
    {
        var pool = new PoolUtilisation(Cidr.Parse("192.0.2.0/24"), 256, 4, used, 256 - used, 0);

        Assert.Equal(used / 256.0, pool.Share);
        Assert.Equal(full, pool.IsNearlyFull);
    }

    [Fact]
    public void NearlyFull_AtExactlyNineTenths() => Assert.True(new PoolUtilisation(Cidr.Parse("192.0.2.0/24"), 1000, 16, 900, 100, 0).IsNearlyFull);

    [Theory]
    [InlineData("10.0.0.0/16", 1234, "65,536", "1,234 of 65,536")]
    [InlineData("192.0.2.0/26", 0, "64", "0 of 64")]
    [InlineData("fd80::/64", 3, "2^64", "3 of 2^64")]
    [InlineData("fd80::/122", 64, "2^6", "64 of 2^6")]
    public void Words_OfIPv4AsANumberAndOfIPv6AsAPowerOfTwo(string cidr, int used, string size, string words)
    {
        var pool = new PoolUtilisation(Cidr.Parse(cidr), Cidr.Parse(cidr).Size, 1, used, 0, 0);

        Assert.Equal((size, words), (pool.SizeInWords, pool.UsedInWords));
    }

    [Fact]
    public void ByPool_SeveralBlocks_AreAddedUp()
    {
        IpamBlock[] blocks = [Taken("192.0.2.0/26", 3), Taken("192.0.2.128/26", 5)];

        Assert.Equal([new PoolUtilisation(Cidr.Parse("192.0.2.0/24"), 256, 2, 8, 120, 128)], Utilisation.ByPool([Cidr.Parse("192.0.2.0/24")], blocks));

        static IpamBlock Taken(string cidr, int used) =>
            BlockArithmetic.AutoAssign(BlockArithmetic.NewBlock(Cidr.Parse(cidr), "n1", false), used, BlockArithmetic.Nobody).Block;
    }

    [Fact]
    public void PoolAround_IsTheMostExactOne()
    {
        var calico = IpamCluster.Sound().WithPool("10.0.0.0/8").WithPool("10.60.0.0/16").Snapshot().Calico;

        Assert.Equal(Cidr.Parse("10.60.0.0/24"), IpamPlaces.PoolAround(Cidr.Parse("10.60.0.64/26"), calico));
        Assert.Equal(Cidr.Parse("10.60.0.0/16"), IpamPlaces.PoolAround(Cidr.Parse("10.60.1.0/26"), calico));
        Assert.Null(IpamPlaces.PoolAround(Cidr.Parse("172.16.0.0/26"), calico));
    }

    [Fact]
    public void Place_OfAFinding_HasTheBlockOnlyWhenItIsStored()
    {
        var calico = IpamCluster.Sound().Snapshot().Calico;
        var pool = Cidr.Parse(IpamCluster.Pool);
        var leak = new IpamFinding(IpamFindingKind.Leak);

        Assert.Equal((pool, Cidr.Parse("10.60.0.0/26")), IpamPlaces.Find(leak with { Address = Ip.Parse("10.60.0.5") }, calico));
        Assert.Equal((pool, (Cidr?)null), IpamPlaces.Find(leak with { Address = Ip.Parse("10.60.0.70") }, calico));
        Assert.Equal((pool, Cidr.Parse("10.60.0.0/26")), IpamPlaces.Find(leak with { Block = Cidr.Parse("10.60.0.0/26") }, calico));
        Assert.Equal(((Cidr?)null, (Cidr?)null), IpamPlaces.Find(leak with { Address = Ip.Parse("10.99.0.5") }, calico));
        Assert.Equal(((Cidr?)null, (Cidr?)null), IpamPlaces.Find(leak, calico));
    }
}
