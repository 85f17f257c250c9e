using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Areas.Containers;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>A probe that nobody answered says what the rules say, by the rule, with the way to the whole answer.</summary>
public sealed class ProbeVerdictTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public ProbeVerdictTests() => _stage.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Ping_Unanswered_NamesTheProfileThatDenies()
    {
        var page = await RunAsync<PingPage>($"do/ping?host=docker01&container={Cluster.First}&target=192.0.2.3", new OperationAnswer.PingCount(2, 0));
        var verdict = page.Find("[data-probe-verdict=denied]");
        Assert.Contains("may not reach", verdict.TextContent, StringComparison.Ordinal);
        Assert.Contains("db", verdict.TextContent, StringComparison.Ordinal);
        Assert.Equal("reachability?from=docker01%2Fworkload1&to=192.0.2.3", verdict.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Connect_Allowed_SaysThatItIsNotForTheRules()
    {
        var page = await RunAsync<ConnectPage>($"do/connect?host=docker01&container={Cluster.First}&target=192.0.2.3&port=5432",
            new OperationAnswer.TcpProbe(TcpAnswer.NoAnswer));
        Assert.Contains("the rules are not the reason", page.Find("[data-probe-verdict=allowed]").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TcpAnswer.Connected)]
    [InlineData(TcpAnswer.Refused)]
    public async Task Answered_SaysNothing(TcpAnswer answer)
    {
        var page = await RunAsync<ConnectPage>($"do/connect?host=docker01&container={Cluster.First}&target=192.0.2.3&port=80",
            new OperationAnswer.TcpProbe(answer));
        Assert.Empty(page.FindAll("[data-probe-verdict]"));
    }

    private async Task<IRenderedComponent<T>> RunAsync<T>(string address, OperationAnswer answer)
        where T : class, Microsoft.AspNetCore.Components.IComponent
    {
        var page = _stage.Open<T>(address);
        await FormStage.SubmitAsync(page);
        var id = Assert.Single(_stage.Runner.Ran).Context.OperationId!.Value;
        _stage.Runner.End(id, OperationOutcome.Succeeded, more: r => r with { Answer = answer });
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-outcome=Succeeded]")));
        return page;
    }
}
