using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Components.Nodes;
using CalicoConsole.Web.State;
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
        _context.Services.AddConsoleState();
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
    }

    [Fact]
    public void Matrix_ShowsBothEndsAndIsReadAgainOnlyWhenAsked()
    {
        var view = _context.Render<BgpMatrixView>();
        view.WaitForAssertion(() => Assert.Equal("0", view.Find("[data-family=IPv4]").GetAttribute("data-established")));
        Assert.Equal("1", view.Find("[data-family=IPv4]").GetAttribute("data-wrong"));
        Assert.Contains("Established", view.FindAll(".bgp-matrix tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("no session", view.FindAll(".bgp-matrix tbody tr")[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(2, _speakers.Reads);

        _speakers.Answers = true;
        view.FindAll("button").First(b => b.TextContent == "Read again").Click();
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
        view.WaitForAssertion(() => Assert.Contains("Nothing from docker02: no answer within 5 s", string.Join(' ', view.Find("[data-family=IPv4]").TextContent.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal));
        Assert.Contains("not known", view.FindAll(".bgp-matrix tbody tr")[1].TextContent, StringComparison.Ordinal);
    }

    private sealed class Speakers : IBgpSessions
    {
        private int _reads;

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
            return Task.FromResult(new BgpStatus(host, new BgpDaemon(true, null, [.. sessions]), BgpDaemon.NotRunning("no bird6"), DateTimeOffset.UnixEpoch));
        }

        private static BgpSession Session(string peer) => new(peer, BgpPeerType.NodeToNodeMesh, "up", "02:39:24", "Established");
    }
}
