using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Audit;
using CalicoConsole.Web.Areas.Containers;
using CalicoConsole.Web.Areas.Networks;
using CalicoConsole.Web.Areas.Nodes;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Areas.Overview;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>What forms begin with: anew, from a suggestion, and on a console that knows no Docker host.</summary>
public sealed class FormStartTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task CreateAnotherContainer_BeginsAsThePageWasOpened()
    {
        var page = _stage.Open<CreateContainerPage>("do/create-container?host=docker02");
        Assert.Equal(Cluster.NetworkId, FormStage.Field(page, "Network").GetAttribute("value"));
        Assert.Contains("Still needed: Name, Image", page.Find(".plan").TextContent, StringComparison.Ordinal);
        await FormStage.InputAsync(page, "Name", "one");
        await FormStage.InputAsync(page, "Image", "busybox");
        await FormStage.InputAsync(page, "Command (optional)", "sleep 60");
        await FormStage.InputAsync(page, "Fixed IPv4 address", "192.0.2.9");
        await FormStage.ChangeAsync(page, "Network", "bridge");
        await FormStage.SubmitAsync(page);
        var (operation, context) = Assert.Single(_stage.Runner.Ran);
        Assert.Equal(("", ""), Assert.IsType<CreateContainer>(operation) is var made ? (made.Network, made.Ip) : default);
        _stage.Runner.End(context.OperationId!.Value, OperationOutcome.Succeeded);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-outcome=Succeeded]")));
        await FormStage.ClickAsync(page, "Create another container");
        Assert.Equal(
            ("docker02", "", "", "", Cluster.NetworkId),
            (FormStage.Field(page, "Docker host").GetAttribute("value"), Text(page, "Name"), Text(page, "Image"), Text(page, "Command (optional)"),
                FormStage.Field(page, "Network").GetAttribute("value")));
    }

    [Fact]
    public async Task CreateAnotherNetwork_BeginsAsThePageWasOpened()
    {
        var page = _stage.Open<CreateNetworkPage>("do/create-network?pool=192.0.2.0/24");
        await FormStage.InputAsync(page, "Name", "one");
        await FormStage.ChangeAsync(page, "Driver", "bridge");
        await FormStage.SubmitAsync(page);
        _stage.Runner.End(Assert.Single(_stage.Runner.Ran).Context.OperationId!.Value, OperationOutcome.Succeeded);
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-outcome=Succeeded]")));
        await FormStage.ClickAsync(page, "Create another network");
        Assert.Equal(("", "calico", "192.0.2.0/24"), (Text(page, "Name"), FormStage.Field(page, "Driver").GetAttribute("value"),
            FormStage.Field(page, "IP pool").GetAttribute("value")));
    }

    [Fact]
    public void CreatedProfile_LeadsToItsEndpoints()
    {
        var profile = new Core.Model.Profile { Name = "team/new" };
        var steps = NextSteps.After(new WriteResource(WriteVerb.Create, profile),
            new OperationResult { OperationId = Guid.NewGuid(), Outcome = OperationOutcome.Succeeded, Plan = new Plan() }, Cluster.Snapshot());
        Assert.Contains(steps, s => s is { Href: "do/attach-profile?profile=team%2Fnew", IsNext: true });
    }

    [Fact]
    public async Task Suggestion_IsInsertedAndCanBeUndone()
    {
        _stage.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=db&from=docker01/workload1&to=db&protocol=tcp&port=80&suggestion=0");
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-suggested]")));
        Assert.Contains(page.FindAll(".rule-open"), b => b.GetAttribute("aria-label")!.Contains("80", StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-change] [data-opens]")));
        Assert.Empty(_stage.Runner.Ran);
        await FormStage.ClickAsync(page, "Undo");
        Assert.DoesNotContain(page.FindAll(".rule-open"), b => b.GetAttribute("aria-label")!.Contains("port 80", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(CreateContainerPage), "do/create-container")]
    [InlineData(typeof(CreateNetworkPage), "do/create-network")]
    [InlineData(typeof(DeployCalicoNodePage), "do/deploy-calico-node")]
    public void WithoutDockerHosts_TheFormSaysWhyItCannot(Type form, string address)
    {
        _stage.State.Publish(Bare());
        var page = _stage.Open(form, address);
        Assert.NotNull(page.Find("[data-no-host]"));
        Assert.True(page.Find("button[type=submit]").HasAttribute("disabled"));
        Assert.Contains("No Docker host is configured", page.Find("#form-against").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstSteps_AreThereUntilAHostPolices()
    {
        Assert.Equal(
            [("host", false, false), ("node", false, true), ("ready", false, false), ("pool", true, false), ("network", false, true),
                ("container", true, false)],
            FirstSteps.For(Bare() with { Calico = Bare().Calico with { Nodes = CalicoState.Empty.Nodes } })
                .Select(s => (s.Id, s.IsDone, s is { IsDone: false, Waits: not null })));
        Assert.Empty(FirstSteps.For(Bare().WithFeed("etcd", Core.Snapshot.FeedStatus.Connecting, everLive: false)));
    }

    [Theory]
    [InlineData("the last hour", 60)]
    [InlineData("last hour", 60)]
    [InlineData("1h", 60)]
    [InlineData("90 min", 90)]
    [InlineData("Last 3 days", 3 * 24 * 60)]
    [InlineData("2 weeks ago", 14 * 24 * 60)]
    [InlineData("today", 870)]
    [InlineData("2026-01-31", 870)]
    [InlineData("2026-01-31 13:30", 60)]
    public void Since_ReadsWhatPeopleSay(string text, int minutes)
    {
        var now = new DateTimeOffset(2026, 1, 31, 14, 30, 0, TimeSpan.Zero);
        Assert.Equal(now - TimeSpan.FromMinutes(minutes), SinceWords.Read(text, now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("last 999999 weeks")]
    [InlineData("31.01.")]
    public void Since_ThatIsNoTime_IsNone(string text) => Assert.Null(SinceWords.Read(text, new DateTimeOffset(2026, 1, 31, 14, 30, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("2026-01-30", "2026-01-31T00:00:00Z")]
    [InlineData("yesterday", "2026-01-31T00:00:00Z")]
    [InlineData("Today", "2026-02-01T00:00:00Z")]
    [InlineData("2026-01-30 12:00", "2026-01-30T12:00:00Z")]
    [InlineData("last hour", "2026-01-31T13:30:00Z")]
    [InlineData("soon", null)]
    public void Until_ADay_IsMeantWithItsEnd(string text, string? end) => Assert.Equal(
        end is null ? null : DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture),
        SinceWords.ReadEnd(text, new DateTimeOffset(2026, 1, 31, 14, 30, 0, TimeSpan.Zero)));

    [Fact]
    public void Audit_OfAProbe_SaysWhomItAsked()
    {
        Assert.Equal(" to 10.1.2.3", Target(new Ping("docker01", Cluster.First, "10.1.2.3")));
        Assert.Equal(" to db port 5432", Target(new ConnectTcp("docker01", Cluster.First, "db", 5432)));
    }

    private string Target(Operation operation) => AuditWords.Target(new Core.Ports.AuditIntent(
        Guid.NewGuid(), DateTimeOffset.UnixEpoch, "admin", "page", operation.Name, operation.ObjectKind, operation.ObjectName, "[]", "[]",
        _stage.Runner.Plan(operation, new OperationContext("admin", "page", OperationPermissions.Change)).Commands));

    private static ClusterSnapshot Bare() =>
        Cluster.Snapshot() with
        {
            Hosts = ImmutableSortedDictionary<string, DockerHostState>.Empty,
            Feeds = [Cluster.Live("etcd"), Cluster.Live("etcd-cluster")]
        };

    private static string Text<T>(IRenderedComponent<T> page, string label)
        where T : Microsoft.AspNetCore.Components.IComponent => FormStage.Field(page, label).GetAttribute("value") ?? "";
}
