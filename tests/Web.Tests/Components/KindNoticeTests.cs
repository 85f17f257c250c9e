using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Auth;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Shell;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class KindNoticeTests : BunitContext
{
    private readonly RecordingRunner _runner = new();

    [Fact]
    public void Live_SaysNothing()
    {
        Services.AddSingleton(Settings(new EtcdSettings { Endpoints = ["http://127.0.0.1:1"] }));
        Prepare();
        Assert.Empty(Render<KindNotice>().Markup.Trim());
    }

    [Fact]
    public async Task Sandbox_SaysSoAndResetsOnlyAfterASecondYes()
    {
        var notice = Sandbox();
        Assert.Contains("simulated inside this process", notice.Markup, StringComparison.Ordinal);

        await notice.InvokeAsync(() => Button(notice, "Reset sandbox …").Click());
        Assert.Empty(_runner.Ran);
        await notice.InvokeAsync(() => Button(notice, "Keep").Click());
        Assert.Single(notice.FindAll("button"));

        await notice.InvokeAsync(() => Button(notice, "Reset sandbox …").Click());
        await notice.InvokeAsync(() => Button(notice, "Reset sandbox now").Click());
        notice.WaitForAssertion(() => Assert.Contains("as it was at the start", notice.Find("[role=status]").TextContent, StringComparison.Ordinal));
        var (operation, context) = Assert.Single(_runner.Ran);
        Assert.Equal((new ResetSandbox(), "page", OperationPermissions.Change), (operation, context.Origin, context.Permissions));
        Assert.Single(notice.FindAll("button"));
    }

    [Fact]
    public async Task Sandbox_ResetThatFails_SaysWhy()
    {
        _runner.ResultOf = _ => RecordingRunner.Result(OperationOutcome.Failed) with { Message = "The sandbox could not be reset: no seed." };
        var notice = Sandbox();

        await notice.InvokeAsync(() => Button(notice, "Reset sandbox …").Click());
        await notice.InvokeAsync(() => Button(notice, "Reset sandbox now").Click());

        notice.WaitForAssertion(() => Assert.Contains("could not be reset: no seed.", notice.Find("[role=status]").TextContent, StringComparison.Ordinal));
    }

    private IRenderedComponent<KindNotice> Sandbox()
    {
        Services.AddSingleton(Settings(null));
        Prepare();
        return Render<KindNotice>();
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<KindNotice> notice, string words) =>
        notice.FindAll("button").Single(b => b.TextContent.StartsWith(words, StringComparison.Ordinal));

    private static ConsoleSettings Settings(EtcdSettings? etcd) =>
        new() { ClusterName = "c", ClusterKind = "sandbox", Etcd = etcd, ConnectionString = "", DataFolder = "" };

    private void Prepare()
    {
        Services.AddSingleton<IOperationRunner>(_runner);
        Services.AddScoped<CurrentActor>();
        this.AddAuthorization();
    }
}
