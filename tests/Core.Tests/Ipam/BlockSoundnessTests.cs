using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>A block has each ordinal once as free or once as taken, and each taken one names an owner that it has (docs/calico-v1.md#ipam).</summary>
public sealed class BlockSoundnessTests
{
    private const string Cidr26 = "10.60.0.0/26";

    /// <summary>Two addresses of one owner are taken: what is done to the block, what is found in a datastore with it, and what is said of it.</summary>
    public static TheoryData<string, IpamFindingKind?, string[]> Broken { get; } = new()
    {
        { "sound", null, [] },
        { "free twice", IpamFindingKind.BlockUnsound, ["10.60.0.63 is free but is 2 times in the list of free addresses"] },
        { "free but not listed", IpamFindingKind.BlockUnsound, ["10.60.0.2 is free but is 0 times in the list of free addresses"] },
        { "taken and listed", IpamFindingKind.BlockUnsound, ["10.60.0.0 is allocated but also in the list of free addresses"] },
        {
            "one free twice, one not listed", IpamFindingKind.BlockUnsound,
            ["10.60.0.2 is free but is 0 times in the list of free addresses", "10.60.0.63 is free but is 2 times in the list of free addresses"]
        },
        { "negative ordinal", IpamFindingKind.BlockUnreadable, ["the list of free addresses names ordinal -1, which no block of 64 has"] },
        { "ordinal 64", IpamFindingKind.BlockUnreadable, ["the list of free addresses names ordinal 64, which no block of 64 has"] },
        { "owner 1 of 1", IpamFindingKind.BlockUnreadable, ["10.60.0.1 names owner 1, but there are 1"] },
        { "owner -1", IpamFindingKind.BlockUnreadable, ["10.60.0.1 names owner -1, but there are 1"] },
        {
            "no owners at all", IpamFindingKind.BlockUnreadable,
            ["10.60.0.0 names owner 0, but there are 0", "10.60.0.1 names owner 0, but there are 0"]
        },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Block_ThatContradictsItself_IsFoundAndToldHow(string how, IpamFindingKind? kind, string[] problems)
    {
        var block = BlockOf(how);

        Assert.Equal(problems, IpamFindings.Problems(block));
        var found = IpamCluster.Sound().Put(V1Keys.IpamBlock(block.Cidr), IpamBlockCodec.Encode(block)).WithHandle("h", Cidr26, 2)
            .WithEndpoint("n1", "a", "10.60.0.0").WithEndpoint("n1", "b", "10.60.0.1").Index().Findings;
        Assert.Equal(kind is { } one ? [one] : [], found.Select(f => f.Kind).Where(k => k is IpamFindingKind.BlockUnsound or IpamFindingKind.BlockUnreadable));
        if (kind == IpamFindingKind.BlockUnsound)
        {
            Assert.Equal(problems[0] + (problems.Length == 1 ? "" : ", and 1 more"), found[0].Detail);
        }
    }

    [Fact]
    public void Owner_WithTheSameHandleButOtherAttributes_IsAnother()
    {
        var block = BlockArithmetic.NewBlock(Cidr.Parse(Cidr26), "n1", false);
        IpamAttribute[] owners =
        [
            new("h", null), new("h", Attributes()), new("h", Attributes(("pod", "a"))), new("h", Attributes(("pod", "b"))),
            new("h", Attributes(("pod", "a"), ("zone", "x"))), new("g", null), new(null, Attributes(("pod", "a"))),
        ];
        foreach (var owner in owners.Concat(owners))
        {
            block = BlockArithmetic.AutoAssign(block, 1, owner).Block;
        }

        Assert.Equal(owners.Length, block.Attributes.Length);
        Assert.Equal(Enumerable.Range(0, 7).Concat(Enumerable.Range(0, 7)).Select(i => (int?)i), block.Allocations.Take(14));
        Assert.Equal([Ip.Parse("10.60.0.5"), Ip.Parse("10.60.0.12")], BlockArithmetic.HeldBy(block, "g"));
    }

    /// <summary>Attributes are null in a stored block whose owner was edited away: its addresses are nobody's and can be released.</summary>
    [Fact]
    public void Block_WithoutOwners_IsReadAsNobodysAndCanBeReleased()
    {
        var block = BlockOf("no owners at all");

        Assert.All(BlockArithmetic.Allocated(block), a => Assert.Equal(BlockArithmetic.Nobody, a.Owner));
        Assert.All(BlockArithmetic.Allocated(BlockOf("owner -1")).Skip(1), a => Assert.Equal(BlockArithmetic.Nobody, a.Owner));
        Assert.All(BlockArithmetic.Allocated(BlockOf("owner 1 of 1")).Skip(1), a => Assert.Equal(BlockArithmetic.Nobody, a.Owner));
        var released = BlockArithmetic.Release(block, [Ip.Parse("10.60.0.0")]);
        Assert.Equal([null, 0], released.Block.Allocations.Take(2));
        Assert.Empty(released.Handles);
    }

    [Fact]
    public void Assign_WhatItRefuses_HasAReason()
    {
        var block = BlockOf("sound");

        Assert.Equal(AssignRefusal.AlreadyAssigned, BlockArithmetic.Assign(block, Ip.Parse("10.60.0.0"), "n1", BlockArithmetic.Nobody).Refusal);
        Assert.Equal(AssignRefusal.NotInBlock, BlockArithmetic.Assign(block, Ip.Parse("10.60.0.64"), "n1", BlockArithmetic.Nobody).Refusal);
        Assert.Equal(AssignRefusal.NotInBlock, BlockArithmetic.Assign(block, Ip.Parse("fd80::1"), "n1", BlockArithmetic.Nobody).Refusal);
    }

    [Fact]
    public void Release_OfNothing_LeavesTheBlockAsItIs()
    {
        var block = BlockOf("sound");

        Assert.Same(block, BlockArithmetic.Release(block, [Ip.Parse("10.60.0.9")]).Block);
        Assert.Same(block, BlockArithmetic.Release(block, []).Block);
    }

    /// <summary>Who gets no address does not become an owner.</summary>
    [Fact]
    public void AutoAssign_OfNothing_LeavesTheBlockAsItIs()
    {
        var block = BlockOf("sound");
        var full = BlockArithmetic.AutoAssign(block, 64, BlockArithmetic.Nobody).Block;

        Assert.Same(block, BlockArithmetic.AutoAssign(block, 0, new IpamAttribute("late", null)).Block);
        Assert.Equal(64, full.Used);
        Assert.Same(full, BlockArithmetic.AutoAssign(full, 1, new IpamAttribute("late", null)).Block);
        Assert.Empty(BlockArithmetic.AutoAssign(full, 1, new IpamAttribute("late", null)).Addresses);
    }

    [Fact]
    public void AddressesOf_Endpoints_AreOfBothFamilies()
    {
        var both = IpamCluster.Endpoint("n1", "a", "10.60.0.1", "libnetwork") with { IPv6Nets = [Cidr.Parse("fd80::1/128")] };

        Assert.Equal([Ip.Parse("10.60.0.1"), Ip.Parse("fd80::1")], IpamFindings.AddressesOf([both]));
    }

    /// <summary>libcalico drops the owners that lost their last address, and leaves one that had none before.</summary>
    [Fact]
    public void Release_OwnerThatNeverHadAnAddress_Stays()
    {
        var block = BlockOf("sound");
        block = block with { Attributes = [.. block.Attributes, new IpamAttribute("idle", null)] };

        var released = BlockArithmetic.Release(block, [Ip.Parse("10.60.0.0"), Ip.Parse("10.60.0.1"), Ip.Parse("10.60.0.1")]);

        Assert.Equal(["idle"], released.Block.Attributes.Select(a => a.HandleId));
        Assert.Equal([0, 1], released.Block.Unallocated.TakeLast(2));
        Assert.Equal(2, Assert.Single(released.Handles).Value);
        Assert.Empty(released.NotAllocated);
    }

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string Value)[] attributes) =>
        attributes.ToImmutableSortedDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal);

    private static IpamBlock BlockOf(string how)
    {
        var block = BlockArithmetic.AutoAssign(BlockArithmetic.NewBlock(Cidr.Parse(Cidr26), "n1", false), 2, new IpamAttribute("h", null)).Block;
        return how switch
        {
            "sound" => block,
            "negative ordinal" => block with { Unallocated = block.Unallocated.Add(-1) },
            "ordinal 64" => block with { Unallocated = block.Unallocated.Add(64) },
            "free twice" => block with { Unallocated = block.Unallocated.Add(63) },
            "one free twice, one not listed" => block with { Unallocated = block.Unallocated.Replace(2, 63) },
            "free but not listed" => block with { Unallocated = block.Unallocated.Remove(2) },
            "taken and listed" => block with { Unallocated = block.Unallocated.Add(0) },
            "owner 1 of 1" => block with { Allocations = block.Allocations.SetItem(1, 1) },
            "owner -1" => block with { Allocations = block.Allocations.SetItem(1, -1) },
            "no owners at all" => block with { Attributes = default },
            _ => throw new ArgumentOutOfRangeException(nameof(how), how, "no such block"),
        };
    }
}
