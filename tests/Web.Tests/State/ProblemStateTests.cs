using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Tests.State;

/// <summary>What is wrong, worked out once for everybody.</summary>
public sealed class ProblemStateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Latest_OfOneSnapshot_IsWorkedOutOnce_HoweverManyAsk()
    {
        await using var stage = new ProblemStage();
        stage.Cluster.Publish(Tests.Cluster.Snapshot());

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => stage.Problems.LatestAsync(Cancel), Cancel)));
        Assert.Equal(1, stage.Problems.Runs);

        stage.Cluster.Publish(Tests.Cluster.Snapshot());
        await stage.Problems.LatestAsync(Cancel);
        Assert.Equal(2, stage.Problems.Runs);
    }

    [Fact]
    public async Task Latest_WhenNothingChangedButTheTime_IsNotWorkedOutAgain()
    {
        await using var stage = new ProblemStage();
        stage.Cluster.Publish(Tests.Cluster.Snapshot());
        var first = await stage.Problems.LatestAsync(Cancel);

        stage.Time.Advance(IpamState.Interval);

        Assert.Equal(first, await stage.Problems.LatestAsync(Cancel));
        Assert.Equal(1, stage.Problems.Runs);
    }

    [Fact]
    public async Task Changed_IsRaisedOnlyWhenTheListIsAnother()
    {
        await using var stage = new ProblemStage();
        var raised = 0;
        stage.Problems.Changed += () => raised++;
        stage.Cluster.Publish(Tests.Cluster.Snapshot());
        var first = await stage.Problems.LatestAsync(Cancel);
        Assert.Equal(1, raised);

        stage.Cluster.Publish(Tests.Cluster.Snapshot() with { Calico = Tests.Cluster.Snapshot().Calico with { Revision = 43 } });
        Assert.Equal(first, await stage.Problems.LatestAsync(Cancel));
        Assert.Equal((1, 2), (raised, stage.Problems.Runs));

        stage.Cluster.Publish(Tests.Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale, everLive: true));
        Assert.NotEqual(first, await stage.Problems.LatestAsync(Cancel));
        Assert.Equal(2, raised);
    }

    [Fact]
    public async Task OpenOperations_AreReadAgainAfterTheInterval()
    {
        await using var stage = new ProblemStage();
        Assert.Empty(await stage.Problems.LatestAsync(Cancel));
        var intent = new AuditIntent(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "admin", "page", "profile.delete", "profile", "web", "[]", "[]", []);
        stage.Audit.Open = () => [intent];

        stage.Time.Advance(ProblemState.Interval);
        var problem = Assert.Single(await stage.Problems.LatestAsync(Cancel));
        Assert.Equal(("operation.open", "Delete profile web has no recorded end"), (problem.Code, problem.Title));

        stage.Audit.Open = () => throw new ConsoleDatabaseException("the disk is full", isTransient: false);
        stage.Time.Advance(ProblemState.Interval);
        var found = await stage.Problems.LatestAsync(Cancel);
        Assert.Equal("audit.unreadable operation.open", string.Join(' ', found.Select(p => p.Code)));
        Assert.Equal("the disk is full", found[0].Why);
    }

    [Fact]
    public async Task Following_TellsOfChangesByItself()
    {
        await using var stage = new ProblemStage(TimeProvider.System);
        await stage.Problems.StartAsync(Cancel);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Problems.Changed += () =>
        {
            if (stage.Problems.Found is { } found && found.Any(p => p.Code == "feed.lost"))
            {
                told.TrySetResult();
            }
        };

        stage.Cluster.Publish(Tests.Cluster.Snapshot());
        stage.Cluster.Publish(Tests.Cluster.Snapshot().WithFeed("etcd", FeedStatus.Stale, everLive: true));

        await told.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task NobodyFollows_NothingIsWorkedOut()
    {
        var stage = new ProblemStage(TimeProvider.System);
        await stage.Problems.StartAsync(Cancel);
        stage.Cluster.Publish(Tests.Cluster.Snapshot());
        await stage.DisposeAsync();

        Assert.Equal(0, stage.Problems.Runs);
        Assert.Null(stage.Problems.Found);
    }
}
