using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

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
