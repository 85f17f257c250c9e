using Bunit;
using CalicoConsole.Sandbox;
using CalicoConsole.Web.Components.Layout;
using CalicoConsole.Web.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class KindNoticeTests : BunitContext
{
    private readonly Resets _resets = new();

    [Fact]
    public void Live_SaysNothing()
    {
        Services.AddSingleton(Settings(new EtcdSettings { Endpoints = ["http://127.0.0.1:1"] }));
        Assert.Empty(Render<KindNotice>().Markup.Trim());
    }

    [Fact]
    public void Sandbox_SaysSoAndResetsOnlyAfterASecondYes()
    {
        var notice = Sandbox();
        Assert.Contains("simulated inside this process", notice.Markup, StringComparison.Ordinal);

        Button(notice, "Reset sandbox …").Click();
        Assert.Equal(0, _resets.Count);
        Button(notice, "Keep").Click();
        Assert.Single(notice.FindAll("button"));

        Button(notice, "Reset sandbox …").Click();
        Button(notice, "Reset sandbox now").Click();
        notice.WaitForAssertion(() => Assert.Contains("as it was at the start", notice.Find("[role=status]").TextContent, StringComparison.Ordinal));
        Assert.Equal(1, _resets.Count);
        Assert.Single(notice.FindAll("button"));
    }

    [Fact]
    public void Sandbox_ResetThatFails_SaysWhy()
    {
        _resets.Failure = new InvalidOperationException("no seed.");
        var notice = Sandbox();

        Button(notice, "Reset sandbox …").Click();
        Button(notice, "Reset sandbox now").Click();

        notice.WaitForAssertion(() => Assert.Contains("could not be reset: no seed.", notice.Find("[role=status]").TextContent, StringComparison.Ordinal));
    }

    private IRenderedComponent<KindNotice> Sandbox()
    {
        Services.AddSingleton(Settings(null));
        Services.AddSingleton<ISandboxControl>(_resets);
        return Render<KindNotice>();
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<KindNotice> notice, string words) =>
        notice.FindAll("button").Single(b => b.TextContent.StartsWith(words, StringComparison.Ordinal));

    private static ConsoleSettings Settings(EtcdSettings? etcd) => new() { ClusterName = "c", ClusterKind = "sandbox", Etcd = etcd, ConnectionString = "", DataFolder = "" };

    private sealed class Resets : ISandboxControl
    {
        public int Count { get; private set; }

        public Exception? Failure { get; set; }

        public Task ResetAsync(CancellationToken cancellationToken)
        {
            Count++;
            return Failure is null ? Task.CompletedTask : Task.FromException(Failure);
        }
    }
}
