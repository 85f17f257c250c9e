using System.Net;
using System.Text.Json;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>etcd and the engine fail under the running console: no wrong screen, and everything back by itself.</summary>
[Collection(LabCollection.Name)]
public sealed class ApiFaultTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly HttpMethod Post = HttpMethod.Post;

    [Fact]
    public async Task Etcd_Killed_ShowsStaleAndComesBackByItself()
    {
        var (api, steps) = await DeployedAsync();
        try
        {
            (await lab.LabAsync("kill", "etcd")).Demand();
            await api.FeedAsync("etcd", "stale");
            var status = await api.GetAsync("status");
            Assert.NotEmpty(ConsoleApi.Feed(status, "etcd").GetProperty("detail").GetString()!);
            // What was known is still answered; that it is old is in the status.
            Assert.Single(await api.ItemsAsync("ippools"));
            Assert.Contains(await api.ItemsAsync("networks"), n => n.GetProperty("name").GetString() == "my_net");
            Assert.Single(await api.ItemsAsync("endpoints"));
            Assert.Contains("stale", (await api.SendAsync(Post, "ippools?dryRun=true", Pool)).Demand(HttpStatusCode.OK).GetProperty("plan")
                .GetProperty("warnings").GetRawText(), StringComparison.Ordinal);

            var refused = await api.SendAsync(Post, "ippools", Pool);
            Assert.Equal("failed", refused.Demand(HttpStatusCode.ServiceUnavailable).GetProperty("outcome").GetString());
            var entry = (await api.ItemsAsync("audit?kind=ipPool&object=203.0.113.0/24&limit=1"))[0];
            Assert.Equal(("failed", refused.Body.GetProperty("operationId").GetString()),
                (entry.GetProperty("outcome").GetProperty("outcome").GetString(), entry.GetProperty("operationId").GetString()));
        }
        finally
        {
            (await lab.LabAsync("start", "etcd")).Demand();
        }

        output.WriteLine($"etcd back to feed live: {(await api.FeedAsync("etcd", "live")).TotalSeconds:0.00} s");
        await api.FeedAsync("etcd-cluster", "live");
        await steps.PoolAsync("203.0.113.0/24");
        Assert.Equal(2, (await api.ItemsAsync("ippools")).Length);
    }

    [Fact]
    public async Task Etcd_RestoredEmpty_EmptiesTheSnapshotByItself()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        var steps = new ApiSteps(lab, api);
        await steps.DeployAsync();
        await steps.PoolAsync("203.0.113.0/24");
        Assert.NotEqual(0, (await api.GetAsync("status")).GetProperty("counts").GetProperty("profiles").GetInt32() + (await api.ItemsAsync("ippools")).Length);

        (await lab.LabAsync("wipe", "etcd")).Demand();

        var took = await api.UntilAsync("status", s => ConsoleApi.Feed(s, "etcd").GetProperty("status").GetString() == "live"
            && s.GetProperty("counts") is var c && c.GetProperty("ipPools").GetInt32() == 0 && c.GetProperty("nodes").GetInt32() == 0);
        output.WriteLine($"etcd back, empty, to snapshot empty: {took.TotalSeconds:0.00} s");
        Assert.Empty(await api.ItemsAsync("ippools"));
        // The Docker host has not changed: its calico-node is still shown, now without a node resource.
        var node = await NodeAsync(api);
        Assert.Equal(("running", JsonValueKind.Null), (node.GetProperty("calicoNode").GetProperty("state").GetString(),
            node.GetProperty("resource").ValueKind));
        await steps.PoolAsync("203.0.113.0/24");
        await steps.DeployAsync();
        Assert.Equal(JsonValueKind.Object, (await NodeAsync(api)).GetProperty("resource").ValueKind);
    }

    [Fact]
    public async Task WatchIndex_ClearedMeanwhile_IsResynced()
    {
        await lab.ResetAsync();
        var console = await lab.ConsoleAsync();
        var api = console.Api;
        await api.FeedAsync("etcd", "live");
        using var etcd = new HttpClient { BaseAddress = lab.Etcd };
        var before = ConsoleApi.Feed(await api.GetAsync("status"), "etcd").GetProperty("since").GetDateTimeOffset();

        // The console's poll is answered by the first change; etcd keeps 1,000 events, so the index it then asks for is gone.
        await console.FreezeAsync();
        try
        {
            await SetAsync(etcd, "/calico/v1/config/First", "1");
            await Parallel.ForAsync(0, 1100, TestContext.Current.CancellationToken, async (i, _) => await SetAsync(etcd, $"/elsewhere/{i % 10}", $"{i}"));
            await SetAsync(etcd, $"/calico/v1/ipam/v4/pool/203.0.113.0-24", """{"cidr":"203.0.113.0/24","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""");
        }
        finally
        {
            await console.ThawAsync();
        }

        var took = await api.UntilAsync("ippools", l => l.GetProperty("total").GetInt32() == 1);
        output.WriteLine($"console goes on to change behind the cleared index seen: {took.TotalSeconds:0.00} s");
        await api.FeedAsync("etcd", "live");
        // It went through a whole listing, not through the watch.
        Assert.True(ConsoleApi.Feed(await api.GetAsync("status"), "etcd").GetProperty("since").GetDateTimeOffset() > before);
        await SetAsync(etcd, "/calico/v1/ipam/v4/pool/198.51.100.0-24", """{"cidr":"198.51.100.0/24","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""");
        await api.UntilAsync("ippools", l => l.GetProperty("total").GetInt32() == 2);
    }

    [Fact]
    public async Task Engine_StoppedThenKilled_ShowsStaleAndThenWhatIsThere()
    {
        var (api, _) = await DeployedAsync();
        try
        {
            (await lab.LabAsync("stop", "docker01")).Demand();
            await api.FeedAsync("docker/docker01", "stale");
            Assert.Equal(2, (await api.ItemsAsync("containers")).Length);
            var refused = await api.SendAsync(Post, "containers/workload2/restart");
            Assert.Equal("failed", refused.Demand(HttpStatusCode.ServiceUnavailable).GetProperty("outcome").GetString());
        }
        finally
        {
            (await lab.LabAsync("start", "docker01")).Demand();
        }

        output.WriteLine($"dockerd back to feed live: {(await api.FeedAsync("docker/docker01", "live")).TotalSeconds:0.00} s");
        await SameAsDockerAsync(api);
        await api.UntilAsync("containers/workload2", c => c.GetProperty("state").GetString() == "running"
            && c.GetProperty("networks")[0].GetProperty("workloadEndpoint").GetBoolean());

        (await lab.LabAsync("kill", "docker01")).Demand();
        await api.FeedAsync("docker/docker01", "stale");
        (await lab.LabAsync("start", "docker01")).Demand();
        output.WriteLine($"dockerd killed, back to feed live: {(await api.FeedAsync("docker/docker01", "live")).TotalSeconds:0.00} s");
        await SameAsDockerAsync(api);
    }

    private static async Task<JsonElement> NodeAsync(ConsoleApi api) =>
        (await api.ItemsAsync("nodes")).Single(n => n.GetProperty("name").GetString() == "docker01");

    private static object Pool => new { apiVersion = "v1", kind = "ipPool", metadata = new { cidr = "203.0.113.0/24" } };

    private static async Task SetAsync(HttpClient etcd, string key, string value)
    {
        using var body = new FormUrlEncodedContent([KeyValuePair.Create("value", value)]);
        using var answer = await etcd.PutAsync(new Uri($"/v2/keys{key}", UriKind.Relative), body, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<(ConsoleApi Api, ApiSteps Steps)> DeployedAsync()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        await api.UntilAsync("status", s => s.GetProperty("counts").GetProperty("ipPools").GetInt32() == 0
            && s.GetProperty("counts").GetProperty("containers").GetInt32() == 0);
        var steps = new ApiSteps(lab, api);
        await steps.ChangeAsync(Post, "nodes/docker01/calico-node", new { image = lab.NodeImage, noDefaultIpPools = true }, HttpStatusCode.Created);
        await steps.PoolAsync("192.0.2.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");
        await steps.ContainerAsync("workload2", "my_net", "192.0.2.2");
        return (api, steps);
    }

    // Names, states and addresses as the docker CLI has them.
    private async Task SameAsDockerAsync(ConsoleApi api)
    {
        var shown = "";
        await LabFixture.UntilAsync(
            async () =>
            {
                shown = string.Join('\n', (await api.ItemsAsync("containers"))
                    .Select(c => $"{c.GetProperty("id").GetString()} {c.GetProperty("state").GetString()}").Order(StringComparer.Ordinal));
                return string.Join('\n', (await lab.Docker("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.State}}")).Demand().Output.Split('\n',
                    StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
            },
            docker => docker == shown);
    }
}
