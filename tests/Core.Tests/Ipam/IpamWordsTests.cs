using System.Collections.Immutable;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>What people read of a finding: the sentence, how bad it is, and what repairs it.</summary>
public sealed class IpamWordsTests
{
    public static TheoryData<string, string, IpamSeverity, IpamRepair> Findings { get; } = new()
    {
        { "address that nobody has", "10.60.0.5 is allocated but no endpoint has it", IpamSeverity.Attention, IpamRepair.ReleaseAddress },
        {
            "address of a handle alone", "10.60.0.5 is allocated but no endpoint has it; it is noted for the handle h1",
            IpamSeverity.Attention, IpamRepair.ReleaseAddress
        },
        {
            "address of a running container without endpoint", "10.60.0.5 is held by the running container n1/web, but its workload endpoint is missing",
            IpamSeverity.Broken, IpamRepair.None
        },
        {
            "two endpoints with one address",
            "10.60.0.5 is used 2 times: the endpoint libnetwork/libnetwork/a on n1, the endpoint libnetwork/libnetwork/b on n1",
            IpamSeverity.Broken, IpamRepair.None
        },
        {
            "endpoint without allocation", "10.60.0.9 is used by the endpoint libnetwork/libnetwork/a on n1 but is not allocated",
            IpamSeverity.Broken, IpamRepair.None
        },
        {
            "virtual machine in a pool", "10.60.0.9 is used by the endpoint openstack/vm/a on n1 but is not allocated",
            IpamSeverity.Attention, IpamRepair.None
        },
        {
            "endpoint without allocation in a disabled pool", "The block 10.60.0.0/26 lies in a disabled IP pool",
            IpamSeverity.Note, IpamRepair.None
        },
        {
            "affinity without block", "n2 claims the block 10.60.0.64/26, which does not exist",
            IpamSeverity.Attention, IpamRepair.ReleaseAffinity
        },
        {
            "block without affinity key", "The block 10.60.0.64/26 names n2, which has no affinity key for it",
            IpamSeverity.Attention, IpamRepair.ReleaseAffinity
        },
        {
            "affinity of another node", "n2 claims the block 10.60.0.0/26, which names n1",
            IpamSeverity.Broken, IpamRepair.ReleaseAffinity
        },
        {
            "affinity to a block of nobody", "n2 claims the block 10.60.0.64/26, which names no node",
            IpamSeverity.Broken, IpamRepair.ReleaseAffinity
        },
        {
            "affinity of a node that does not exist", "The block 10.60.0.64/26 belongs to gone, a node that does not exist",
            IpamSeverity.Attention, IpamRepair.ReleaseAffinity
        },
        { "borrowed addresses", "1 address of n1's block 10.60.0.0/26 is borrowed by n2", IpamSeverity.Note, IpamRepair.None },
        { "handle without key", "1 address is noted for the handle h1, which has no key", IpamSeverity.Broken, IpamRepair.RebuildHandle },
        {
            "handle with a wrong count", "The handle h1 counts wrongly: 1 in 10.60.0.0/26, where it holds 2",
            IpamSeverity.Attention, IpamRepair.RebuildHandle
        },
        {
            "handle with a count in another block",
            "The handle h1 counts wrongly: 0 in 10.60.0.0/26, where it holds 1, 1 in 10.60.0.64/26, where it holds 0",
            IpamSeverity.Attention, IpamRepair.RebuildHandle
        },
        { "handle without address", "The handle h1 has no address", IpamSeverity.Attention, IpamRepair.RebuildHandle },
        {
            "block that contradicts itself",
            "The block 10.60.0.0/26 contradicts itself: 10.60.0.0 is free but is 0 times in the list of free addresses, and 1 more",
            IpamSeverity.Broken, IpamRepair.None
        },
        {
            "block that cannot be read", "The block 10.60.0.64/26 cannot be read", IpamSeverity.Broken, IpamRepair.None
        },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void Finding_OfACase_SaysThisInWords(string name, string text, IpamSeverity severity, IpamRepair repair)
    {
        var finding = Assert.Single(IpamIndexTests.Case(name).Index().Findings);

        Assert.Equal((text, severity, repair), (finding.Text, finding.Severity, finding.Repair));
    }

    [Fact]
    public void Findings_OfSeveralAddresses_SpeakOfMany()
    {
        var h1 = new IpamAttribute("h1", null);
        var many = Enumerable.Range(0, 3).ToArray();

        Assert.Equal("2 addresses of n1's block 10.60.0.0/26 are borrowed by n2, n3", Texts(IpamCluster.Sound().WithNode("n3")
            .WithBlock("10.60.0.0/26", "n1", 0, 1).WithEndpoint("n3", "a", "10.60.0.0").WithEndpoint("n2", "b", "10.60.0.1"))[^1]);
        Assert.Contains("3 addresses are noted for the handle h1, which has no key", Texts(IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", h1, many)));
        Assert.Contains("The block 10.99.0.0/26 lies in no IP pool, with 3 addresses", Texts(IpamCluster.Sound().WithBlock("10.99.0.0/26", "n1", many)));
        Assert.Contains("The block 10.60.0.0/26 lies in a disabled IP pool, with 1 address",
            Texts(IpamCluster.Sound().WithPool(IpamCluster.Pool, disabled: true).WithBlock("10.60.0.0/26", "n1", 7)));
        Assert.Contains("The block 10.99.0.0/26 lies in no IP pool", Texts(IpamCluster.Sound().WithBlock("10.99.0.0/26", "n1")));
    }

    [Fact]
    public void Finding_OfThousands_GroupsTheirDigits() =>
        Assert.Equal("1,024 addresses are noted for the handle h1, which has no key",
            new IpamFinding(IpamFindingKind.HandleMissing) { Handle = "h1", Count = 1024 }.Text);

    [Fact]
    public void SharedAddress_OfManyUsers_NamesThreeAndSaysThatThereAreMore()
    {
        IpamCluster Used(int times) =>
            Enumerable.Range(0, times).Aggregate(IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", 5), (c, i) => c.WithEndpoint("n1", $"e{i}", "10.60.0.5"));

        Assert.Equal("10.60.0.5 is used 3 times: the endpoint libnetwork/libnetwork/e0 on n1, the endpoint libnetwork/libnetwork/e1 on n1, "
            + "the endpoint libnetwork/libnetwork/e2 on n1", Assert.Single(Texts(Used(3))));
        Assert.Equal("10.60.0.5 is used 4 times: the endpoint libnetwork/libnetwork/e0 on n1, the endpoint libnetwork/libnetwork/e1 on n1, "
            + "the endpoint libnetwork/libnetwork/e2 on n1, …", Assert.Single(Texts(Used(4))));
    }

    [Fact]
    public void Borrowed_ByManyNodes_NamesFiveAndSaysThatThereAreMore()
    {
        IpamCluster By(int nodes) => Enumerable.Range(0, nodes).Aggregate(
            IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", [.. Enumerable.Range(0, nodes)]),
            (c, i) => c.WithNode($"b{i}").WithEndpoint($"b{i}", "e", $"10.60.0.{i}"));

        Assert.Equal("5 addresses of n1's block 10.60.0.0/26 are borrowed by b0, b1, b2, b3, b4", Assert.Single(Texts(By(5))));
        Assert.Equal("6 addresses of n1's block 10.60.0.0/26 are borrowed by b0, b1, b2, b3, b4, …", Assert.Single(Texts(By(6))));
    }

    [Fact]
    public void HandleCountWrong_InManyBlocks_NamesThreeAndSaysThatThereAreMore()
    {
        IpamCluster In(int blocks) => Enumerable.Range(0, blocks).Aggregate(IpamCluster.Sound().WithHandle("h1", "10.99.0.0/26", 9), (c, i) =>
            c.WithBlock($"10.60.0.{i * 64}/26", "n1", new IpamAttribute("h1", null), 0).WithEndpoint("n1", $"e{i}", $"10.60.0.{i * 64}"));

        Assert.Equal("The handle h1 counts wrongly: 0 in 10.60.0.0/26, where it holds 1, 0 in 10.60.0.64/26, where it holds 1, "
            + "9 in 10.99.0.0/26, where it holds 0", Assert.Single(Texts(In(2))));
        Assert.EndsWith(
            "0 in 10.60.0.128/26, where it holds 1, 0 in 10.60.0.64/26, where it holds 1, …", Assert.Single(Texts(In(3))), StringComparison.Ordinal);
    }

    [Fact]
    public void Why_SaysWhatTheCaseNeeds()
    {
        Assert.StartsWith(
            "/calico/ipam/v2/assignment/ipv4/block/10.60.0.64-26: not JSON at line 1", Why("block that cannot be read"), StringComparison.Ordinal);
        Assert.Contains("Recreate its workload", Why("endpoint without allocation"), StringComparison.Ordinal);
        Assert.Contains("virtual machines are never in IPAM", Why("virtual machine in a pool"), StringComparison.Ordinal);
    }

    [Fact]
    public void User_LongEndpointName_IsCutToTwelveCharacters()
    {
        var index = IpamCluster.Sound().WithEndpoint("n1", "0123456789abc", "172.16.0.1")
            .WithEndpoint("n1", "0123456789ab", "172.16.0.2").Index();

        Assert.Equal("the endpoint libnetwork/libnetwork/0123456789ab on n1", Assert.Single(index.UsersOf(Ip.Parse("172.16.0.1"))).ToString());
        Assert.Equal("the endpoint libnetwork/libnetwork/0123456789ab on n1", Assert.Single(index.UsersOf(Ip.Parse("172.16.0.2"))).ToString());
    }

    /// <summary>Answers of calicoctl 1.6.3 (golden ipam), without a datastore that has the block, with one, and for an owner with attributes.</summary>
    [Fact]
    public void Show_EachAnswer_IsCalicoctls()
    {
        var owner = new IpamAttribute("h1", ImmutableSortedDictionary<string, string>.Empty.Add("pod", "web").Add("namespace", "shop"));
        var calico = IpamCluster.Sound().WithBlock("10.60.0.0/26", "n1", owner, 5).WithBlock("10.60.0.64/26", "n1", 1).Snapshot().Calico;

        Assert.Equal("10.60.0.200 is not assigned", AddressWords.Show(calico, Ip.Parse("10.60.0.200")));
        Assert.Equal("IP 10.60.0.6 is not currently assigned in block", AddressWords.Show(calico, Ip.Parse("10.60.0.6")));
        Assert.Equal("map[namespace:shop pod:web]", AddressWords.Show(calico, Ip.Parse("10.60.0.5")));
        Assert.Equal("No attributes defined for IP 10.60.0.65", AddressWords.Show(calico, Ip.Parse("10.60.0.65")));
    }

    [Theory]
    [InlineData("10.60.0.5", true)]
    [InlineData("10.60.0.0", true)]
    [InlineData("10.60.00.5", false)]
    [InlineData("10.060.0.5", false)]
    [InlineData("::ffff:10.60.0.05", false)]
    [InlineData("fd80::05", true)]
    [InlineData("10.60.0", false)]
    public void TryRead_PartOfAnIPv4AddressWithALeadingZero_IsRefused(string text, bool read) => Assert.Equal(read, AddressWords.TryRead(text, out _));

    private static ImmutableArray<string> Texts(IpamCluster cluster) =>
        [.. cluster.Index().Findings.Where(f => f.Kind != IpamFindingKind.Leak).Select(f => f.Text)];

    private static string Why(string name) => Assert.Single(IpamIndexTests.Case(name).Index().Findings).Why;
}
