using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>What the pages ask an index: findings in a network or of a block, who has an address, and when a suspicion is proof.</summary>
public sealed class IpamIndexQueryTests
{
    private static readonly Cidr First = Cidr.Parse("10.60.0.0/26");
    private static readonly Cidr Second = Cidr.Parse("10.60.0.64/26");

    [Fact]
    public void FindingsIn_ANetwork_AreOfItsAddressesAndOfItsBlocks()
    {
        var index = Troubled().Index();

        Assert.Equal(["NotAllocated 10.60.0.9", "Leak 10.60.0.5"], index.FindingsIn(First).Select(f => f.Id));
        Assert.Equal(["AffinityWithoutBlock 10.60.0.128/26 n2"], index.FindingsIn(Cidr.Parse("10.60.0.128/25")).Select(f => f.Id));
        Assert.Equal(4, index.FindingsIn(Cidr.Parse(IpamCluster.Pool)).Count());
        Assert.Empty(index.FindingsIn(Cidr.Parse("10.61.0.0/24")));
    }

    [Fact]
    public void FindingsOf_ABlock_AreWorstFirstThenByAddress()
    {
        var cluster = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 0, 5, 6).WithEndpoint("n1", "x", "10.60.0.63").WithEndpoint("n1", "y", "10.60.0.8")
            .WithEndpoint("n2", "z", "10.60.0.6").WithEndpoint("n2", "w", "10.60.0.64");

        Assert.Equal(["NotAllocated 10.60.0.8", "NotAllocated 10.60.0.63", "Leak 10.60.0.0", "Leak 10.60.0.5", "Borrowed 10.60.0.0/26 n1"],
            cluster.Index().FindingsOf(First).Select(f => f.Id));
        Assert.Equal(["NotAllocated 10.60.0.64"], cluster.Index().FindingsOf(Second).Select(f => f.Id));
    }

    [Fact]
    public void Findings_AreWorstFirstThenByKindThenByAddress() =>
        Assert.Equal(["NotAllocated 10.60.0.9", "HandleMissing h1", "Leak 10.60.0.5", "Leak 10.60.0.70 h1", "AffinityWithoutBlock 10.60.0.128/26 n2"],
            Troubled().Index().Findings.Select(f => f.Id));

    [Fact]
    public void Address_OfABlock_HasItsOwnerItsUsersAndTheNodesOfItsBlock()
    {
        var owner = new IpamAttribute("h1", null);
        var index = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", owner, 5).WithHandle("h1", "10.60.0.0/26", 1)
            .WithEndpoint("n2", "a", "10.60.0.5").WithAffinity("n2", "10.60.0.0/26").Index();
        var address = Ip.Parse("10.60.0.5");

        Assert.Equal(First, index.BlockOf(address)!.Value.Cidr);
        Assert.Null(index.BlockOf(Ip.Parse("10.60.0.70")));
        Assert.Equal(["n1", "n2"], index.AffineNodes(First));
        Assert.Empty(index.AffineNodes(Second));
        Assert.Equal((owner, true, "n2"), (index.Holder(address).Owner, index.Holder(address).Borrowed, Assert.Single(index.Holder(address).Users).Node));
        Assert.True(index.Holder(address).IsAllocated);
        Assert.False(index.Holder(Ip.Parse("10.60.0.6")).IsAllocated);
        Assert.Empty(index.UsersOf(Ip.Parse("10.60.0.6")));
        Assert.Equal((1, 0), (index.Borrowed(First), index.Borrowed(Second)));
    }

    [Fact]
    public void Address_OutsideOfEveryBlock_HasItsUsersAndItsFinding()
    {
        var holder = IpamCluster.Sound().WithEndpoint("n1", "a", "10.60.0.200").Index().Holder(Ip.Parse("10.60.0.200"));

        Assert.Equal((null, IpamFindingKind.NotAllocated, false), (holder.Owner, holder.Finding!.Kind, holder.Borrowed));
        Assert.Equal("n1", Assert.Single(holder.Users).Node);
        Assert.Equal(AddressState.Suspect, holder.State);
    }

    /// <summary>A leak that a handle explains is shown as the handle's; any other finding is a suspicion.</summary>
    [Fact]
    public void State_OfAnAddressThatOnlyAHandleHas_IsTheHandle()
    {
        var index = IpamIndexTests.Case("address of a handle alone").Index();

        Assert.Equal(AddressState.Handle, index.Holder(Ip.Parse("10.60.0.5")).State);
        Assert.Equal(AddressState.Suspect, IpamIndexTests.Case("address that nobody has").Index().Holder(Ip.Parse("10.60.0.5")).State);
        Assert.Equal(AddressState.Suspect, IpamIndexTests.Case("two endpoints with one address").Index().Holder(Ip.Parse("10.60.0.5")).State);
    }

    [Theory]
    [InlineData("running", true)]
    [InlineData("paused", true)]
    [InlineData("restarting", true)]
    [InlineData("exited", false)]
    [InlineData("created", false)]
    [InlineData("dead", false)]
    public void Container_HoldsItsAddress_WhileItHasANetwork(string state, bool holds)
    {
        var index = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 5).WithContainer("n1", "web", "10.60.0.5", state).Index();

        Assert.Equal(holds ? IpamFindingKind.EndpointLost : IpamFindingKind.Leak, Assert.Single(index.Findings).Kind);
        Assert.Equal(holds ? "n1/web" : null, index.RunningContainer(Ip.Parse("10.60.0.5")));
        Assert.Null(index.RunningContainer(Ip.Parse("10.60.0.6")));
    }

    [Fact]
    public void Container_ThatStops_LeavesItsAddressToNobody()
    {
        var cluster = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 5).WithContainer("n1", "web", "10.60.0.5", "running");
        var index = cluster.Index();

        index = index.Next(cluster.WithContainer("n1", "web", "10.60.0.5", "exited").Snapshot(), [], ["n1"], IpamCluster.Start);

        Assert.Equal(IpamFindingKind.Leak, Assert.Single(index.Findings).Kind);
        Assert.Null(index.RunningContainer(Ip.Parse("10.60.0.5")));
    }

    /// <summary>Docker must have been seen where the block's node is a configured host; hosts of other nodes say nothing about it.</summary>
    [Fact]
    public void Leak_IsConfirmed_WhenTheDockerOfItsOwnNodeIsSeen()
    {
        var elsewhere = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 5).WithContainer("n2", "web", "10.60.0.9", "running");
        var here = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 5).WithContainer("n1", "web", "10.60.0.9", "running");

        Assert.True(Later(elsewhere, FeedStatus.Stale, 30));
        Assert.False(Later(here, FeedStatus.Stale, 30));
        Assert.True(Later(here, FeedStatus.Live, 30));
        Assert.False(Later(here, FeedStatus.Live, 29));
    }

    /// <summary>Only a look at a live datastore moves the time on: what was last seen before etcd went away proves nothing.</summary>
    [Fact]
    public void ObservedAt_StandsStillWhileEtcdIsNotLive()
    {
        var cluster = IpamCluster.Sound();
        Assert.Equal(DateTimeOffset.MinValue, IpamIndex.Empty.ObservedAt);
        Assert.Equal(DateTimeOffset.MinValue, IpamIndex.From(cluster.Snapshot(etcd: FeedStatus.Stale), IpamCluster.Start).ObservedAt);
        var index = cluster.Index();

        Assert.Equal(IpamCluster.Start, index.ObservedAt);
        Assert.Equal(IpamCluster.Start, index.Next(cluster.Snapshot(etcd: FeedStatus.Stale), [], [], IpamCluster.Start.AddSeconds(9)).ObservedAt);
        Assert.Equal(IpamCluster.Start, index.Next(cluster.Snapshot(etcd: FeedStatus.Stale), default, [], IpamCluster.Start.AddSeconds(9)).ObservedAt);
        Assert.Equal(IpamCluster.Start.AddSeconds(9), index.Next(cluster.Snapshot(), [], [], IpamCluster.Start.AddSeconds(9)).ObservedAt);
    }

    [Fact]
    public void Problem_IsNeitherANoteNorAnUnconfirmedLeak()
    {
        var notes = IpamIndexTests.Case("borrowed addresses").Index();
        var broken = IpamIndexTests.Case("handle without key").Index();

        Assert.False(notes.IsProblem(Assert.Single(notes.Findings)));
        Assert.True(broken.IsProblem(Assert.Single(broken.Findings)));
        Assert.False(broken.IsConfirmed(Assert.Single(broken.Findings)));
    }

    [Fact]
    public void Handle_MinusPartOfWhatItHolds_KeepsTheRest()
    {
        var handle = IpamHandle.None.Plus(First, 3).Plus(Second, 1);

        Assert.Equal(2, handle.Minus(First, 1)!.Blocks[First.ToString()]);
        Assert.Equal([Second.ToString()], handle.Minus(First, 3)!.Blocks.Keys);
        Assert.Null(handle.Minus(Cidr.Parse("10.99.0.0/26"), 1));
    }

    [Fact]
    public void Config_ThatCannotBeRead_CountsAsBothOff()
    {
        Assert.Equal(new IpamConfig(false, true), IpamConfig.From(IpamCluster.Sound().Snapshot().Calico));
        Assert.Equal(new IpamConfig(true, false), From("""{"strict_affinity":true}"""));
        Assert.Equal(new IpamConfig(false, true), From("""{"auto_allocate_blocks":true}"""));
        Assert.Equal(new IpamConfig(false, false), From("{"));

        static IpamConfig From(string stored) => IpamConfig.From(IpamCluster.Sound().Put(V1Keys.IpamConfig, stored).Snapshot().Calico);
    }

    [Theory]
    [InlineData("""{"block":[]}""", "'block' is an array and not an object")]
    [InlineData("""{"block":{"10.60.0.0/26":"2"}}""", "'block.10.60.0.0/26' is a string and not a number")]
    [InlineData("""{"block":{"10.60.0.0/26":1.5}}""", "'block.10.60.0.0/26' is not a whole number of 32 bits: 1.5")]
    [InlineData("[]", "the value is an array and not an object")]
    public void Handle_ThatCannotBeRead_SaysWhichMember(string stored, string reason)
    {
        var finding = Assert.Single(IpamCluster.Sound().Put(V1Keys.IpamHandle("h1"), stored).Index().Findings);

        Assert.Equal((IpamFindingKind.HandleUnreadable, reason), (finding.Kind, finding.Detail));
        Assert.Equal($"The handle h1 cannot be read: {reason}", finding.Text);
    }

    [Theory]
    [InlineData("[]", "the value is an array and not an object")]
    [InlineData("""{"strict_affinity":"yes"}""", "'strict_affinity' is a string and not a boolean")]
    public void Config_ThatCannotBeRead_SaysWhichMember(string stored, string reason) =>
        Assert.Equal(reason, IpamConfigCodec.Decode(System.Text.Encoding.UTF8.GetBytes(stored)).Reason);

    /// <summary>After a full listing nothing is left of what it does not name: not an affinity, a handle's use, a user, nor a suspicion.</summary>
    [Fact]
    public void Next_OfAFullListing_ForgetsWhatIsGone()
    {
        var cluster = Troubled().WithTunnel("n2", "10.60.0.11");
        var index = cluster.Index();
        Assert.NotEmpty(index.Suspects);
        foreach (var key in cluster.Keys.Where(k => !k.Contains("/pool/", StringComparison.Ordinal)).ToArray())
        {
            cluster.Remove(key);
        }

        index = index.Next(cluster.WithNode("n1").WithBlock("10.60.0.64/26", null).Snapshot(), default, [], IpamCluster.Start);

        Assert.Empty(index.Findings);
        Assert.Empty(index.Suspects);
        Assert.Empty(index.AffineNodes(First));
        Assert.Empty(index.UsersOf(Ip.Parse("10.60.0.9")));
        Assert.Empty(index.UsersOf(Ip.Parse("10.60.0.11")));
    }

    [Fact]
    public void Leak_OnAHostWhoseFeedHasNotBegun_IsNotConfirmed()
    {
        var snapshot = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 5).WithContainer("n1", "web", "10.60.0.9", "running").Snapshot();
        snapshot = snapshot with { Feeds = [.. snapshot.Feeds.Where(f => f.Name == "etcd")] };
        var index = IpamIndex.From(snapshot, IpamCluster.Start).Next(snapshot, [], [], IpamCluster.Start.AddMinutes(5));

        Assert.False(index.IsConfirmed(Assert.Single(index.Findings)));
    }

    [Fact]
    public void Findings_OfOneKind_AreByHandleAndByNode()
    {
        var handles = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", new IpamAttribute("h2", null), 1).WithEndpoint("n1", "a", "10.60.0.1")
            .WithBlock("10.60.0.64/26", "n1", new IpamAttribute("h1", null), 1).WithEndpoint("n1", "b", "10.60.0.65");
        var nodes = IpamCluster.Sound().WithNode("n3").WithAffinity("n3", "10.60.0.0/26").WithAffinity("n2", "10.60.0.0/26")
            .WithAffinity("gone", "10.60.0.0/26");

        Assert.Equal(["HandleMissing h1", "HandleMissing h2"], handles.Index().Findings.Select(f => f.Id));
        Assert.Equal(["AffinityOfOther 10.60.0.0/26 n2", "AffinityOfOther 10.60.0.0/26 n3", "AffinityOfMissingNode 10.60.0.0/26 gone"],
            nodes.Index().Findings.Select(f => f.Id));
        Assert.Equal(["n1", "n1", ""], nodes.Index().Findings.Select(f => f.Detail));
    }

    [Fact]
    public void Block_InAnEnabledAndADisabledPool_IsInOrder() =>
        Assert.Empty(IpamCluster.Sound().WithPool("10.60.0.0/16", disabled: true).Index().Findings);

    [Fact]
    public void Finding_WithNothingParticular_HasNoDetail() =>
        Assert.Equal("", Assert.Single(IpamIndexTests.Case("address that nobody has").Index().Findings).Detail);

    [Fact]
    public void Borrowed_OfABlock_CountsOnlyThat()
    {
        var cluster = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 4, 5, 6).WithEndpoint("n2", "a", "10.60.0.5").WithEndpoint("n2", "b", "10.60.0.6");

        Assert.Equal(2, cluster.Index().Borrowed(First));
        Assert.Equal(0, IpamIndexTests.Case("address that nobody has").Index().Borrowed(First));
    }

    [Fact]
    public void FindingsOf_ABlock_OfOneSeverity_AreByKind()
    {
        var cluster = IpamCluster.Sound().WithBlock("10.60.0.64/26", "n2", 3).Remove(V1Keys.IpamAffinity("n2", Second));

        Assert.Equal(["Leak 10.60.0.67", "BlockWithoutAffinity 10.60.0.64/26 n2"], cluster.Index().FindingsOf(Second).Select(f => f.Id));
    }

    [Fact]
    public void NotAllocated_IsFoundWhenOneOfSeveralPoolsHasTheAddress() =>
        Assert.Equal(["NotAllocated 10.60.0.9"],
            IpamCluster.Sound().WithPool("10.61.0.0/24").WithEndpoint("n1", "a", "10.60.0.9").Index().Findings.Select(f => f.Id));

    /// <summary>A block without affinity key names its node all the same: it is looked at again when the node comes and when it goes.</summary>
    [Fact]
    public void Node_ThatComesOrGoes_ChangesWhatIsSaidOfItsBlocks()
    {
        var cluster = IpamIndexTests.Case("block of a node that does not exist");
        var key = V1Keys.Node("gone", NodePart.Metadata);
        var index = cluster.Index();
        Assert.Equal(["AffinityOfMissingNode 10.60.0.64/26 gone"], index.Findings.Select(f => f.Id));

        index = index.Next(cluster.WithNode("gone").Snapshot(), [key], [], IpamCluster.Start);
        Assert.Equal(["BlockWithoutAffinity 10.60.0.64/26 gone"], index.Findings.Select(f => f.Id));

        index = index.Next(cluster.Remove(key).Snapshot(), [key], [], IpamCluster.Start);
        Assert.Equal(["AffinityOfMissingNode 10.60.0.64/26 gone"], index.Findings.Select(f => f.Id));
    }

    private static bool Later(IpamCluster cluster, FeedStatus docker, int seconds)
    {
        var index = cluster.Index().Next(cluster.Snapshot(docker: docker), [], [], IpamCluster.Start.AddSeconds(seconds));
        return index.IsConfirmed(Assert.Single(index.Findings));
    }

    /// <summary>One fault of each sort: of an address without and with a block, of a block, and of a handle.</summary>
    private static IpamCluster Troubled() => IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 5)
        .WithBlock("10.60.0.64/26", "n1", new IpamAttribute("h1", null), 6)
        .WithEndpoint("n1", "a", "10.60.0.9").WithAffinity("n2", "10.60.0.128/26");
}
