using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>A pool to scale: its parts and its free ranges cover it, once.</summary>
public sealed class PoolMapTests
{
    [Theory]
    [InlineData("10.20.0.0/26", 1, "10.20.0.0/26", "10.20.0.0/26")]
    [InlineData("10.20.0.0/24", 4, "10.20.0.0/26", "10.20.0.192/26")]
    [InlineData("10.20.0.0/16", 1024, "10.20.0.0/26", "10.20.255.192/26")]
    [InlineData("10.0.0.0/8", 1024, "10.0.0.0/18", "10.255.192.0/18")]
    [InlineData("fd80::/64", 1024, "fd80::/74", "fd80::ffc0:0:0:0/74")]
    [InlineData("fd80::/120", 4, "fd80::/122", "fd80::c0/122")]
    public void Parts_AreEqualAndCoverThePool(string pool, int count, string first, string last)
    {
        var parts = PoolMap.Parts(Cidr.Parse(pool), []);
        Assert.Equal((count, first, last), (parts.Length, parts[0].Cidr.ToString(), parts[^1].Cidr.ToString()));
        Assert.All(parts.Zip(parts.Skip(1)), p => Assert.Equal(p.First.Cidr.Last.Plus(1), p.Second.Cidr.First));
        Assert.Equal(Cidr.Parse(pool).Size, parts.Aggregate(UInt128.Zero, (sum, p) => sum + p.Cidr.Size));
        Assert.All(parts, p => Assert.Equal(p.Cidr.Size, p.Room * IpamBlock.Size));
    }

    [Fact]
    public void Part_HasItsBlocks_AndWhatIsTakenOfThem()
    {
        var parts = PoolMap.Parts(Cidr.Parse("10.0.0.0/8"), [Block("10.0.1.0/26", 3), Block("10.0.0.64/26", 1), Block("10.255.255.192/26", 64)]);
        Assert.Equal(["10.0.0.64/26", "10.0.1.0/26"], parts[0].Blocks.Select(b => b.Cidr.ToString()));
        Assert.Equal((4, 64), (parts[0].Used, parts[^1].Used));
        Assert.Equal(4 / 16384.0, parts[0].Share);
        Assert.Equal(68, parts.Sum(p => p.Used));
    }

    [Fact]
    public void Free_IsWhatNoBlockHas()
    {
        var pool = Cidr.Parse("10.20.0.0/24");
        Assert.Equal(["10.20.0.0-10.20.0.255"], Free(pool));
        Assert.Equal(["10.20.0.0-10.20.0.63", "10.20.0.128-10.20.0.255"], Free(pool, "10.20.0.64/26"));
        Assert.Equal(["10.20.0.64-10.20.0.191"], Free(pool, "10.20.0.0/26", "10.20.0.192/26", "10.21.0.0/26"));
        Assert.Empty(Free(pool, "10.20.0.0/26", "10.20.0.64/26", "10.20.0.128/26", "10.20.0.192/26"));
        // The last address there is has none behind it.
        Assert.Equal(["255.255.255.0-255.255.255.191"], Free(Cidr.Parse("255.255.255.0/24"), "255.255.255.192/26"));
        // A pool within one block.
        Assert.Equal(["10.20.0.0-10.20.0.31"], Free(Cidr.Parse("10.20.0.0/27")));
        Assert.Empty(Free(Cidr.Parse("10.20.0.0/27"), "10.20.0.0/26"));
    }

    [Fact]
    public void FreeAndBlocks_AreThePool_WhateverIsTaken()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var pool = Cidr.Parse($"10.20.0.0/{random.Next(16, 27)}");
            var blocks = BlockWalk.From(pool, 0).Where(_ => random.Next(3) == 0).Select(c => Block(c.ToString(), 1)).ToImmutableArray();
            var free = PoolMap.Free(pool, blocks).ToArray();
            Assert.Equal(pool.Size, free.Aggregate(UInt128.Zero, (sum, f) => sum + f.Size) + ((UInt128)blocks.Length * IpamBlock.Size));
            Assert.All(free, f => Assert.DoesNotContain(blocks, b => b.Cidr.First <= f.Last && b.Cidr.Last >= f.First));
        }
    }

    private static string[] Free(Cidr pool, params string[] blocks) =>
        [.. PoolMap.Free(pool, blocks.Select(b => Block(b, 1))).Select(f => $"{f.First}-{f.Last}")];

    private static IpamBlock Block(string cidr, int used)
    {
        var block = BlockArithmetic.NewBlock(Cidr.Parse(cidr), "n1", strictAffinity: false);
        return BlockArithmetic.AutoAssign(block, used, new IpamAttribute("h", null)).Block;
    }
}
