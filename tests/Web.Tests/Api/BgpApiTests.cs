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

    private async Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string host)
    {
        using var response = await _api.GetAsync($"/api/v1/nodes/{host}/bgp", TestContext.Current.CancellationToken);
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
