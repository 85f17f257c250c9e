using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Bgp;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Kit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests.Components;

public sealed class BgpMatrixViewTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly Speakers _speakers = new();

    public BgpMatrixViewTests()
    {
        var snapshot = Cluster.Snapshot();
        var second = new Node { Name = "docker02", HasMetadata = true, IPv4 = Cidr.Parse("192.168.122.46/24") };
        var state = new ManualClusterState();
        state.Publish(snapshot with { Calico = snapshot.Calico with { Nodes = snapshot.Calico.Nodes.Add("docker02", new Stored<Node>(second, [])) } });
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddSingleton(TimeProvider.System);
        _context.Services.AddSingleton<IClusterState>(state);
        _context.Services.AddSingleton<IBgpSessions>(_speakers);
        _context.Services.AddSingleton<ISeriesStore, MeasuredSeries>();
        _context.Services.AddConsoleState();
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
    }

    [Fact]
    public async Task Matrix_ShowsBothEndsAndIsReadAgainOnlyWhenAsked()
    {
        var view = _context.Render<BgpMatrixView>();
        view.WaitForAssertion(() => Assert.Equal("0", view.Find("[data-family=IPv4]").GetAttribute("data-established")));
        Assert.Equal("1", view.Find("[data-family=IPv4]").GetAttribute("data-wrong"));
        Assert.Contains("Established", view.FindAll(".bgp-matrix tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("no session", view.FindAll(".bgp-matrix tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(2, _speakers.Reads);

        _speakers.Answers = true;
        await view.InvokeAsync(() => view.FindAll("button").First(b => b.TextContent == "Read again").Click());
        view.WaitForAssertion(() => Assert.Equal("1", view.Find("[data-family=IPv4]").GetAttribute("data-established")));
        Assert.Equal("0", view.Find("[data-family=IPv4]").GetAttribute("data-wrong"));
        Assert.Equal(4, _speakers.Reads);
        Assert.NotNull(view.Find("time"));
    }

    [Fact]
    public void Host_ThatDoesNotAnswer_IsNotKnownAndSaysWhy()
    {
        _speakers.Failure = "no answer within 5 s";
        var view = _context.Render<BgpMatrixView>();
        view.WaitForAssertion(() => Assert.Contains("Nothing from docker02: no answer within 5 s", Words(), StringComparison.Ordinal));
        Assert.Contains("not known", view.FindAll(".bgp-matrix tbody tr")[1].TextContent, StringComparison.Ordinal);

        string Words() =>
            string.Join(' ', view.Find("[data-family=IPv4]").TextContent.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Since_IsShownAsBirdSaysIt_AndAWobbleOfItIsNoOtherSession()
    {
        _speakers.Outside = ["23:59:58", "2026-11-23"];
        var view = _context.Render<BgpMatrixView>();
        view.WaitForAssertion(() => Assert.Equal(["23:59:58", "2026-11-23"], Column()));
        Assert.Equal("Since", view.FindAll("[data-family=IPv4] th")[^1].TextContent);

        // The clock of BIRD's answer is coarse: a session that nobody touched may be a second off in the next reading.
        _speakers.Outside = ["23:59:59", "2026-11-23"];
        await view.InvokeAsync(() => view.FindAll("button").First(b => b.TextContent == "Read again").Click());
        view.WaitForAssertion(() => Assert.Equal(["23:59:59", "2026-11-23"], Column()));

        string[] Column()
        {
            var rows = view.FindAll("[data-family=IPv4] tr").Where(r => r.TextContent.Contains("198.51.100.", StringComparison.Ordinal));
            return [.. rows.Select(r => r.QuerySelectorAll("td")[^1].TextContent)];
        }
    }

    [Fact]
    public void Sessions_OfOnePeer_AreOneRowWhateverTheirSince()
    {
        var host = _context.Render<BgpSessions>(p => p.Add(s => s.Host, "docker01"));
        host.WaitForAssertion(() => Assert.Equal("02:39:24", host.Find("[data-session] td.mono.secondary").TextContent));
        Assert.Contains("Since", host.FindAll("th").Select(h => h.TextContent));
    }

    private sealed class Speakers : IBgpSessions
    {
        private int _reads;

        public string[] Outside { get; set; } = [];

        public int Reads => _reads;

        public bool Answers { get; set; }

        public string? Failure { get; set; }

        public Task<BgpStatus> ReadAsync(string host, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            if (host == "docker02" && Failure is { } failure)
            {
                throw new DockerHostException(host, 0, failure);
            }

            BgpSession[] sessions = host == "docker01" ? [Session("192.168.122.46")] : Answers ? [Session("192.168.122.45")] : [];
            sessions = host == "docker01"
                ? [.. sessions, .. Outside.Select((since, i) => new BgpSession($"198.51.100.{i + 1}", BgpPeerType.Global, "up", since, "Established"))]
                : sessions;
            return Task.FromResult(new BgpStatus(host, new BgpDaemon(true, null, [.. sessions]), BgpDaemon.NotRunning("no bird6"), DateTimeOffset.UnixEpoch));
        }

        private static BgpSession Session(string peer) => new(peer, BgpPeerType.NodeToNodeMesh, "up", "02:39:24", "Established");
    }
}
