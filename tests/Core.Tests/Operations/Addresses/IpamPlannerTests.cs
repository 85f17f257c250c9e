using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Tests.Ipam;
using CsCheck;

namespace CalicoConsole.Core.Tests.Operations.Addresses;

public sealed class IpamPlannerTests
{
    private const string Block = "10.60.0.0/26";
    private static readonly IpamAttribute H1 = new("h1", null);

    [Fact]
    public void Release_LeakedAddress_ChangesTheBlockAsCalicoctlDoes()
    {
        var cluster = IpamCluster.Sound().WithBlock(Block, "n1", 5, 6);
        var key = V1Keys.IpamBlock(Cidr.Parse(Block));

        var planned = Plan(Release("10.60.0.5"), cluster);

        Assert.Empty(planned.Plan.Errors);
        var write = Assert.Single(planned.Writes);
        Assert.Equal((key, Expectation.At(cluster.Find(key)!.Revision)), (write.Key, write.Expected));
        var after = IpamBlockCodec.Decode(write.Value!.Value.Span).Value!;
        Assert.Equal(Ip.Parse("10.60.0.6"), Assert.Single(BlockArithmetic.Allocated(after)).Address);
        Assert.Equal(5, after.Unallocated[^1]);
        Assert.Equal("calicoctl ipam release --ip=10.60.0.5", Assert.Single(planned.Plan.Commands));
        Assert.Equal(cluster.Find(key)!.Text, Assert.Single(planned.Plan.Changes).Before);
    }

    [Theory]
    [InlineData(3, "calicoctl ipam release --ip=10.60.0.1|calicoctl ipam release --ip=10.60.0.2|calicoctl ipam release --ip=10.60.0.3")]
    [InlineData(4, "for ip in 10.60.0.1 10.60.0.2 10.60.0.3 10.60.0.4; do calicoctl ipam release --ip=$ip; done")]
    public void Release_OfManyAddresses_IsOneCommandToCopy(int count, string commands)
    {
        var cluster = IpamCluster.Sound().WithBlock(Block, "n1", 1, 2, 3, 4);

        Assert.Equal(commands, string.Join('|', Plan(Release([.. Enumerable.Range(1, count).Select(i => $"10.60.0.{i}")]), cluster).Plan.Commands));
    }

    [Fact]
    public void Release_LastAddressOfABlockWithoutOwner_DeletesTheBlock()
    {
        var planned = Plan(Release("10.60.0.67"), IpamCluster.Sound().WithBlock("10.60.0.64/26", null, 3));

        Assert.Null(Assert.Single(planned.Writes).Value);
        Assert.Contains(planned.Plan.Consequences, c => c.Contains("10.60.0.64/26", StringComparison.Ordinal));
    }

    [Fact]
    public void Release_AddressesOfAHandleInTwoBlocks_WritesBothBlocksAndThenTheHandleOnce()
    {
        var cluster = IpamCluster.Sound().WithBlock(Block, "n1", H1, 1, 2, 3).WithBlock("10.60.0.64/26", "n1", H1, 1)
            .Put(V1Keys.IpamHandle("h1"), """{"block":{"10.60.0.0/26":3,"10.60.0.64/26":1}}""");

        var planned = Plan(Release("10.60.0.65", "10.60.0.1", "10.60.0.2"), cluster);

        Assert.Equal(
            [V1Keys.IpamBlock(Cidr.Parse(Block)), V1Keys.IpamBlock(Cidr.Parse("10.60.0.64/26")), V1Keys.IpamHandle("h1")],
            planned.Writes.Select(w => w.Key));
        Assert.Equal("""{"block":{"10.60.0.0/26":1}}""", Text(planned.Writes[2]));
        Assert.Null(Plan(Release("10.60.0.65", "10.60.0.1", "10.60.0.2", "10.60.0.3"), cluster).Writes[2].Value);
    }

    [Fact]
    public void Release_HandleWithoutKey_IsDoneWithoutCalicoctl()
    {
        var planned = Plan(Release("10.60.0.1"), IpamCluster.Sound().WithBlock(Block, "n1", H1, 1));

        Assert.Empty(planned.Plan.Errors);
        Assert.Single(planned.Writes);
        Assert.Contains(planned.Plan.Warnings, w => w.Contains("exit silently", StringComparison.Ordinal));
        Assert.StartsWith("ETCDCTL_API=2 etcdctl set --swap-with-index", Assert.Single(planned.Plan.Commands), StringComparison.Ordinal);
    }

    [Fact]
    public void Release_HandleThatCountsTooFew_EndsAtZeroAndSaysSo()
    {
        var planned = Plan(Release("10.60.0.1", "10.60.0.2"), IpamCluster.Sound().WithBlock(Block, "n1", H1, 1, 2, 3).WithHandle("h1", Block, 1));

        Assert.Null(planned.Writes[1].Value);
        Assert.Contains(planned.Plan.Warnings, w => w.Contains("counts fewer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("an endpoint has it", "10.60.0.5", "addresses[1]", "workload endpoint libnetwork/libnetwork/web on node n1 has it")]
    [InlineData("a tunnel has it", "10.60.0.5", "addresses[1]", "IPIP tunnel of node n2")]
    [InlineData("a running container has it", "10.60.0.5", "addresses[1]", "running container n1/web")]
    [InlineData("it is free", "10.60.0.5", "addresses[1]", "IP address 10.60.0.5 is not assigned")]
    [InlineData("there is no block", "10.60.0.200", "addresses[1]", "IP address 10.60.0.200 is not assigned")]
    [InlineData("the block cannot be read", "10.60.0.70", "addresses[1]", "cannot be read")]
    public void Release_WhatMustNotBe_IsRefusedNamingTheAddress(string why, string address, string field, string reason)
    {
        var cluster = IpamCluster.Sound().WithBlock(Block, "n1", 1, 5);
        cluster = why switch
        {
            "an endpoint has it" => cluster.WithEndpoint("n1", "web", "10.60.0.5"),
            "a tunnel has it" => cluster.WithTunnel("n2", "10.60.0.5"),
            "a running container has it" => cluster.WithContainer("n1", "web", "10.60.0.5", "running"),
            "it is free" => cluster.WithBlock(Block, "n1", 1),
            "the block cannot be read" => cluster.Put(V1Keys.IpamBlock(Cidr.Parse("10.60.0.64/26")), "{not json"),
            _ => cluster,
        };

        var planned = Plan(Release("10.60.0.1", address), cluster);

        var error = planned.Refusal();
        Assert.Equal(field, error.Field);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Empty(planned.Writes);
    }

    [Fact]
    public void Release_StoppedContainerWithAFixedAddress_DoesNotHoldIt() =>
        Assert.Empty(Plan(Release("10.60.0.5"), IpamCluster.Sound().WithBlock(Block, "n1", 5).WithContainer("n1", "web", "10.60.0.5", "exited")).Plan.Errors);

    [Fact]
    public void Release_NoAddress_IsRefused() => Assert.Equal("addresses", Plan(Release(), IpamCluster.Sound()).Refusal().Field);

    [Fact]
    public void Affinity_EmptyBlock_IsDeletedBeforeTheClaim()
    {
        var planned = Plan(new ReleaseAffinity("n1", Cidr.Parse(Block)), IpamCluster.Sound());

        Assert.Equal([V1Keys.IpamBlock(Cidr.Parse(Block)), V1Keys.IpamAffinity("n1", Cidr.Parse(Block))], planned.Writes.Select(w => w.Key));
        Assert.All(planned.Writes, w => Assert.Null(w.Value));
    }

    [Fact]
    public void Affinity_BlockInUse_StaysWithoutOwner()
    {
        var planned = Plan(new ReleaseAffinity("n1", Cidr.Parse(Block)), IpamCluster.Sound().WithBlock(Block, "n1", 5));

        Assert.Contains("\"affinity\":null", Text(planned.Writes[0]), StringComparison.Ordinal);
        Assert.Null(planned.Writes[1].Value);
        Assert.Equal(2, planned.Plan.Commands.Length);
    }

    [Fact]
    public void Affinity_BlockOfAnotherNode_IsLeftAlone()
    {
        var planned = Plan(new ReleaseAffinity("n2", Cidr.Parse(Block)), IpamCluster.Sound().WithBlock(Block, "n1", 5).WithAffinity("n2", Block));

        Assert.Equal(V1Keys.IpamAffinity("n2", Cidr.Parse(Block)), Assert.Single(planned.Writes).Key);
    }

    [Theory]
    [InlineData("n2", Block, "block")]
    [InlineData("n1", "10.60.0.64/26", "block")]
    [InlineData("", Block, "node")]
    [InlineData("a/b", Block, "node")]
    public void Affinity_ThatIsNotThere_IsRefused(string node, string block, string field) =>
        Assert.Equal(field, Plan(new ReleaseAffinity(node, Cidr.Parse(block)), IpamCluster.Sound()).Refusal().Field);

    [Fact]
    public void Repairs_OfEveryFindingThatHasOne_RemoveIt()
    {
        var repaired = 0;
        foreach (var name in IpamIndexTests.Cases.Select(c => c.Data.Item1))
        {
            var cluster = IpamIndexTests.Case(name);
            foreach (var finding in cluster.Index().Findings)
            {
                Operation? repair = finding.Repair switch
                {
                    IpamRepair.ReleaseAddress => new ReleaseAddresses([finding.Address!.Value]),
                    IpamRepair.ReleaseAffinity => new ReleaseAffinity(finding.Node!, finding.Block!.Value),
                    IpamRepair.RebuildHandle => new RebuildHandle(finding.Handle!),
                    _ => null,
                };
                if (repair is not null)
                {
                    var planned = Plan(repair, cluster);
                    Assert.Empty(planned.Plan.Errors);
                    Assert.DoesNotContain(Apply(cluster, planned).Index().Findings, f => f.Id == finding.Id);
                    repaired++;
                }
            }
        }

        Assert.True(repaired >= 14, $"only {repaired} findings had a repair");
    }

    [Fact]
    public void Release_AnyAddressesOfAnySoundState_LeavesItSound() =>
        Gen.Select(Gen.Int[0, 63].Array[1, 40], Gen.Int[0, 2].Array[40], Gen.Bool.Array[40], Gen.Bool).Sample((ordinals, owners, release, owned) =>
        {
            var cidr = Cidr.Parse(Block);
            var block = BlockArithmetic.NewBlock(cidr, "n1", false);
            var handles = new Dictionary<string, IpamHandle>(StringComparer.Ordinal);
            var taken = ordinals.Distinct().ToArray();
            for (var i = 0; i < taken.Length; i++)
            {
                var id = owners[i] == 0 ? null : $"h{owners[i]}";
                block = BlockArithmetic.Assign(block, BlockArithmetic.AddressAt(block, taken[i]), "n1", new IpamAttribute(id, null)).Block!;
                if (id is not null)
                {
                    handles[id] = handles.GetValueOrDefault(id, IpamHandle.None).Plus(cidr, 1);
                }
            }

            var cluster = IpamCluster.Sound().Put(V1Keys.IpamBlock(cidr), IpamBlockCodec.Encode(owned ? block : block with { Affinity = null }));
            _ = owned ? cluster : cluster.Remove(V1Keys.IpamAffinity("n1", cidr));
            foreach (var (id, handle) in handles)
            {
                cluster.Put(V1Keys.IpamHandle(id), IpamHandleCodec.Encode(handle));
            }

            var gone = taken.Where((_, i) => release[i]).Select(o => BlockArithmetic.AddressAt(block, o)).ToImmutableArray();
            var planned = Plan(new ReleaseAddresses(gone), cluster);
            Assert.Equal(gone.IsEmpty, !planned.Plan.Errors.IsEmpty);
            var findings = Apply(cluster, planned).Index().Findings;
            Assert.Equal(taken.Length - gone.Length, findings.Length);
            Assert.All(findings, f => Assert.Equal(IpamFindingKind.Leak, f.Kind));
            Assert.Equal(!owned && gone.Length == taken.Length && !gone.IsEmpty, cluster.Find(V1Keys.IpamBlock(cidr)) is null);
        });

    [Fact]
    public void Handle_CountedAnew_IsGuardedByItsBlocks()
    {
        var cluster = IpamCluster.Sound().WithBlock(Block, "n1", H1, 5, 6);

        var planned = Plan(new RebuildHandle("h1"), cluster);

        Assert.Equal([V1Keys.IpamBlock(Cidr.Parse(Block)), V1Keys.IpamHandle("h1")], planned.Writes.Select(w => w.Key));
        Assert.Equal(cluster.Find(V1Keys.IpamBlock(Cidr.Parse(Block)))!.Text, Text(planned.Writes[0]));
        Assert.Equal(("""{"block":{"10.60.0.0/26":2}}""", Expectation.Absent), (Text(planned.Writes[1]), planned.Writes[1].Expected));
        Assert.Equal(V1Keys.IpamHandle("h1"), Assert.Single(planned.Plan.Changes).Object);
    }

    [Fact]
    public void Handle_ThatIsRight_IsNotWritten() =>
        Assert.Empty(Plan(new RebuildHandle("h1"), IpamCluster.Sound().WithBlock(Block, "n1", H1, 5).WithHandle("h1", Block, 1)).Plan.Changes);

    [Theory]
    [InlineData("h9", "does not exist")]
    [InlineData("", "cannot be a key")]
    [InlineData("a/b", "cannot be a key")]
    public void Handle_ThatIsNone_IsRefused(string id, string reason) =>
        Assert.Contains(reason, Plan(new RebuildHandle(id), IpamCluster.Sound()).Refusal().Reason, StringComparison.Ordinal);

    [Fact]
    public void Handle_WhileABlockCannotBeRead_IsRefused()
    {
        var cluster = IpamCluster.Sound().WithHandle("h1", Block, 1).Put(V1Keys.IpamBlock(Cidr.Parse("10.60.0.64/26")), "x");
        Assert.Contains("cannot be counted", Plan(new RebuildHandle("h1"), cluster).Refusal().Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "{\"strict_affinity\":true,\"auto_allocate_blocks\":true}")]
    [InlineData(true, false, "{\"strict_affinity\":true}")]
    public void Config_WithoutBlocks_IsWrittenAsLibcalicoDoes(bool strict, bool auto, string value) =>
        Assert.Equal(value, Text(Assert.Single(Plan(new SetIpamConfig(new IpamConfig(strict, auto)), new IpamCluster()).Writes)));

    [Fact]
    public void Config_Refusals_AreLibcalicos()
    {
        var both = Plan(new SetIpamConfig(new IpamConfig(false, false)), new IpamCluster()).Refusal();
        Assert.Equal(("autoAllocateBlocks", "Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time"), (both.Field, both.Reason));
        Assert.StartsWith(
            "Cannot change IPAM config while allocations exist",
            Plan(new SetIpamConfig(new IpamConfig(true, true)), IpamCluster.Sound()).Refusal().Reason,
            StringComparison.Ordinal);

        // What is so already is no change, with blocks too.
        var same = Plan(new SetIpamConfig(IpamConfig.Default), IpamCluster.Sound());
        Assert.Empty(same.Plan.Errors);
        Assert.Empty(same.Writes);
    }

    private static ReleaseAddresses Release(params string[] addresses) => new([.. addresses.Select(Ip.Parse)]);

    private static PlannedOperation Plan(Operation operation, IpamCluster cluster) => new OperationPlanner().Plan(operation, cluster.Snapshot());

    private static string Text(KeyWrite write) => Encoding.UTF8.GetString(write.Value!.Value.Span);

    private static IpamCluster Apply(IpamCluster cluster, PlannedOperation planned)
    {
        foreach (var write in planned.Writes)
        {
            Assert.Equal(write.Expected.Kind == ExpectationKind.Absent ? null : write.Expected.Revision, cluster.Find(write.Key)?.Revision);
            _ = write.Value is { } value ? cluster.Put(write.Key, Encoding.UTF8.GetString(value.Span)) : cluster.Remove(write.Key);
        }

        return cluster;
    }
}
