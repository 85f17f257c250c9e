using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CalicoConsole.Core.Ports;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Api;

public sealed class BgpApiTests : IClassFixture<ConsoleFactory>, IDisposable
{
    private readonly RecordedSessions _sessions = new();
    private readonly WebApplicationFactory<Program> _console;
    private readonly HttpClient _api;

    public BgpApiTests(ConsoleFactory console)
    {
        console.State.Publish(Cluster.Snapshot());
        _console = console.WithWebHostBuilder(b => b.ConfigureTestServices(s => s.AddSingleton<IBgpSessions>(_sessions)));
        _api = _console.CreateClient();
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ConsoleFactory.Token);
    }

    public void Dispose()
    {
        _api.Dispose();
        _console.Dispose();
    }

    [Fact]
    public async Task Sessions_AreCalicoctlsRowsWithTheNodeOfThePeer()
    {
        var (status, answer) = await GetAsync("docker02");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("docker02", answer.GetProperty("host").GetString());
        Assert.Equal(
            """{"running":true,"problem":null,"sessions":[{"peer":"192.168.122.45","type":"node-to-node mesh","state":"up","since":"02:39:24","info":"Established","node":"docker01"},{"peer":"10.0.20.20","type":"global","state":"start","since":"02:39:24","info":"Connect","node":null}]}""",
            answer.GetProperty("ipv4").GetRawText());
        Assert.Equal("""{"running":false,"problem":"no bird6","sessions":[]}""", answer.GetProperty("ipv6").GetRawText());
    }

    [Fact]
    public async Task Host_ThatIsNotConfigured_Is404()
    {
        var (status, answer) = await GetAsync("docker09");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("docker09", answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_ThatDoesNotAnswer_Is502WithItsReason()
    {
        _sessions.Failure = new DockerHostException("docker02", 0, "Docker host docker02: no answer within 5 s");

        var (status, answer) = await GetAsync("docker02");

        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Equal("Docker host docker02: no answer within 5 s", answer.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Matrix_HasBothEnds_WithWhatIsWrong()
    {
        var (status, answer) = await GetPathAsync("bgp/matrix");

        Assert.Equal(HttpStatusCode.OK, status);
        var family = Assert.Single(answer.GetProperty("families").EnumerateArray());
        Assert.Equal(("IPv4", 2, true), (family.GetProperty("family").GetString(), family.GetProperty("nodes").GetInt32(),
            family.GetProperty("complete").GetBoolean()));
        // docker02 has no address in etcd, so that the mesh asks docker01 for no session to it.
        var session = Assert.Single(family.GetProperty("sessions").EnumerateArray());
        Assert.Equal(("docker02", "docker01", "Established", false), (session.GetProperty("node").GetString(), session.GetProperty("to").GetString(),
            session.GetProperty("info").GetString(), session.GetProperty("wrong").GetBoolean()));
        Assert.Contains(family.GetProperty("outside").EnumerateArray(), o => o.GetProperty("peer").GetString() == "10.0.20.20");
        Assert.Empty(family.GetProperty("silent").EnumerateArray());
    }

    [Fact]
    public async Task Matrix_NamesHostsThatDoNotAnswer()
    {
        _sessions.Failure = new DockerHostException("docker02", 0, "no answer within 5 s");

        var (status, answer) = await GetPathAsync("bgp/matrix");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["docker01: no answer within 5 s", "docker02: no answer within 5 s"], answer.GetProperty("families")[0].GetProperty("silent")
            .EnumerateArray().Select(s => $"{s.GetProperty("node").GetString()}: {s.GetProperty("reason").GetString()}"));
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string host) => GetPathAsync($"nodes/{host}/bgp");

    private async Task<(HttpStatusCode Status, JsonElement Answer)> GetPathAsync(string path)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    private sealed class RecordedSessions : IBgpSessions
    {
        public DockerHostException? Failure { get; set; }

        public Task<BgpStatus> ReadAsync(string host, CancellationToken cancellationToken) => Failure is { } failure
            ? Task.FromException<BgpStatus>(failure)
            : Task.FromResult(new BgpStatus(
                host,
                new BgpDaemon(true, null, [
                    new BgpSession("192.168.122.45", BgpPeerType.NodeToNodeMesh, "up", "02:39:24", "Established"),
                    new BgpSession("10.0.20.20", BgpPeerType.Global, "start", "02:39:24", "Connect"),
                ]),
                BgpDaemon.NotRunning("no bird6"),
                DateTimeOffset.UnixEpoch));
    }
}
