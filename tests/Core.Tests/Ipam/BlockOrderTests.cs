using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>The order in which a node looks through a pool's blocks.</summary>
public sealed class BlockOrderTests
{

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
}
