using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Api;

public sealed class IpamApiTests : IClassFixture<IpamApiTests.StoppedConsole>
{
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public IpamApiTests(StoppedConsole stopped)
    {
        _console = stopped.Console;
        _api = _console.Api();
        _console.Runner.Reset();
        _console.State.Publish(IpamSample.Snapshot());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ipam_HasBlocksFiguresAndFindings()
    {
        var ipam = await GetAsync("ipam");

        Assert.False(ipam.GetProperty("config").GetProperty("strictAffinity").GetBoolean());
        var pool = ipam.GetProperty("pools").EnumerateArray().First(p => p.GetProperty("cidr").GetString() == "192.0.2.0/24");
        Assert.Equal((2, 5, "256"), (pool.GetProperty("blocks").GetInt32(), pool.GetProperty("used").GetInt32(), pool.GetProperty("size").GetString()));
        Assert.Equal(["", "docker01", "docker02"], ipam.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("node").GetString()));
        var block = ipam.GetProperty("blocks").EnumerateArray().First(b => b.GetProperty("cidr").GetString() == IpamSample.Block);
        Assert.Equal(("docker01", 4, 60, 1), (block.GetProperty("node").GetString(), block.GetProperty("used").GetInt32(),
            block.GetProperty("free").GetInt32(), block.GetProperty("borrowed").GetInt32()));
        Assert.Equal(
            ["handleMissing rebuildHandle", "leak releaseAddress", "affinityOfMissingNode releaseAffinity", "borrowed "],
            ipam.GetProperty("findings").EnumerateArray().Select(f => $"{f.GetProperty("kind").GetString()} {f.GetProperty("repair").GetString()}"));
        var leak = ipam.GetProperty("findings")[1];
        string? Text(string member) => leak.GetProperty(member).GetString();
        Assert.Equal((IpamSample.Leak, IpamSample.Block, "docker01"), (Text("address"), Text("block"), Text("node")));
        Assert.False(leak.GetProperty("confirmed").GetBoolean());
        Assert.Equal(JsonValueKind.String, leak.GetProperty("since").ValueKind);
        Assert.Single((await GetAsync("ipam?pool=fd80::-64")).GetProperty("blocks").EnumerateArray());
    }

    [Theory]
    [InlineData("192.0.2.2", "endpoint", "192.0.2.0/24", "192.0.2.0/26", "docker01", "workloadEndpoint docker01 workload1")]
    [InlineData("192.0.2.3", "tunnel", "192.0.2.0/24", "192.0.2.0/26", "docker01", "tunnel docker01 ")]
    [InlineData("192.0.2.7", "endpoint", "192.0.2.0/24", "192.0.2.0/26", "docker01", "workloadEndpoint docker02 ")]
    [InlineData("192.0.2.9", "suspect", "192.0.2.0/24", "192.0.2.0/26", "docker01", null)]
    [InlineData("192.0.2.10", "free", "192.0.2.0/24", "192.0.2.0/26", "docker01", null)]
    [InlineData("192.0.2.70", "free", "192.0.2.0/24", null, null, null)]
    [InlineData("192.0.2.129", "endpoint", "192.0.2.0/24", "192.0.2.128/26", null, "workloadEndpoint docker01 ")]
    [InlineData("fd80::4", "endpoint", "fd80::/64", "fd80::/122", "docker02", "workloadEndpoint docker02 ")]
    [InlineData("203.0.113.1", "free", null, null, null, null)]
    public async Task Address_IsFound(string ip, string state, string? pool, string? block, string? node, string? holder)
    {
        var found = await GetAsync($"ipam/addresses/{ip}");

        Assert.Equal((state, pool, block, node), (found.GetProperty("state").GetString(), found.GetProperty("pool").GetString(),
            found.GetProperty("block").GetString(), found.GetProperty("node").GetString()));
        var holders = found.GetProperty("holders").EnumerateArray().Select(h =>
            $"{h.GetProperty("kind").GetString()} {h.GetProperty("node").GetString()} "
                + $"{(h.GetProperty("container") is { ValueKind: JsonValueKind.Object } c ? c.GetProperty("name").GetString() : "")}");
        Assert.Equal(holder is null ? [] : [holder], holders);
    }

    [Fact]
    public async Task Changes_BecomeTheirOperations()
    {
        using var released = await SendAsync(HttpMethod.Post, "ipam/release?dryRun=false", """{"addresses":["192.0.2.9","fd80::4"]}""");
        using var rebuilt = await SendAsync(HttpMethod.Post, "ipam/handles/h%3A1/rebuild", null);
        using var affinity = await SendAsync(HttpMethod.Delete, "ipam/affinities/gone/192.0.2.64-26", null);
        using var escaped = await SendAsync(HttpMethod.Delete, "ipam/affinities/docker02/fd80::%2F122", null);
        using var config = await SendAsync(HttpMethod.Put, "ipam/config", """{"strictAffinity":true}""");

        Assert.Equal(
            [
                new ReleaseAddresses([Ip.Parse("192.0.2.9"), Ip.Parse("fd80::4")]),
                new RebuildHandle("h:1"),
                new ReleaseAffinity("gone", Cidr.Parse("192.0.2.64/26")),
                new ReleaseAffinity("docker02", Cidr.Parse("fd80::/122")),
                new SetIpamConfig(new IpamConfig(true, true)),
            ],
            _console.Runner.Ran.Select(r => r.Operation));
        using var dry = await SendAsync(HttpMethod.Post, "ipam/release?dryRun=true", """{"addresses":["192.0.2.9"]}""");
        Assert.Equal("planned", (await dry.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("outcome").GetString());
        Assert.Equal(5, _console.Runner.Ran.Count);
    }

    [Fact]
    public async Task Conflict_ShowsTheAddressesAsTheyAreNow()
    {
        _console.Runner.ResultOf = _ => RecordingRunner.Result(OperationOutcome.Conflict);
        using var response = await SendAsync(HttpMethod.Post, "ipam/release", """{"addresses":["192.0.2.2"]}""");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal("endpoint", (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("current")[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("POST", "ipam/release", """{"addresses":["192.0.2.9","x"]}""", "addresses[1]")]
    [InlineData("POST", "ipam/release", """{"addresses":["192.0.2.0/26"]}""", "addresses[0]")]
    [InlineData("POST", "ipam/release", """{"addresses":[]}""", "addresses")]
    [InlineData("POST", "ipam/release", "{}", "addresses")]
    [InlineData("POST", "ipam/release", """{"addresses":"192.0.2.9"}""", "addresses")]
    [InlineData("POST", "ipam/release", """{"address":["192.0.2.9"]}""", "address")]
    [InlineData("DELETE", "ipam/affinities/docker01/192.0.2.0-24", null, "block")]
    [InlineData("DELETE", "ipam/affinities/docker01/192.0.2.1-26", null, "block")]
    [InlineData("DELETE", "ipam/affinities/docker01/nonsense", null, "block")]
    [InlineData("PUT", "ipam/config", """{"strictAffinity":"yes"}""", "strictAffinity")]
    [InlineData("GET", "ipam/addresses/nonsense", null, "ip")]
    [InlineData("GET", "ipam?pool=nonsense", null, "pool")]
    public async Task Nonsense_Is400NamingTheField(string method, string path, string? body, string field)
    {
        using var response = await SendAsync(HttpMethod.Parse(method), path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(field, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("errors").EnumerateArray()
            .Select(e => e.GetProperty("field").GetString()));
        Assert.Empty(_console.Runner.Ran);
    }

    [Fact]
    public async Task Description_NamesEveryPath()
    {
        using var response = await _api.GetAsync("/openapi/v1.json", Cancel);
        var paths = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("paths");
        foreach (var path in new[] { "/api/v1/ipam", "/api/v1/ipam/addresses/{ip}", "/api/v1/ipam/release", "/api/v1/ipam/handles/{id}/rebuild",
            "/api/v1/ipam/affinities/{node}/{block}", "/api/v1/ipam/config" })
        {
            Assert.True(paths.TryGetProperty(path, out _), path);
        }
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _api.GetAsync($"/api/v1/{path}", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await _api.SendAsync(request, Cancel);
    }

    /// <summary>A console whose clock stands still: an address that leaks stays a suspicion, however slow the machine is.</summary>
    public sealed class StoppedConsole : IAsyncDisposable
    {
        public ConsoleFactory Console { get; } = new()
        {
            Also = services => services.AddSingleton<TimeProvider>(new StoppedClock(TimeProvider.System.GetUtcNow())),
        };

        public ValueTask DisposeAsync() => Console.DisposeAsync();
    }

    private sealed class StoppedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
