using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>The order in which a node looks through a pool's blocks, and which free address is proposed first.</summary>
public sealed class BlockOrderTests
{
    private static readonly IPPool Pool = new() { Cidr = Cidr.Parse("192.0.2.0/24") };

    [Fact]
    public void Walk_StartsWhereItIsToldAndGoesRound()
    {
        Assert.Equal(["10.8.0.128/26", "10.8.0.192/26", "10.8.0.0/26", "10.8.0.64/26"],
            BlockWalk.From(Cidr.Parse("10.8.0.0/24"), 2).Select(b => b.ToString()));
        Assert.Equal(["fd80::ffff:ffff:ffff:ffc0/122", "fd80::/122", "fd80::40/122"],
            BlockWalk.From(Cidr.Parse("fd80::/64"), (UInt128.One << 58) - 1).Take(3).Select(b => b.ToString()));
    }

    [Theory]
    [InlineData("10.8.0.0/24", 4)]
    [InlineData("10.8.0.0/25", 2)]
    [InlineData("10.8.0.0/26", 1)]
    [InlineData("fd80::/121", 2)]
    [InlineData("fd80::/122", 1)]
    [InlineData("fd80::/112", 1024)]
    public void Count_IsThePoolDividedIntoBlocksOf64(string pool, int blocks) => Assert.Equal((UInt128)blocks, BlockWalk.Count(Cidr.Parse(pool)));

    /// <summary>A stored pool may be smaller than a block; it then lies in exactly one.</summary>
    [Fact]
    public void PoolSmallerThanABlock_HasTheOneBlockAroundIt()
    {
        Assert.Equal(UInt128.One, BlockWalk.Count(Cidr.Parse("10.8.0.16/28")));
        Assert.Equal([Cidr.Parse("10.8.0.0/26")], BlockWalk.From(Cidr.Parse("10.8.0.16/28"), 0));
    }

    /// <summary>The published values of FNV-1 with 32 bits for three texts.</summary>
    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0x050c5d7eu)]
    [InlineData("foobar", 0x31f0b262u)]
    public void Start_IsTheFnv1HashOfTheNode(string node, uint hash)
    {
        Assert.Equal(hash, BlockWalk.Start(Cidr.Parse("fd80::/64"), node));
        Assert.Equal(hash % 4, BlockWalk.Start(Cidr.Parse("10.8.0.0/24"), node));
    }

    [Fact]
    public void FreeAddress_OnlyFirstAndLastAreLeft_GivesTheFirst() =>
        Assert.Equal(Ip.Parse("192.0.2.0"), Next("192.0.2.0/26", [], Enumerable.Range(1, 62).Select(i => $"192.0.2.{i}")));

    [Fact]
    public void FreeAddress_FullBlock_IsLeftForTheNext()
    {
        var full = Taken("192.0.2.0/26", "n1", 64);

        Assert.Equal(Ip.Parse("192.0.2.64"), Next("192.0.2.0/24", [full], []));
        Assert.Equal(Ip.Parse("192.0.2.65"), Next("192.0.2.0/24", [full], ["192.0.2.64"]));
        Assert.Null(Next("192.0.2.0/26", [full], []));
    }

    [Fact]
    public void FreeAddress_PartOfAPool_ProposesNeitherItsFirstNorItsLastBeforeTheOthers()
    {
        Assert.Equal(Ip.Parse("192.0.2.9"), Next("192.0.2.8/29", [], []));
        Assert.Equal(Ip.Parse("192.0.2.8"), Next("192.0.2.8/30", [], ["192.0.2.9", "192.0.2.10"]));
        Assert.Equal(Ip.Parse("192.0.2.11"), Next("192.0.2.8/30", [], ["192.0.2.8", "192.0.2.9", "192.0.2.10"]));
        Assert.Null(Next("192.0.2.8/30", [], ["192.0.2.8", "192.0.2.9", "192.0.2.10", "192.0.2.11"]));
    }

    /// <summary>Networks of one or two addresses have no first or last to spare (RFC 3021).</summary>
    [Fact]
    public void FreeAddress_OfOneOrTwoAddresses_GivesTheLowest()
    {
        Assert.Equal(Ip.Parse("192.0.2.8"), Next("192.0.2.8/31", [], []));
        Assert.Equal(Ip.Parse("192.0.2.9"), Next("192.0.2.8/31", [], ["192.0.2.8"]));
        Assert.Equal(Ip.Parse("192.0.2.9"), Next("192.0.2.9/32", [], []));
    }

    [Fact]
    public void FreeAddress_OfIPv6_MayBeTheFirst()
    {
        var pool = new IPPool { Cidr = Cidr.Parse("fd80::/64") };

        Assert.Equal(Ip.Parse("fd80::"), FreeAddress.Next(pool.Cidr, [pool], [], []));
    }

    /// <summary>A strict block is closed to a node that is named and is not its own; who is not named gets its address from any.</summary>
    [Fact]
    public void FreeAddress_StrictBlock_IsClosedToOtherNodesOnly()
    {
        var strict = Taken("192.0.2.0/26", "n1", 0) with { StrictAffinity = true };

        Assert.Equal(Ip.Parse("192.0.2.1"), FreeAddress.Next(Pool.Cidr, [Pool], [strict], []));
        Assert.Equal(Ip.Parse("192.0.2.64"), FreeAddress.Next(Pool.Cidr, [Pool], [strict with { Affinity = null }], [], "n1"));
        Assert.Equal(Ip.Parse("192.0.2.1"), FreeAddress.Next(Pool.Cidr, [Pool], [strict with { StrictAffinity = false }], [], "n2"));
    }

    [Fact]
    public void FreeAddress_SeveralPools_AreLookedThroughFromTheLowest()
    {
        IPPool[] pools = [new() { Cidr = Cidr.Parse("192.0.2.128/25") }, new() { Cidr = Cidr.Parse("192.0.2.64/26") }];

        Assert.Equal(Ip.Parse("192.0.2.64"), FreeAddress.Next(Pool.Cidr, pools, [], []));
        Assert.Equal(Ip.Parse("192.0.2.128"), FreeAddress.Next(Pool.Cidr, pools, [Taken("192.0.2.64/26", "n1", 64)], []));
    }

    [Fact]
    public void FreeAddress_EnabledPoolInsideOfADisabledOne_OpensItsPartOnly()
    {
        IPPool[] pools = [Pool with { Disabled = true }, new() { Cidr = Cidr.Parse("192.0.2.64/26") }];

        Assert.Equal(Ip.Parse("192.0.2.64"), FreeAddress.Next(Pool.Cidr, pools, [], []));
    }

    private static Ip? Next(string subnet, IpamBlock[] blocks, IEnumerable<string> taken) =>
        FreeAddress.Next(Cidr.Parse(subnet), [Pool], blocks, taken.Select(Ip.Parse));

    private static IpamBlock Taken(string cidr, string node, int used) =>
        BlockArithmetic.AutoAssign(BlockArithmetic.NewBlock(Cidr.Parse(cidr), node, false), used, BlockArithmetic.Nobody).Block;
}
