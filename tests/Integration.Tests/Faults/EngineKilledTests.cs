using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>dockerd is killed while it carries out a change, once for each kind of change: the log ends up with what is really there.</summary>
[Collection(LabCollection.Name)]
public sealed class EngineKilledTests(LabFixture lab, ITestOutputHelper output)
{
    private const string Host = "docker01";
    private static readonly string[] Did = ["succeeded", "notYetSeen", "foundDone"];
    private readonly FaultTimes _times = new();

    [Fact]
    public async Task Engine_KilledInEachOperation_TheLogSaysWhatIsThere()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        await api.UntilAsync("status", s => s.GetProperty("counts").GetProperty("containers").GetInt32() == 0);
        var steps = new ApiSteps(lab, api);
        object node = new { image = lab.NodeImage, noDefaultIpPools = true };
        await KilledAsync(api, "deploy calico-node", HttpMethod.Post, $"nodes/{Host}/calico-node", node, ThereAsync("calico-node"));
        await steps.ChangeAsync(HttpMethod.Post, $"nodes/{Host}/calico-node", node, HttpStatusCode.Created);
        await steps.PoolAsync("192.0.2.0/24");

        await KilledAsync(api, "create network", HttpMethod.Post, "networks",
            new { host = Host, name = "my_net", driver = "calico", ipamDriver = "calico-ipam", subnet = "192.0.2.0/24" }, NetworkAsync("my_net"));
        if (!await NetworkAsync("my_net")())
        {
            await steps.NetworkAsync("my_net", "192.0.2.0/24");
        }

        await KilledAsync(api, "create container", HttpMethod.Post, "containers", ApiSteps.Container("first", "my_net", null), ThereAsync("first"));
        await steps.ContainerAsync("walker", "none", null);
        await KilledAsync(api, "stop container", HttpMethod.Post, "containers/walker/stop", null, null);
        await KilledAsync(api, "start container", HttpMethod.Post, "containers/walker/start", null, null);
        await KilledAsync(api, "restart container", HttpMethod.Post, "containers/walker/restart", null, null);
        await KilledAsync(api, "remove container", HttpMethod.Delete, "containers/walker", null, GoneAsync("walker"));
        // Docker removes no network that a container uses.
        (await lab.Docker("rm", "-f", "first")).Demand();
        await KilledAsync(api, "remove network", HttpMethod.Delete, $"networks/my_net", null, async () => !await NetworkAsync("my_net")());
        await KilledAsync(api, "remove calico-node", HttpMethod.Delete, $"nodes/{Host}/calico-node", null, GoneAsync("calico-node"));
        output.WriteLine(_times.Table());
    }

    private async Task KilledAsync(ConsoleApi api, string what, HttpMethod method, string path, object? body, Func<Task<bool>>? done)
    {
        var before = (await api.ItemsAsync("audit?limit=1")) is [var newest, ..] ? newest.GetProperty("id").GetInt64() : 0;
        var engine = LabPart.Engine(lab, Host);
        var change = api.SendAsync(method, path, body);
        // The intent stands and the calls begin.
        var asked = await api.UntilAsync("audit?limit=1", a => change.IsCompleted
            || a.GetProperty("items").EnumerateArray().Any(e => e.GetProperty("id").GetInt64() > before));
        await engine.KillAsync();
        var noticed = await api.FeedAsync($"docker/{Host}", "stale");
        var recovered = await engine.StartAsync(() => api.FeedAsync($"docker/{Host}", "live"));
        var answer = await change;
        _times.Add($"dockerd killed: {what}", noticed, recovered);

        JsonElement entry = default;
        await api.UntilAsync("audit?limit=1", a => (entry = a.GetProperty("items")[0].Clone()).GetProperty("id").GetInt64() > before
            && entry.GetProperty("outcome").ValueKind == JsonValueKind.Object, 60);
        var outcome = entry.GetProperty("outcome").GetProperty("outcome").GetString()!;
        var message = entry.GetProperty("outcome").GetProperty("message").GetString();
        output.WriteLine($"{what}: intent after {asked.TotalMilliseconds:0} ms, answered {(int)answer.Status}, recorded {outcome}: {message}");
        Assert.True(answer.Body.GetProperty("outcome").GetString() == outcome || outcome.StartsWith("found", StringComparison.Ordinal),
            $"{what}: {Shown.Of(answer.Body)} but {Shown.Of(entry)}");
        Assert.True(Did.Contains(outcome) || message is { Length: > 0 }, Shown.Of(entry));
        if (done is not null && outcome is not ("partial" or "foundPartial"))
        {
            Assert.True(await done() == Did.Contains(outcome), $"{what}: {Shown.Of(entry)}");
        }
    }

    private Func<Task<bool>> ThereAsync(string name) => async () => (await lab.Docker("ps", "-aq", "-f", $"name=^{name}$")).Demand().Output.Trim().Length > 0;

    private Func<Task<bool>> GoneAsync(string name) => async () => !await ThereAsync(name)();

    private Func<Task<bool>> NetworkAsync(string name) => async () =>
        (await lab.Docker("network", "ls", "-q", "-f", $"name=^{name}$")).Demand().Output.Trim().Length > 0;
}
