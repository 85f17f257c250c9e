using System.Text.Json;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>The console is killed between intent and outcome; started again on its database it names what became of the change.</summary>
[Collection(LabCollection.Name)]
public sealed class ApiInterruptedTests(LabFixture lab)
{
    [Fact]
    public async Task KilledWhileEtcdHangs_NamesWhetherTheKeyWasWritten()
    {
        await lab.ResetAsync();
        await using var console = await ConsoleProcess.StartAsync(lab.Settings);
        await console.Api.FeedAsync("etcd", "live");
        (await lab.LabAsync("pause", "etcd")).Demand();
        Guid operation;
        try
        {
            var change = console.Api.SendAsync(HttpMethod.Post, "ippools",
                new { apiVersion = "v1", kind = "ipPool", metadata = new { cidr = "203.0.113.0/24" } });
            operation = await OpenIntentAsync(console.Api);
            await console.KillAsync();
            await Assert.ThrowsAsync<HttpRequestException>(() => change);
        }
        finally
        {
            (await lab.LabAsync("resume", "etcd")).Demand();
        }

        await console.RestartAsync();

        var outcome = await FoundAsync(console.Api, operation);
        var written = (await lab.Etcdctl("get", "/calico/v1/ipam/v4/pool/203.0.113.0-24")).ExitCode == 0;
        Assert.Equal(written ? "foundDone" : "foundNotDone", outcome.GetProperty("outcome").GetString());
        Assert.Contains("/calico/v1/ipam/v4/pool/203.0.113.0-24", outcome.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(written ? 1 : 0, (await console.Api.ItemsAsync("ippools")).Length);
    }

    [Fact]
    public async Task KilledWhileADeployWaits_NamesTheHalfDeployedNode()
    {
        await lab.ResetAsync();
        await using var console = await ConsoleProcess.StartAsync(lab.Settings);
        await console.Api.FeedAsync("docker/docker01", "live");
        // An etcd that nobody answers at: the node never says that it has started.
        var change = console.Api.SendAsync(HttpMethod.Post, "nodes/docker01/calico-node",
            new { image = lab.NodeImage, etcdEndpoints = "http://192.168.122.250:2379" });
        var operation = await OpenIntentAsync(console.Api);
        await console.Api.UntilAsync("containers", c =>
            c.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("name").GetString() == "calico-node"
            && i.GetProperty("state").GetString() is "running" or "restarting"));
        await console.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => change);

        await console.RestartAsync();

        var outcome = await FoundAsync(console.Api, operation);
        Assert.Equal("foundPartial", outcome.GetProperty("outcome").GetString());
        Assert.Contains("container calico-node on docker01", outcome.GetProperty("message").GetString(), StringComparison.Ordinal);
        // Docker restarts a node that ends: it is found running without that line in its log, or just between two of its lives.
        Assert.Matches(
            "its log does not say 'Calico node started successfully'|was made but is (restarting|exited)", outcome.GetProperty("message").GetString());
        Assert.Contains("/calico/v1/host/docker01/config/InterfacePrefix", outcome.GetProperty("message").GetString(), StringComparison.Ordinal);

        // It can be mended from here.
        var steps = new ApiSteps(lab, console.Api);
        await steps.DeployAsync();
        Assert.Equal("running", Assert.Single(await console.Api.ItemsAsync("containers")).GetProperty("state").GetString());
    }

    private static async Task<Guid> OpenIntentAsync(ConsoleApi api)
    {
        await api.UntilAsync("audit?limit=1", a => a.GetProperty("items").EnumerateArray().Any(e => e.GetProperty("outcome").ValueKind == JsonValueKind.Null));
        return (await api.ItemsAsync("audit?limit=1"))[0].GetProperty("operationId").GetGuid();
    }

    private static async Task<JsonElement> FoundAsync(ConsoleApi api, Guid operation)
    {
        JsonElement found = default;
        await api.UntilAsync("audit", a =>
        {
            var entry = a.GetProperty("items").EnumerateArray().Single(e => e.GetProperty("operationId").GetGuid() == operation);
            found = entry.GetProperty("outcome").Clone();
            return found.ValueKind == JsonValueKind.Object;
        });
        return found;
    }
}
