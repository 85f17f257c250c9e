using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Components.Pages.Overview;
using CalicoConsole.Web.Components.Shared;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>What the overview and the top bar say of faults.</summary>
public sealed class ClusterProblemsTests
{
    [Theory]
    [InlineData("NOSPACE on m0", "v2 keys, which are still written")]
    [InlineData("CORRUPT on m0", "replace it")]
    public void Alarm_IsNamedWithWhatToDo(string alarm, string words)
    {
        var facts = new EtcdClusterFacts(DateTimeOffset.UnixEpoch, [], [alarm], null);

        var problem = Assert.Single(ClusterProblems.Of(Cluster.Snapshot() with { Etcd = facts }, []), p => p.Id == $"alarm {alarm}");

        Assert.Equal(ChipState.Broken, problem.State);
        Assert.Contains(alarm, problem.What, StringComparison.Ordinal);
        Assert.Contains(words, problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_NotWritable_IsSaidAsThatAndNotAsOldData()
    {
        var snapshot = Cluster.Snapshot() with { Feeds = [new FeedState("audit", FeedStatus.Stale, DateTimeOffset.UnixEpoch, "the disk is full", DateTimeOffset.UnixEpoch)] };

        var problem = Assert.Single(ClusterProblems.Of(snapshot, []), p => p.Id == "feed audit");

        Assert.Equal("The audit log cannot be written, so nothing can be changed", problem.What);
        Assert.Equal("the disk is full", problem.Why);
        Assert.Equal("audit log not writable", FeedBar.WordsOf(snapshot.Feeds));
    }

    [Theory]
    [InlineData("192.168.122.45", null, "192.168.122.45")]
    [InlineData("192.168.122.60", "fd07::1", "fd07::1")]
    public void NodesWithOneAddress_AreNamedWithWhatComesOfItAndWhatToDo(string ipv4, string? ipv6, string shared)
    {
        var snapshot = Cluster.Snapshot();
        Assert.DoesNotContain(ClusterProblems.Of(snapshot, []), p => p.Id.StartsWith("address ", StringComparison.Ordinal));
        var nodes = snapshot.Calico.Nodes;
        var first = nodes["docker01"].Value with { IPv4 = Cidr.Parse("192.168.122.45/24"), IPv6 = ipv6 is null ? null : Cidr.Parse($"{ipv6}/64") };
        var clone = new Node { Name = "docker01-old", HasMetadata = true, IPv4 = Cidr.Parse($"{ipv4}/24"), IPv6 = first.IPv6 };
        snapshot = snapshot with { Calico = snapshot.Calico with { Nodes = nodes.SetItem("docker01", new Stored<Node>(first, [])).SetItem(clone.Name, new Stored<Node>(clone, [])) } };

        var problem = Assert.Single(ClusterProblems.Of(snapshot, []), p => p.Id.StartsWith("address ", StringComparison.Ordinal));

        Assert.Equal((ChipState.Broken, $"address {shared}"), (problem.State, problem.Id));
        Assert.Equal($"docker01 and docker01-old have one BGP address, {shared}", problem.What);
        Assert.Contains("BIRD there refuses the whole configuration", problem.Why, StringComparison.Ordinal);
        Assert.Contains("Delete the node that is left over", problem.Why, StringComparison.Ordinal);
        Assert.Equal(Links.Node("docker01-old"), problem.Href);
    }

    [Fact]
    public void Feed_Lost_SaysThatWhatIsShownIsOld()
    {
        var problem = Assert.Single(ClusterProblems.Of(Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale, everLive: true), []), p => p.Id == "feed etcd");

        Assert.Equal(ChipState.Stale, problem.State);
        Assert.Contains("old", problem.What, StringComparison.Ordinal);
    }
}
