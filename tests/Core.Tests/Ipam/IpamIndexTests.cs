using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Ipam;

public sealed class IpamIndexTests
{
    private const string Block = "10.60.0.0/26";

    public static TheoryData<string, string[]> Cases { get; } = new()
    {
        { "sound: an endpoint and a tunnel", [] },
        { "address that nobody has", ["Leak 10.60.0.5"] },
        { "address of a stopped container with a fixed address", ["Leak 10.60.0.5"] },
        { "address of a running container without endpoint", ["EndpointLost 10.60.0.5"] },
        { "address of a handle alone", ["Leak 10.60.0.5 h1"] },
        { "two endpoints with one address", ["SharedAddress 10.60.0.5"] },
        { "endpoint and tunnel with one address", ["SharedAddress 10.60.0.5"] },
        { "endpoint without allocation", ["NotAllocated 10.60.0.9"] },
        { "endpoint of no block", ["NotAllocated 10.60.0.200"] },
        { "virtual machine in a pool", ["NotAllocated 10.60.0.9"] },
        { "endpoint outside of every pool", [] },
        { "endpoint without allocation in a disabled pool", ["InDisabledPool 10.60.0.0/26 n1"] },
        { "block outside of every pool", ["Leak 10.99.0.3", "OutsidePools 10.99.0.0/26 n1"] },
        { "affinity without block", ["AffinityWithoutBlock 10.60.0.64/26 n2"] },
        { "block without affinity key", ["BlockWithoutAffinity 10.60.0.64/26 n2"] },
        { "affinity of another node", ["AffinityOfOther 10.60.0.0/26 n2"] },
        { "affinity to a block of nobody", ["AffinityOfOther 10.60.0.64/26 n2"] },
        { "block of nobody", [] },
        { "affinity of a node that does not exist", ["AffinityOfMissingNode 10.60.0.64/26 gone"] },
        { "block of a node that does not exist", ["AffinityOfMissingNode 10.60.0.64/26 gone"] },
        { "borrowed addresses", ["Borrowed 10.60.0.0/26 n1"] },
        { "handle without key", ["HandleMissing h1"] },
        { "handle with a wrong count", ["HandleCountWrong h1"] },
        { "handle with a count in another block", ["HandleCountWrong h1"] },
        { "handle without address", ["HandleUnused h1"] },
        { "handle that cannot be read", ["HandleUnreadable h1"] },
        { "sound handle", [] },
        { "block that contradicts itself", ["BlockUnsound 10.60.0.0/26 n1"] },
        { "block under another key", ["BlockUnreadable 10.60.0.64/26"] },
        { "block that cannot be read", ["BlockUnreadable 10.60.0.64/26"] },
        { "sound IPv6 block", [] },
        { "IPv6 address that nobody has", ["Leak fd80::5"] },
        { "old block with hostAffinity", [] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Findings_OfEachCase_AreTheseAndNoOthers(string name, string[] expected)
    {
        var index = Case(name).Index();

        Assert.Equal(expected, index.Findings.Select(f => f.Id));
        Assert.All(index.Findings, f =>
        {
            Assert.True(f.Text.Length > 10 && !f.Text.EndsWith('.'), f.Text);
            Assert.True(f.Why.Length > 10 && (f.Kind == IpamFindingKind.BlockUnreadable || f.Why.EndsWith('.')), f.Text);
        });
    }

    [Fact]
    public void Findings_HaveTheRepairThatFits()
    {
        Assert.Equal(IpamRepair.ReleaseAddress, Only("address that nobody has").Repair);
        Assert.Equal(IpamRepair.None, Only("address of a running container without endpoint").Repair);
        Assert.Equal(IpamRepair.RebuildHandle, Only("handle without key").Repair);
        Assert.Equal(IpamRepair.ReleaseAffinity, Only("affinity of a node that does not exist").Repair);
        Assert.Equal(IpamSeverity.Broken, Only("endpoint without allocation").Severity);
        Assert.Equal(IpamSeverity.Attention, Only("virtual machine in a pool").Severity);
        Assert.Contains("n1/web", Only("address of a running container without endpoint").Text, StringComparison.Ordinal);
        Assert.Contains("1 in 10.60.0.0/26, where it holds 2", Only("handle with a wrong count").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Confirmed_OnlyAfterTheTimeAndWhileBothFeedsAreLive()
    {
        var cluster = Case("address that nobody has").WithContainer("n1", "other", "10.60.0.9", "running");
        var first = IpamIndex.From(cluster.Snapshot(), IpamCluster.Start);
        var leak = Assert.Single(first.Findings);

        Assert.False(first.IsConfirmed(leak));
        Assert.False(first.IsProblem(leak));
        Assert.False(Later(first, cluster.Snapshot(), 29).IsConfirmed(leak));
        Assert.True(Later(first, cluster.Snapshot(), 30).IsConfirmed(leak));
        Assert.True(Later(first, cluster.Snapshot(), 30).IsProblem(leak));
        Assert.False(Later(first, cluster.Snapshot(etcd: FeedStatus.Stale), 60).IsConfirmed(leak));
        Assert.False(Later(first, cluster.Snapshot(docker: FeedStatus.Stale), 60).IsConfirmed(leak));
    }

    [Fact]
    public void Confirmed_StartsAnewWhenAnEndpointHadTheAddressInBetween()
    {
        var cluster = Case("address that nobody has");
        var index = IpamIndex.From(cluster.Snapshot(), IpamCluster.Start);
        var key = V1Keys.WorkloadEndpoint(IpamCluster.Endpoint("n1", "late", "10.60.0.5", "libnetwork").Id);
        index = index.Next(cluster.WithEndpoint("n1", "late", "10.60.0.5").Snapshot(), [key], [], IpamCluster.Start.AddSeconds(20));
        Assert.Empty(index.Findings);
        Assert.Empty(index.Suspects);

        index = index.Next(cluster.Remove(key).Snapshot(), [key], [], IpamCluster.Start.AddSeconds(40));

        Assert.False(Later(index, cluster.Snapshot(), 60).IsConfirmed(Assert.Single(index.Findings)));
        Assert.True(Later(index, cluster.Snapshot(), 70).IsConfirmed(Assert.Single(index.Findings)));
    }

    [Fact]
    public void LaterLook_AtTheSame_PutsNothingInOrderAgain_ButTimeMayNameALeak()
    {
        var snapshot = Case("endpoint without allocation").Snapshot();
        var first = IpamIndex.From(snapshot, IpamCluster.Start);
        var found = first.Findings;
        var later = first.Next(snapshot, [], [], IpamCluster.Start.AddSeconds(2));
        Assert.True(found == later.Findings);
        Assert.True(later.NamesSameProblemsAs(first));
        Assert.False(later.NamesSameProblemsAs(IpamIndex.From(snapshot, IpamCluster.Start)));

        var leaking = Case("address that nobody has").Snapshot();
        var suspect = IpamIndex.From(leaking, IpamCluster.Start);
        Assert.False(suspect.Next(leaking, [], [], IpamCluster.Start.AddSeconds(31)).NamesSameProblemsAs(suspect));
    }

    [Fact]
    public void Suspects_SurviveAFullListing()
    {
        var cluster = Case("address that nobody has");
        var index = IpamIndex.From(cluster.Snapshot(), IpamCluster.Start);

        index = index.Next(cluster.Snapshot(), default, [], IpamCluster.Start.AddSeconds(31));

        Assert.True(index.IsConfirmed(Assert.Single(index.Findings)));
        index = index.Next(cluster.Remove(V1Keys.IpamBlock(Cidr.Parse(Block))).Snapshot(), default, [], IpamCluster.Start.AddSeconds(32));
        Assert.Empty(index.Suspects);
    }

    [Fact]
    public void Docker_ContainerThatStarts_HoldsItsAddress()
    {
        var cluster = Case("address of a stopped container with a fixed address");
        var index = cluster.Index();
        Assert.Equal(IpamFindingKind.Leak, Assert.Single(index.Findings).Kind);

        index = index.Next(cluster.WithContainer("n1", "web", "10.60.0.5", "running").Snapshot(), [], ["n1"], IpamCluster.Start);

        Assert.Equal(IpamFindingKind.EndpointLost, Assert.Single(index.Findings).Kind);
        Assert.Equal("n1/web", index.RunningContainer(Ip.Parse("10.60.0.5")));
    }

    [Fact]
    public void Holders_EachKind_IsTold()
    {
        var cluster = IpamCluster.Sound()
            .WithBlock(Block, "n1", 1, 2, 3, 4)
            .WithEndpoint("n1", "a", "10.60.0.1")
            .WithTunnel("n1", "10.60.0.2")
            .WithEndpoint("n2", "b", "10.60.0.3")
            .WithEndpoint("n1", "c", "10.60.0.6");
        var index = cluster.Index();

        var holders = index.Holders(index.Snapshot.Calico.Blocks[Cidr.Parse(Block)].Value);

        Assert.Equal(64, holders.Length);
        Assert.Equal(
            [
                AddressState.Free, AddressState.Endpoint, AddressState.Tunnel, AddressState.Endpoint,
                AddressState.Suspect, AddressState.Free, AddressState.Suspect, AddressState.Free,
            ],
            holders.Take(8).Select(h => h.State));
        Assert.Equal([3], holders.Select((h, i) => (h, i)).Where(x => x.h.Borrowed).Select(x => x.i));
        Assert.Equal("the IPIP tunnel of n1", Assert.Single(holders[2].Users).ToString());
        Assert.Equal(IpamFindingKind.NotAllocated, holders[6].Finding!.Kind);
        Assert.Equal(AddressState.Free, index.Holder(Ip.Parse("10.60.0.99")).State);
        Assert.Equal(1, index.Borrowed(Cidr.Parse(Block)));
    }

    internal static IpamCluster Case(string name)
    {
        var cluster = IpamCluster.Sound();
        var h1 = new IpamAttribute("h1", null);
        var key = V1Keys.IpamBlock(Cidr.Parse(Block));
        var stored = cluster.Find(key)!.Text;
        return name switch
        {
            "sound: an endpoint and a tunnel" => cluster.WithBlock(Block, "n1", 5, 6).WithEndpoint("n1", "a", "10.60.0.5").WithTunnel("n1", "10.60.0.6"),
            "address that nobody has" => cluster.WithBlock(Block, "n1", 5),
            "address of a stopped container with a fixed address" => cluster.WithBlock(Block, "n1", 5).WithContainer("n1", "web", "10.60.0.5", "exited"),
            "address of a running container without endpoint" => cluster.WithBlock(Block, "n1", 5).WithContainer("n1", "web", "10.60.0.5", "running"),
            "address of a handle alone" => cluster.WithBlock(Block, "n1", h1, 5).WithHandle("h1", Block, 1),
            "two endpoints with one address" => cluster.WithBlock(Block, "n1", 5).WithEndpoint("n1", "a", "10.60.0.5").WithEndpoint("n1", "b", "10.60.0.5"),
            "endpoint and tunnel with one address" => cluster.WithBlock(Block, "n1", 5).WithEndpoint("n1", "a", "10.60.0.5").WithTunnel("n1", "10.60.0.5"),
            "endpoint without allocation" => cluster.WithEndpoint("n1", "a", "10.60.0.9"),
            "endpoint of no block" => cluster.WithEndpoint("n1", "a", "10.60.0.200"),
            "virtual machine in a pool" => cluster.WithEndpoint("n1", "a", "10.60.0.9", "openstack"),
            "endpoint outside of every pool" => cluster.WithEndpoint("n1", "a", "172.16.0.9"),
            "endpoint without allocation in a disabled pool" => cluster.WithPool(IpamCluster.Pool, disabled: true).WithEndpoint("n1", "a", "10.60.0.9"),
            "block outside of every pool" => cluster.WithBlock("10.99.0.0/26", "n1", 3),
            "affinity without block" => cluster.WithAffinity("n2", "10.60.0.64/26"),
            "block without affinity key" => cluster.WithBlock("10.60.0.64/26", "n2").Remove(V1Keys.IpamAffinity("n2", Cidr.Parse("10.60.0.64/26"))),
            "affinity of another node" => cluster.WithAffinity("n2", Block),
            "affinity to a block of nobody" => cluster
                .WithBlock("10.60.0.64/26", null, 3)
                .WithEndpoint("n2", "a", "10.60.0.67")
                .WithAffinity("n2", "10.60.0.64/26"),
            "block of nobody" => cluster.WithBlock("10.60.0.64/26", null, 3).WithEndpoint("n2", "a", "10.60.0.67"),
            "affinity of a node that does not exist" => cluster.WithAffinity("gone", "10.60.0.64/26"),
            "block of a node that does not exist" => cluster
                .WithBlock("10.60.0.64/26", "gone")
                .Remove(V1Keys.IpamAffinity("gone", Cidr.Parse("10.60.0.64/26"))),
            "borrowed addresses" => cluster.WithBlock(Block, "n1", 5).WithEndpoint("n2", "a", "10.60.0.5"),
            "handle without key" => cluster.WithBlock(Block, "n1", h1, 5).WithEndpoint("n1", "a", "10.60.0.5"),
            "handle with a wrong count" => cluster
                .WithBlock(Block, "n1", h1, 5, 6)
                .WithEndpoint("n1", "a", "10.60.0.5")
                .WithEndpoint("n1", "b", "10.60.0.6")
                .WithHandle("h1", Block, 1),
            "handle with a count in another block" => cluster
                .WithBlock(Block, "n1", h1, 5)
                .WithEndpoint("n1", "a", "10.60.0.5")
                .WithHandle("h1", "10.60.0.64/26", 1),
            "handle without address" => cluster.WithHandle("h1", Block, 1),
            "handle that cannot be read" => cluster.Put(V1Keys.IpamHandle("h1"), "{not json"),
            "sound handle" => cluster
                .WithBlock(Block, "n1", h1, 5, 6)
                .WithEndpoint("n1", "a", "10.60.0.5")
                .WithEndpoint("n1", "b", "10.60.0.6")
                .WithHandle("h1", Block, 2),
            "block that contradicts itself" => cluster.Put(key, stored.Replace("\"unallocated\":[0,", "\"unallocated\":[1,", StringComparison.Ordinal)),
            "block under another key" => cluster
                .WithAffinity("n2", "10.60.0.64/26")
                .Put(V1Keys.IpamBlock(Cidr.Parse("10.60.0.64/26")), stored.Replace("host:n1", "host:n2", StringComparison.Ordinal)),
            "block that cannot be read" => cluster.WithAffinity("n2", "10.60.0.64/26").Put(V1Keys.IpamBlock(Cidr.Parse("10.60.0.64/26")), "{not json"),
            "sound IPv6 block" => cluster.WithPool("fd80::/64").WithBlock("fd80::/122", "n1", 5).WithEndpoint("n1", "a", "fd80::5"),
            "IPv6 address that nobody has" => cluster.WithPool("fd80::/64").WithBlock("fd80::/122", "n1", 5),
            "old block with hostAffinity" => cluster
                .Put(key, stored.Replace("\"affinity\":\"host:n1\"", "\"affinity\":null,\"hostAffinity\":\"n1\"", StringComparison.Ordinal)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such case"),
        };
    }

    private static IpamFinding Only(string name) => Assert.Single(Case(name).Index().Findings);

    private static IpamIndex Later(IpamIndex index, ClusterSnapshot snapshot, int seconds) =>
        index.Next(snapshot, [], [], IpamCluster.Start.AddSeconds(seconds));
}
