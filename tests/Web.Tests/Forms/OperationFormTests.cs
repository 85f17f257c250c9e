using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Web.Areas.Containers;
using CalicoConsole.Web.Areas.Pools;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class OperationFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        Assert.Equal((0, 0), (_stage.State.Subscribers, _stage.Runner.Subscribers));
    }

    [Fact]
    public async Task Field_Wrong_IsSaidOnlyAfterItWasLeft()
    {
        var page = _stage.Open<PoolForm>("do/create-pool");
        await page.InvokeAsync(() => FormStage.Field(page, "CIDR").Input("10.1.2.3/24"));
        Assert.Empty(page.FindAll(".field-error"));
        Assert.DoesNotContain("strictly masked", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Still needed: CIDR", page.Find(".plan").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "CIDR").Blur());
        Assert.Contains("not strictly masked", page.Find(".field-error").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", FormStage.Field(page, "CIDR").GetAttribute("aria-invalid"));
        Assert.Contains("not strictly masked", page.Find(".plan-errors").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "CIDR").Input("10.1.2.0/24"));
        Assert.Empty(page.FindAll(".field-error"));
    }

    [Fact]
    public async Task Submit_Incomplete_RunsNothingAndSaysWhy()
    {
        var page = _stage.Open<PoolForm>("do/create-pool");
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        page.WaitForAssertion(() => Assert.Contains("A CIDR is needed", page.Find(".field-error").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_FollowsTheFormAndTheCluster()
    {
        var page = _stage.Open<PoolForm>("do/create-pool");
        await page.InvokeAsync(() => FormStage.Field(page, "CIDR").Input("10.1.0.0/24"));
        Assert.Contains("/calico/v1/ipam/v4/pool/10.1.0.0-24", page.Find(".plan").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("nat-outgoing)", page.Find(".plan").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "NAT outgoing").Change(true));
        Assert.Contains("(nat-outgoing)", page.Find(".plan").TextContent, StringComparison.Ordinal);
        var cidr = Cidr.Parse("10.1.0.0/24");
        var now = _stage.State.Current;
        _stage.State.Publish(now with { Calico = now.Calico with { IPPools = now.Calico.IPPools.Add(cidr, new(new IPPool { Cidr = cidr }, [])) } });
        await page.InvokeAsync(() => FormStage.Field(page, "CIDR").Blur());
        page.WaitForAssertion(() => Assert.Contains("resource already exists", page.Find(".plan").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Submit_RunsUnderTheIdInTheAddressAndLinksToWhatWasMade()
    {
        var page = _stage.Open<PoolForm>("do/create-pool");
        await page.InvokeAsync(() => FormStage.Field(page, "CIDR").Input("10.1.0.0/24"));
        await FormStage.SubmitAsync(page);
        var (operation, context) = Assert.Single(_stage.Runner.Ran);
        Assert.Equal(Cidr.Parse("10.1.0.0/24"), Assert.IsType<IPPool>(Assert.IsType<WriteResource>(operation).Resource).Cidr);
        var id = context.OperationId!.Value;
        Assert.Contains($"operation={id}", _stage.Address, StringComparison.Ordinal);
        _stage.Runner.Report(id, r => r with { Steps = [new OperationProgress("write ipPool", "running", null, null)] });
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-step=running]")));
        _stage.Runner.End(id, OperationOutcome.Succeeded);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-outcome=Succeeded]")));
        Assert.Equal(
            [("IP pool 10.1.0.0/24", "ippools/10.1.0.0-24"), ("Create a network on this pool", "do/create-network?pool=10.1.0.0-24"),
                ("Audit entry", $"audit/{id}")],
            page.FindAll(".next-steps a").Select(a => (a.TextContent, a.GetAttribute("href")!)));
    }

    [Fact]
    public async Task Failure_KeepsTheFieldsAndSaysTheOtherSidesWords()
    {
        var page = _stage.Open<PoolForm>("do/create-pool");
        await page.InvokeAsync(() => FormStage.Field(page, "CIDR").Input("10.1.0.0/24"));
        await FormStage.SubmitAsync(page);
        _stage.Runner.End(_stage.Runner.Ran.First().Context.OperationId!.Value, OperationOutcome.Failed, "etcd answered 503");
        page.WaitForAssertion(() => Assert.Contains("etcd answered 503", page.Find("[data-outcome=Failed]").TextContent, StringComparison.Ordinal));
        Assert.Contains("Creating IP pool 10.1.0.0/24", page.Find("[data-outcome=Failed]").TextContent, StringComparison.Ordinal);
        Assert.Equal("10.1.0.0/24", FormStage.Field(page, "CIDR").GetAttribute("value"));
    }

    [Fact]
    public void Address_OfRunningOperation_ShowsItAgainWithItsOutput()
    {
        var id = Guid.NewGuid();
        _stage.Runner.Add(new RunningOperation(id, new Ping("docker01", Cluster.First, "192.0.2.9"), "admin", "page",
            DateTimeOffset.UnixEpoch)
        { Lines = ["64 bytes from 192.0.2.9"] });
        var page = _stage.Open<PingPage>($"do/ping?host=docker01&container={Cluster.First}&operation={id}");
        Assert.Contains("64 bytes from 192.0.2.9", page.Find(".output").TextContent, StringComparison.Ordinal);
        Assert.Equal("192.0.2.9", FormStage.Field(page, "Target").GetAttribute("value"));
        _stage.Runner.End(id, OperationOutcome.Succeeded);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-outcome=Succeeded]")));
    }

    [Fact]
    public void Address_OfForgottenOperation_PointsToTheAudit()
    {
        var id = Guid.NewGuid();
        var page = _stage.Open<PoolForm>($"do/create-pool?operation={id}");
        Assert.NotNull(page.Find($"a[href='audit/{id}']"));
    }

    [Fact]
    public async Task Destructive_ListsWhatGoesAndAsksForTheName()
    {
        var page = _stage.Open<ChangeContainerPage>($"do/remove-container?host=docker01&container={Cluster.First}");
        Assert.Contains("container workload1", page.Find(".goes").TextContent, StringComparison.Ordinal);
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        await page.InvokeAsync(() => FormStage.Field(page, "Type workload1 to confirm").Input("workload2"));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        Assert.Contains("'workload2' is not workload1", page.Find(".field-error").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "Type workload1 to confirm").Input("workload1"));
        await FormStage.SubmitAsync(page);
        Assert.Equal(ContainerAction.Remove, Assert.IsType<ChangeContainer>(Assert.Single(_stage.Runner.Ran).Operation).Action);
    }

    [Fact]
    public void DeleteProfile_InUse_NeedsToBeConfirmedApart()
    {
        var page = _stage.Open<ProfileForm>("do/delete-profile?name=my_net");
        Assert.Contains("Delete it although 1 endpoint uses it", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Object_Missing_SaysWhetherItIsGoneOrNotKnownYet()
    {
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=nobody");
        Assert.NotNull(page.Find("[data-missing=gone]"));
        _stage.State.Publish(_stage.State.Current.WithFeed("etcd", Core.Snapshot.FeedStatus.Connecting, everLive: false));
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-missing=unknown]")));
    }
}
