using CalicoConsole.Core.Model;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Tests.Operations;

namespace CalicoConsole.Core.Tests.Problems.Checks;

/// <summary>What is said of particular faults, and what explains what.</summary>
public sealed class ClusterProblemsTests
{
    [Theory]
    [InlineData("NOSPACE on m0", "v2 keys, which are still written")]
    [InlineData("CORRUPT on m0", "replace it")]
    public void Alarm_IsNamedWithWhatToDo(string alarm, string words)
    {
        var problem = Single(ProblemSamples.Etcd([], alarm), "etcd.alarm");

        Assert.Equal(ProblemSeverity.Broken, problem.Severity);
        Assert.Contains(alarm, problem.Title, StringComparison.Ordinal);
        Assert.Contains(words, problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_NotWritable_IsSaidAsThatAndNotAsOldData()
    {
        var problem = Single(ProblemSamples.ByCode["audit.not-writable"], "audit.not-writable");

        Assert.Equal("The audit log cannot be written, so nothing can be changed", problem.Title);
        Assert.Equal("refused", problem.Why);
    }

    [Fact]
    public void Feed_Lost_SaysThatWhatIsShownIsOld()
    {
        var problem = Single(ProblemSamples.ByCode["feed.lost"], "feed.lost");

        Assert.Equal(ProblemSeverity.Stale, problem.Severity);
        Assert.Contains("old", problem.Title, StringComparison.Ordinal);
        Assert.Null(problem.CausedBy);
    }

    [Fact]
    public void Feed_OfEtcdOfWhichNoMemberIsHealthy_IsExplainedByThat()
    {
        var lost = ProblemSamples.ByCode["feed.lost"].Snapshot;
        var down = new Ports.EtcdClusterFacts(
            ProblemSamples.Start,
            [ProblemSamples.Member("1", false, null), ProblemSamples.Member("2", false, null)],
            [], null);

        var found = ProblemChecks.Run(new(lost with { Etcd = down }));
        Assert.Equal("etcd.member-unhealthy 1, feed.lost etcd, etcd.member-unhealthy 2", string.Join(", ", found.Select(p => p.Key)));
        Assert.True(ProblemOrder.IsEffect(found[1], found));

        var half = down with { Members = [down.Members[0], ProblemSamples.Member("2", true, true)] };
        Assert.Null(Single(new(lost with { Etcd = half }), "feed.lost").CausedBy);
    }

    [Theory]
    [InlineData("192.168.122.45", null, "192.168.122.45")]
    [InlineData("192.168.122.60", "fd07::1", "fd07::1")]
    public void NodesWithOneAddress_AreNamedWithWhatComesOfItAndWhatToDo(string ipv4, string? ipv6, string shared)
    {
        var first = new Node
        {
            Name = "docker01",
            HasMetadata = true,
            IPv4 = Cidr.Parse("192.168.122.45/24"),
            IPv6 = ipv6 is null ? null : Cidr.Parse($"{ipv6}/64"),
        };
        var clone = new Node { Name = "docker01-old", HasMetadata = true, IPv4 = Cidr.Parse($"{ipv4}/24"), IPv6 = first.IPv6 };
        var alone = CalicoState.Empty.Nodes.Add("docker01", new Stored<Node>(first, []));
        Assert.Empty(ProblemChecks.Run(new(new() { Calico = CalicoState.Empty with { Nodes = alone } })));

        var both = alone.Add(clone.Name, new Stored<Node>(clone, []));
        var problem = Assert.Single(ProblemChecks.Run(new(new() { Calico = CalicoState.Empty with { Nodes = both } })));

        Assert.Equal((ProblemSeverity.Broken, $"node.shared-address {shared}"), (problem.Severity, problem.Key.ToString()));
        Assert.Equal($"docker01 and docker01-old have one BGP address, {shared}", problem.Title);
        Assert.Contains("BIRD there refuses the whole configuration", problem.Why, StringComparison.Ordinal);
        Assert.Contains("Delete the node that is left over", problem.Why, StringComparison.Ordinal);
        Assert.Equal((SubjectKind.Node, "docker01-old"), (problem.Subject.Kind, problem.Subject.Id));
    }

    [Theory]
    [InlineData("exited", "always", "", true)]
    [InlineData("exited", "always", "network 4f not found", true)]
    [InlineData("created", "always", "network 4f not found", true)]
    [InlineData("exited", "unless-stopped", "", false)]
    [InlineData("exited", "unless-stopped", "network 4f not found", true)]
    [InlineData("exited", "no", "network 4f not found", false)]
    [InlineData("running", "always", "", false)]
    [InlineData("created", "always", "", false)]
    public void Container_DownAgainstItsPolicy_NamesTheErrorAndOffersTheStart(string state, string policy, string error, bool down)
    {
        var found = ProblemChecks.Run(Host(ProblemSamples.Down("web", state, policy, error))).Where(p => p.Code == "container.down").ToArray();

        Assert.Equal(down, found.Length == 1);
        if (down)
        {
            Assert.Equal(error.Length > 0, found[0].Severity == ProblemSeverity.Broken);
            Assert.Contains(error, found[0].Why, StringComparison.Ordinal);
            Assert.Equal(new(MendKind.StartContainer, "docker01", Snapshots.Id("web")), found[0].Mend);
        }
    }

    [Fact]
    public void Container_WhoseStartFailedOverAnEndpoint_OffersItsRelease()
    {
        var problem = Single(Host(ProblemSamples.Down("web", error: "endpoint with name web already exists in network shared")), "container.down");

        Assert.Equal(new(MendKind.ReleaseEndpoint, "docker01", "web", "shared"), problem.Mend);
    }

    [Theory]
    [InlineData(null, "node.no-calico-node docker01")]
    [InlineData("exited", "node.calico-node-down docker01")]
    [InlineData("running", null)]
    public void Container_ThatWaitsForCalicoNode_IsExplainedByIt(string? calicoNode, string? cause)
    {
        var network = Snapshots.Network("shared");
        var host = Snapshots.Host().With(network).With(Snapshots.Container("web", attachments: Snapshots.On(network)) with { Unanswered = true });
        var found = ProblemChecks.Run(ProblemSamples.Join(Snapshots.Of(calicoNode is null ? host : host.WithNode(state: calicoNode)).WithFeeds()));

        var problem = Assert.Single(found, p => p.Code == "container.unanswered");
        Assert.Equal(cause, problem.CausedBy?.ToString());
        Assert.Equal(cause is not null, ProblemOrder.IsEffect(problem, found));
    }

    [Theory]
    [InlineData("10.99.0.0-16", true)]
    [InlineData("10.98.0.0-16", false)]
    public void Block_OfAPoolThatCannotBeRead_IsExplainedByItsKey(string pool, bool explained)
    {
        var key = $"/calico/v1/ipam/v4/pool/{pool}";
        var index = CalicoConsole.Core.Tests.Ipam.IpamIndexTests.Case("block outside of every pool").Put(key, "{").Index();
        var found = ProblemChecks.Run(new(index.Snapshot) { Ipam = index });

        var problem = Assert.Single(found, p => p.Code == "ipam.outside-pools");
        Assert.Contains(found, p => p.Key == new ProblemKey("key.unreadable", key));
        Assert.Equal(explained ? $"key.unreadable {key}" : null, problem.CausedBy?.ToString());
        Assert.Equal(explained, ProblemOrder.IsEffect(problem, found));
    }

    [Fact]
    public void Endpoints_LeftBehindInNumbers_AreOneProblem()
    {
        var host = Snapshots.Of(Snapshots.Host().WithNode()).WithFeeds();
        var snapshot = Enumerable.Range(1, 40).Aggregate(host, (s, i) => s.Endpoint("docker01", $"e{i}", $"192.0.2.{i}/32"));

        var problem = Single(ProblemSamples.Join(snapshot), "endpoint.left-behind");

        Assert.Equal((40, "40 endpoints were left behind by containers that do not run"), (problem.Count, problem.Title));
    }

    private static ProblemInput Host(params Ports.DockerContainer[] containers) =>
        ProblemSamples.Join(Snapshots.Of(Snapshots.Host().WithNode().With(containers)).WithFeeds());

    private static Problem Single(ProblemInput input, string code) => Assert.Single(ProblemChecks.Run(input), p => p.Code == code);
}
