using Bunit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Routing;
using CalicoConsole.Web.Shell;
using CalicoConsole.Web.Tests.State;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>The number of problems in the top bar.</summary>
public sealed class ProblemBadgeTests : BunitContext
{
    private readonly ProblemStage _stage = new();
    private readonly PageVisibility _visibility = new();

    public ProblemBadgeTests()
    {
        Services.AddSingleton(_stage.Problems);
        Services.AddSingleton(_visibility);
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    [Fact]
    public async Task FrameBeforeTheCircuit_ShowsWhatIsKnown_AndWaitsForNothing()
    {
        _stage.Cluster.Publish(NoCalicoNodes());
        SetRendererInfo(new RendererInfo("Static", isInteractive: false));

        Assert.Equal("0", Render<ProblemBadge>().Find("a").GetAttribute("data-problems") ?? "0");
        Assert.Equal(0, _stage.Problems.Runs);

        await _stage.Problems.LatestAsync(Cancel);
        Assert.Equal("2 problems: 2 attention", Label(Render<ProblemBadge>()));
    }

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task None_SaysSoWithoutANumber()
    {
        var badge = await OpenAsync(new ClusterSnapshot());

        Assert.Equal("Problems: none found", Label(badge));
        Assert.Empty(badge.FindAll(".badge"));
        Assert.Equal(Links.Problems, badge.Find("a").GetAttribute("href"));
        Assert.Empty(badge.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task Some_AreCountedByTheirSeverity_AndTheNumberHasTheColourOfTheWorst()
    {
        var badge = await OpenAsync(NoCalicoNodes());
        Assert.Equal(("2 problems: 2 attention", "2", "badge attention"), (Label(badge), badge.Find(".badge").TextContent, badge.Find(".badge").ClassName));

        await PublishAsync(NoCalicoNodes().WithFeed("etcd", FeedStatus.Stale,
            everLive: true) with
        { Etcd = new(DateTimeOffset.UnixEpoch, [], ["NOSPACE on m0"], null) });

        badge.WaitForAssertion(() => Assert.Equal("4 problems: 1 broken, 1 stale, 2 attention", Label(badge)));
        Assert.Equal("badge broken", badge.Find(".badge").ClassName);
        Assert.Equal("4 problems: 1 broken, 1 stale, 2 attention", badge.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task Notes_AreSaidAndNotCounted()
    {
        var policy = new Core.Model.Policy { Name = "idle", Selector = "has(nobody)" };
        var policies = CalicoState.Empty.Policies.Add("idle", new(policy, []));
        var badge = await OpenAsync(new ClusterSnapshot { Calico = CalicoState.Empty with { Policies = policies } });

        Assert.Equal("Problems: none found; 1 note", Label(badge));
        Assert.Empty(badge.FindAll(".badge"));
    }

    [Fact]
    public async Task VeryMany_AreTwoDigits_AndTheLabelSaysAll()
    {
        var keys = Enumerable.Range(0, 1500).Select(i => new StoredKey($"/calico/v1/policy/tier/default/policy/p{i}", "{"u8.ToArray(), 5));
        var badge = await OpenAsync(new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing([.. keys], 42) });

        Assert.Equal(("99+", "99+ problems: 1,500 broken"), (badge.Find(".badge").TextContent, Label(badge)));
    }

    [Fact]
    public async Task SameProblems_AreNotDrawnAgain()
    {
        var badge = await OpenAsync(Cluster.Snapshot());
        var drawn = badge.RenderCount;

        await PublishAsync(Cluster.Snapshot());

        Assert.Equal(2, _stage.Problems.Runs);
        Assert.Equal(drawn, badge.RenderCount);
    }

    [Fact]
    public async Task HiddenTab_IsDrawnWhenItIsSeen()
    {
        var badge = await OpenAsync(new ClusterSnapshot());
        _visibility.Set(false);
        var drawn = badge.RenderCount;
        await PublishAsync(NoCalicoNodes());
        Assert.Equal(drawn, badge.RenderCount);

        _visibility.Set(true);

        badge.WaitForAssertion(() => Assert.Equal("2 problems: 2 attention", Label(badge)));
    }

    [Fact]
    public async Task ManyCircuits_ShareOneRun()
    {
        var badges = new List<IRenderedComponent<ProblemBadge>>();
        for (var i = 0; i < 20; i++)
        {
            badges.Add(await OpenAsync(i == 0 ? Cluster.Snapshot() : null));
        }

        Assert.Equal(1, _stage.Problems.Runs);
        await PublishAsync(new ClusterSnapshot());
        Assert.Equal(2, _stage.Problems.Runs);
        Assert.All(badges, b => b.WaitForAssertion(() => Assert.Equal("Problems: none found", Label(b))));
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        await _stage.DisposeAsync();
    }

    private async Task<IRenderedComponent<ProblemBadge>> OpenAsync(ClusterSnapshot? snapshot)
    {
        if (snapshot is not null)
        {
            _stage.Cluster.Publish(snapshot);
        }

        await _stage.Problems.LatestAsync(Cancel);
        return Render<ProblemBadge>();
    }

    private async Task PublishAsync(ClusterSnapshot snapshot)
    {
        _stage.Cluster.Publish(snapshot);
        await _stage.Problems.LatestAsync(Cancel);
    }

    private static ClusterSnapshot NoCalicoNodes()
    {
        var snapshot = Cluster.Snapshot();
        return snapshot with { Calico = CalicoState.Empty with { IPPools = snapshot.Calico.IPPools } };
    }

    private static string? Label(IRenderedComponent<ProblemBadge> badge) => badge.Find("a").GetAttribute("aria-label");
}
