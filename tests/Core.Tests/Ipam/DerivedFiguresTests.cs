using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CsCheck;

namespace CalicoConsole.Core.Tests.Ipam;

public sealed class DerivedFiguresTests
{
    private static readonly IPPool Pool = new() { Cidr = Cidr.Parse("192.0.2.0/24") };

    [Fact]
    public void ByPool_OneBlockWithThreeAddresses_CountsAllParts()
    {
        var block = Taken("192.0.2.64/26", "n1", 3);

        var pool = Assert.Single(Utilisation.ByPool([Pool.Cidr], [block, Taken("10.0.0.0/26", "n2", 1)]));

        Assert.Equal(new PoolUtilisation(Pool.Cidr, 256, 1, 3, 61, 192), pool);
    }

    [Fact]
    public void ByNode_BlocksOfTwoNodesAndNobody_AreSummed() =>
        Assert.Equal(
            [new NodeUtilisation("", 1, 2, 62), new NodeUtilisation("n1", 2, 4, 124), new NodeUtilisation("n2", 1, 0, 64)],
            Utilisation.ByNode(
            [
                Taken("10.0.0.0/26", "n1", 1), Taken("10.0.0.64/26", "n1", 3), Taken("10.0.1.0/26", "n2", 0),
                Taken("10.0.2.0/26", "n3", 2) with { Affinity = null },
            ]));

    [Fact]
    public void FreeAddress_FreshPool_SkipsTheFirstAddress() => Assert.Equal(Ip.Parse("192.0.2.1"), FreeAddress.Next(Pool.Cidr, [Pool], [], []));

    [Fact]
    public void FreeAddress_DisabledOrForeignPool_GivesNone()
    {
        Assert.Null(FreeAddress.Next(Pool.Cidr, [Pool with { Disabled = true }], [], []));
        Assert.Null(FreeAddress.Next(Cidr.Parse("198.51.100.0/24"), [Pool], [], []));
    }

    [Fact]
    public void FreeAddress_StrictBlockOfAnotherNode_IsPassedOver()
    {
        var block = Taken("192.0.2.0/26", "n1", 0) with { StrictAffinity = true };

        Assert.Equal(Ip.Parse("192.0.2.64"), FreeAddress.Next(Pool.Cidr, [Pool], [block], [], "n2"));
        Assert.Equal(Ip.Parse("192.0.2.1"), FreeAddress.Next(Pool.Cidr, [Pool], [block], [], "n1"));
    }

    [Fact]
    public void FreeAddress_OnlyTheLastIsLeft_GivesTheLast()
    {
        var small = new IPPool { Cidr = Cidr.Parse("10.9.0.0/26") };
        var block = Taken("10.9.0.0/26", "n1", 63);

        Assert.Equal(Ip.Parse("10.9.0.63"), FreeAddress.Next(small.Cidr, [small], [block], []));
        Assert.Null(FreeAddress.Next(small.Cidr, [small], [block], [Ip.Parse("10.9.0.63")]));
    }

    [Fact]
    public void FreeAddress_WholeIPv6PoolAndTopOfIPv4_EndAndStayInside()
    {
        var v6 = new IPPool { Cidr = Cidr.Parse("fd80::/64") };
        var top = new IPPool { Cidr = Cidr.Parse("255.255.255.192/26") };

        Assert.Equal(Ip.Parse("fd80::1"), FreeAddress.Next(v6.Cidr, [v6], [], [Ip.Parse("fd80::")]));
        Assert.Null(FreeAddress.Next(top.Cidr, [top], [Taken("255.255.255.192/26", "n1", 64)], []));
    }

    [Fact]
    public void FreeAddress_AnyState_IsInAnEnabledPoolAndFree() =>
        Gen.Select(Gen.Int[0, 64].Array[4], Gen.Int[0, 255].Array[0, 60]).Sample((used, taken) =>
        {
            var blocks = used.Select((u, i) => Taken($"192.0.2.{i * 64}/26", "n1", u)).ToArray();
            var addresses = taken.Select(t => Ip.Parse($"192.0.2.{t}")).ToArray();
            var allocated = blocks.SelectMany(b => BlockArithmetic.Allocated(b)).Select(a => a.Address).Concat(addresses).ToHashSet();
            var free = FreeAddress.Next(Pool.Cidr, [Pool], blocks, addresses);
            Assert.Equal(allocated.Count == 256, free is null);
            Assert.True(free is null || (Pool.Cidr.Contains(free.Value) && !allocated.Contains(free.Value)));
        });

    [Fact]
    public void Problems_DoubledAndLostOrdinals_AreNamed()
    {
        var block = Taken("192.0.2.0/26", "n1", 2);
        var broken = block with { Unallocated = block.Unallocated.Replace(5, 6).Add(0), Allocations = block.Allocations.SetItem(1, 4) };

        var problems = IpamFindings.Problems(broken);

        Assert.Contains("192.0.2.0 is allocated but also in the list of free addresses", problems);
        Assert.Contains("192.0.2.1 names owner 4, but there are 1", problems);
        Assert.Contains("192.0.2.5 is free but is 0 times in the list of free addresses", problems);
        Assert.Contains("192.0.2.6 is free but is 2 times in the list of free addresses", problems);
    }

    private static IpamBlock Taken(string cidr, string node, int used) =>
        BlockArithmetic.AutoAssign(BlockArithmetic.NewBlock(Cidr.Parse(cidr), node, false), used, BlockArithmetic.Nobody).Block;
}
