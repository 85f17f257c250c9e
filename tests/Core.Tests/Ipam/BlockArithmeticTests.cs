using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CsCheck;

namespace CalicoConsole.Core.Tests.Ipam;

public sealed class BlockArithmeticTests
{
    private static readonly Cidr First = Cidr.Parse("10.60.0.0/26");

    [Fact]
    public void Release_SevenAndThree_StandAtTheEndInThatOrder()
    {
        var full = BlockArithmetic.AutoAssign(BlockArithmetic.NewBlock(First, "vm", false), 64, BlockArithmetic.Nobody).Block;

        var seven = BlockArithmetic.Release(full, [Ip.Parse("10.60.0.7")]).Block;
        var both = BlockArithmetic.Release(seven, [Ip.Parse("10.60.0.3")]).Block;

        Assert.Equal([7, 3], both.Unallocated);
        Assert.Equal(Ip.Parse("10.60.0.7"), Assert.Single(BlockArithmetic.AutoAssign(both, 1, BlockArithmetic.Nobody).Addresses));
    }

    [Fact]
    public void Assign_StrictBlockOfAnotherNode_IsRefused()
    {
        var block = BlockArithmetic.NewBlock(First, "n1", strictAffinity: true);

        Assert.Equal(AssignRefusal.OtherNode, BlockArithmetic.Assign(block, First.First, "n2", BlockArithmetic.Nobody).Refusal);
        Assert.Null(BlockArithmetic.Assign(block, First.First, "n1", BlockArithmetic.Nobody).Refusal);
        Assert.Null(BlockArithmetic.Assign(block with { StrictAffinity = false }, First.First, "n2", BlockArithmetic.Nobody).Refusal);
    }

    [Fact]
    public void Release_LastOfAnOwner_RemovesItAndRenumbersTheOthers()
    {
        var block = BlockArithmetic.NewBlock(First, "n1", false);
        (block, var a) = BlockArithmetic.AutoAssign(block, 1, new IpamAttribute("a", null));
        (block, _) = BlockArithmetic.AutoAssign(block, 2, new IpamAttribute("b", null));

        var result = BlockArithmetic.Release(block, [a[0], Ip.Parse("10.60.0.9"), Ip.Parse("10.99.0.1")]);

        Assert.Equal(["b"], result.Block.Attributes.Select(x => x.HandleId));
        Assert.Equal([null, 0, 0, null], result.Block.Allocations.Take(4));
        Assert.Equal([Ip.Parse("10.60.0.9"), Ip.Parse("10.99.0.1")], result.NotAllocated);
        Assert.Equal(1, result.Handles["a"]);
    }

    [Fact]
    public void Block_AnySequenceOfAssignsAndReleases_StaysSoundAndAgreesWithASet() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 63], Gen.Int[0, 2]).Array[0, 120].Sample(steps =>
        {
            var block = BlockArithmetic.NewBlock(First, "n1", false);
            var held = new Dictionary<Ip, string?>();
            foreach (var (what, number, who) in steps)
            {
                var owner = new IpamAttribute(who == 0 ? null : $"h{who}", who == 2 ? ImmutableSortedDictionary<string, string>.Empty.Add("k", "v") : null);
                var ip = First.First.Plus((UInt128)number);
                switch (what)
                {
                    case 0:
                        (block, var given) = BlockArithmetic.AutoAssign(block, number % 4, owner);
                        Assert.Equal(Math.Min(number % 4, 64 - held.Count), given.Length);
                        foreach (var one in given)
                        {
                            held.Add(one, owner.HandleId);
                        }

                        break;
                    case 1:
                        var assigned = BlockArithmetic.Assign(block, ip, "n1", owner);
                        Assert.Equal(held.TryAdd(ip, owner.HandleId), assigned.Block is not null);
                        block = assigned.Block ?? block;
                        break;
                    default:
                        var released = BlockArithmetic.Release(block, [ip]);
                        Assert.Equal(!held.Remove(ip), released.NotAllocated.Contains(ip));
                        block = released.Block;
                        break;
                }

                Assert.Empty(IpamFindings.Problems(block));
            }

            Assert.Equal(held.OrderBy(h => h.Key), BlockArithmetic.Allocated(block).Select(a => new KeyValuePair<Ip, string?>(a.Address, a.Owner.HandleId)));
            var bytes = IpamBlockCodec.Encode(block);
            Assert.Equal(Encoding.UTF8.GetString(bytes), Encoding.UTF8.GetString(IpamBlockCodec.Encode(IpamBlockCodec.Decode(bytes).Value!)));
        });

    [Fact]
    public void BlockWalk_AnyStart_VisitsEveryBlockOnce() =>
        Gen.Select(Gen.Int[20, 26], Gen.Int[0, 5000]).Sample((prefix, start) =>
        {
            var pool = new Cidr(Ip.Parse("10.8.0.0"), prefix);
            var walked = BlockWalk.From(pool, (UInt128)start % BlockWalk.Count(pool)).ToArray();
            Assert.Equal(1 << (26 - prefix), walked.Distinct().Count());
            Assert.Equal(walked.Length, walked.Distinct().Count());
            Assert.All(walked, b => Assert.True(pool.Contains(b)));
        });

    [Fact]
    public void BlockWalk_IPv6Pool_StartsInside()
    {
        var pool = Cidr.Parse("fd80:24e2:f998:72d6::/64");

        Assert.All(BlockWalk.From(pool, BlockWalk.Start(pool, "docker01")).Take(3), b => Assert.True(pool.Contains(b) && b.PrefixLength == 122));
    }
}
