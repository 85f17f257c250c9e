using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Problems;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Addresses;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Routing;
using CalicoConsole.Web.Tests.Forms;

namespace CalicoConsole.Web.Tests.Addresses;

public sealed class IpamFormTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public async Task Release_OfOneAddress_PlansAndRunsIt()
    {
        await using var stage = Stage();
        var page = stage.Open<ReleaseAddressesPage>($"do/release-addresses?ip={IpamSample.Leak}");

        Assert.Equal(["calicoctl ipam release --ip=192.0.2.9"], page.FindAll(".plan code").Select(c => c.TextContent));
        await FormStage.SubmitAsync(page);

        Assert.Equal(new ReleaseAddresses([Ip.Parse(IpamSample.Leak)]), Assert.Single(stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Release_OfWhatAnEndpointHas_SaysWhoAndCannotBeRun()
    {
        await using var stage = Stage();
        var page = stage.Open<ReleaseAddressesPage>("do/release-addresses?ip=192.0.2.2");

        await FormStage.SubmitAsync(page);

        Assert.Empty(stage.Runner.Ran);
        Assert.Contains("container docker01/workload1 has it", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_Typed_NamesWhatIsNoAddress()
    {
        await using var stage = Stage();
        var page = stage.Open<ReleaseAddressesPage>("do/release-addresses");
        await page.InvokeAsync(() => FormStage.Field(page, "Addresses").Input("192.0.2.9, nonsense"));
        await FormStage.SubmitAsync(page);
        Assert.Contains("'nonsense' is not an IP address", page.Markup, StringComparison.Ordinal);

        await page.InvokeAsync(() => FormStage.Field(page, "Addresses").Input("192.0.2.9"));
        await FormStage.SubmitAsync(page);

        Assert.Equal(new ReleaseAddresses([Ip.Parse("192.0.2.9")]), Assert.Single(stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Affinity_OfANodeThatIsGone_IsReleased()
    {
        await using var stage = Stage();
        var page = stage.Open<ReleaseAffinityPage>("do/release-affinity?node=gone&block=192.0.2.64-26");

        Assert.Contains("a node that does not exist", page.Markup, StringComparison.Ordinal);
        await FormStage.SubmitAsync(page);

        Assert.Equal(new ReleaseAffinity("gone", Cidr.Parse("192.0.2.64/26")), Assert.Single(stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Affinity_OfABlockInUse_AsksForItsName()
    {
        await using var stage = Stage();
        var page = stage.Open<ReleaseAffinityPage>("do/release-affinity?node=docker01&block=192.0.2.0-26");
        await FormStage.SubmitAsync(page);
        Assert.Empty(stage.Runner.Ran);

        await page.InvokeAsync(() => FormStage.Field(page, "Type 192.0.2.0/26 to confirm").Input("192.0.2.0/26"));
        await FormStage.SubmitAsync(page);

        Assert.Single(stage.Runner.Ran);
    }

    [Fact]
    public async Task Handle_WithoutKey_IsRebuilt()
    {
        await using var stage = Stage();
        var page = stage.Open<RebuildHandlePage>("do/rebuild-handle?handle=h1");

        Assert.Contains("which has no key", page.Markup, StringComparison.Ordinal);
        await FormStage.SubmitAsync(page);

        Assert.Equal(new RebuildHandle("h1"), Assert.Single(stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Config_WhileBlocksExist_SaysWhyNot()
    {
        await using var stage = Stage();
        var page = stage.Open<SetIpamConfigPage>("do/set-ipam-config");

        await page.InvokeAsync(() => FormStage.Field(page, "Strict affinity").Change(true));
        await FormStage.SubmitAsync(page);

        Assert.Empty(stage.Runner.Ran);
        Assert.Contains("Cannot change IPAM config while allocations exist", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Overview_NamesConfirmedLeaksAndBrokenReferencesOnly()
    {
        var first = IpamIndex.From(IpamSample.Snapshot(), Start);
        Assert.DoesNotContain(Find(first), p => p.Code == "ipam.leak");

        var problems = Find(first.Next(first.Snapshot, [], [], Start.AddMinutes(1)));

        Assert.Equal("ippools/192.0.2.0-24?block=192.0.2.0%2F26",
            ProblemLinks.Page(Assert.Single(problems, p => p.Key.ToString() == "ipam.leak 192.0.2.9").Subject));
        Assert.Contains(problems, p => p.Key.ToString() == "ipam.handle-missing h1");
        Assert.Contains(problems, p => p.Key.ToString() == "ipam.affinity-of-missing-node 192.0.2.64/26 gone");
        Assert.DoesNotContain(problems, p => p.Code.Contains("borrowed", StringComparison.Ordinal));

        static ImmutableArray<Problem> Find(IpamIndex index) => ProblemChecks.Run(new(index.Snapshot) { Ipam = index });
    }

    [Fact]
    public void State_FollowsChangesByTheirKeysAndConfirmsAfterTheTime()
    {
        var state = new ManualClusterState();
        var time = new ManualTime(Start);
        state.Publish(IpamSample.Snapshot());
        var ipam = new IpamState(state, time);
        Assert.Equal(3, ipam.Current.Findings.Count(f => f.Severity != IpamSeverity.Note));
        var leak = ipam.Current.Findings.First(f => f.Kind == IpamFindingKind.Leak);

        time.Now = Start.AddSeconds(31);
        Assert.True(ipam.Current.IsConfirmed(leak));
        state.Publish(IpamSample.Snapshot(FeedStatus.Stale));
        Assert.Same(state.Current, ipam.Current.Snapshot);
        Assert.Same(ipam.Current, ipam.Current);
        Assert.True(ipam.Current.IsConfirmed(leak));
    }

    private static FormStage Stage()
    {
        var state = new ManualClusterState();
        state.Publish(IpamSample.Snapshot());
        return new FormStage(state);
    }

    private sealed class ManualTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
