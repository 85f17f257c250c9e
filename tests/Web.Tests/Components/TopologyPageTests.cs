using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Topology;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Tests.Api;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class TopologyPageTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly BunitContext _context = new();
    private readonly ManualClusterState _state = new();
    private readonly RecordingRunner _runner = new();

    public TopologyPageTests()
    {
        _context.AddConsole(_state, _runner, _runner);
        _context.Services.AddSingleton(new ConsoleSettings { ClusterName = "test", ClusterKind = "sandbox", ConnectionString = "", DataFolder = "" });
        _context.Services.AddSingleton<IBgpSessions>(new Silent());
        var snapshot = Cluster.Snapshot();
        _state.Publish(snapshot with { Views = ClusterViews.Update(new ClusterSnapshot(), snapshot, new SnapshotEdit(snapshot, default, [])) });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
        Assert.Equal(0, _state.Subscribers);
    }

    [Fact]
    public void Picture_HasABoxForEachThing_AndOneStopOfTheTabKey()
    {
        var page = Open("topology");
        Assert.Equal(["host:docker01", "host:docker02", Workload, "group:my_net", "outside"],
            page.FindAll("svg.topology a[data-id]").Select(a => a.GetAttribute("data-id")));
        Assert.Single(page.FindAll("svg.topology a[tabindex='0']"));
        Assert.Equal("container workload1, active, 192.0.2.2, on docker01", page.Find($"a[data-id='{Workload}']").GetAttribute("aria-label"));
        Assert.Contains("not deployed", page.Find("svg .box-text").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 endpoint.", page.Find("[data-drawn]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Box_ThatIsLookedAt_HasItsFactsAndLeadsToItsPage()
    {
        var page = Open($"topology?focus={Uri.EscapeDataString(Workload)}");
        var details = page.Find("[data-focus]");
        Assert.Equal($"containers/docker01/{Cluster.First}", details.QuerySelector("h3 a")!.GetAttribute("href"));
        Assert.Contains("192.0.2.2", details.TextContent, StringComparison.Ordinal);
        Assert.Contains(details.QuerySelectorAll("h4"), h => h.TextContent == "May send to");
        Assert.Equal("true", page.Find($"a[data-id='{Workload}']").GetAttribute("aria-current"));
        Assert.Contains("reachability?from=docker01%2Fworkload1", details.QuerySelectorAll("a").Select(a => a.GetAttribute("href")));
    }

    [Fact]
    public void Table_HasTheFactsOfThePicture()
    {
        _state.Publish(_state.Current with { Calico = ReachabilitySample.State() });
        var picture = Open("topology").FindAll("svg.topology a[data-id]").Select(a => a.GetAttribute("data-id")).ToArray();
        var page = Open("topology?view=table");
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tr[data-id]")), Bound);
        Assert.Equal(picture, page.FindAll("tr[data-id]").Select(a => a.GetAttribute("data-id")));
        Assert.NotEmpty(page.FindAll("tr[data-edge]"));
    }

    [Fact]
    public void Filter_ThatLeavesNothing_SaysSoAndOffersTheRest()
    {
        var page = Open("topology?q=nothing-of-that-name");
        page.WaitForAssertion(() => Assert.Contains("0 of 1 endpoint", page.Find("[data-drawn]").TextContent, StringComparison.Ordinal), Bound);
        Assert.Contains(page.FindAll("button"), b => b.TextContent == "Show all");
    }

    [Fact]
    public void Probes_AreThoseThatEnded_WithWhatTheySaw()
    {
        var at = DateTimeOffset.UnixEpoch;
        RunningOperation Ended(Operation operation, OperationAnswer answer) => new(Guid.NewGuid(), operation, "admin", "page", at)
        {
            Finished = at,
            Result = RecordingRunner.Result(OperationOutcome.Succeeded) with { Answer = answer },
        };
        _runner.Operations =
        [
            new(Guid.NewGuid(), new Ping("docker01", "a", "192.0.2.3"), "admin", "page", at),
            Ended(new Ping("docker01", "a", "192.0.2.3"), new OperationAnswer.PingCount(4, 0)),
            Ended(new ConnectTcp("docker01", "a", "192.0.2.3", 80), new OperationAnswer.TcpProbe(TcpAnswer.Refused)),
            Ended(new ConnectTcp("docker01", "a", "192.0.2.3", 80), OperationAnswer.None.Value),
        ];
        Assert.Equal([("ping: 0 of 4 answered", false), ("tcp 80: refused, so packets get through", true)],
            TopologyWords.Probes(_runner).Select(p => (p.Words, p.Answered)));
    }

    private static string Workload => $"workload:docker01/libnetwork/libnetwork/{Cluster.EndpointId}";

    private IRenderedComponent<TopologyPage> Open(string address)
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = _context.Render<TopologyPage>();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-working]")), Bound);
        return page;
    }

    private sealed class Silent : IBgpSessions
    {
        public Task<BgpStatus> ReadAsync(string host, CancellationToken cancellationToken) => throw new DockerHostException(host, 0, "no answer");
    }
}
