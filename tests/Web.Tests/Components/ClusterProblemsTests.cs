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

    [Fact]
    public void Feed_Lost_SaysThatWhatIsShownIsOld()
    {
        var problem = Assert.Single(ClusterProblems.Of(Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale, everLive: true), []), p => p.Id == "feed etcd");

        Assert.Equal(ChipState.Stale, problem.State);
        Assert.Contains("old", problem.What, StringComparison.Ordinal);
    }
}
