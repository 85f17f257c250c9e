using System.Diagnostics;
using System.Net;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>Nobody closes a connection, but no answer comes: a frozen engine, a frozen etcd, a network that swallows packets.</summary>
[Collection(LabCollection.Name)]
public sealed class SilentPartTests(LabFixture lab, ITestOutputHelper output)
{
    private const string Pool = "/calico/v1/ipam/v4/pool/203.0.113.0-24";
    private const string PoolValue = """{"cidr":"203.0.113.0/24","ipip":"","ipip_mode":"","masquerade":false,"ipam":true,"disabled":false}""";

    [Fact]
    public async Task Engine_AcceptsAndNeverAnswers_IsStaleAndDelaysNobody()
    {
        var api = await ReadyAsync();
        var steps = new ApiSteps(lab, api);
        await steps.ContainerAsync("walker", "none", null);
        (await lab.LabAsync("pause", "docker01")).Demand();
        TimeSpan noticed;
        try
        {
            noticed = await api.FeedAsync("docker/docker01", "stale");
            Assert.Contains("no answer", ConsoleApi.Feed(await api.GetAsync("status"), "docker/docker01").GetProperty("detail").GetString(),
                StringComparison.Ordinal);
            Assert.Single(await api.ItemsAsync("containers"));
            Assert.Equal("live", ConsoleApi.Feed(await api.GetAsync("status"), "docker/docker02").GetProperty("status").GetString());
            await steps.PoolAsync("192.0.2.0/24");

            var refused = await api.SendAsync(HttpMethod.Post, "containers/walker/stop");
            Assert.Equal("failed", refused.Demand(HttpStatusCode.ServiceUnavailable).GetProperty("outcome").GetString());
            Assert.Contains("nothing was tried", refused.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            (await lab.LabAsync("resume", "docker01")).Demand();
        }

        output.WriteLine(
            $"engine frozen: noticed after {noticed.TotalSeconds:0.00} s, live {(await api.FeedAsync("docker/docker01", "live")).TotalSeconds:0.00} s after it "
            + "goes on");
        await steps.ChangeAsync(HttpMethod.Post, "containers/walker/stop", null, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Network_ToEtcdSwallowsPackets_OldDataAreNotShownAsLive()
    {
        var api = await ReadyAsync();
        var began = Stopwatch.GetTimestamp();
        (await lab.LabAsync("pause", "forward")).Demand();
        TimeSpan noticed;
        try
        {
            // Another administrator's change, which the console cannot see.
            (await lab.Etcdctl("set", Pool, PoolValue)).Demand();
            await api.FeedAsync("etcd", "stale");
            noticed = Stopwatch.GetElapsedTime(began);
            Assert.Empty(await api.ItemsAsync("ippools"));
        }
        finally
        {
            (await lab.LabAsync("resume", "forward")).Demand();
        }

        output.WriteLine(
            $"network to etcd gone: noticed after {noticed.TotalSeconds:0.00} s, live {(await api.FeedAsync("etcd", "live")).TotalSeconds:0.00} s after it is "
            + "back");
        Assert.Single(await api.ItemsAsync("ippools"));
    }

    [Fact]
    public async Task Etcd_Frozen_AWriteIsNamedAfterwards()
    {
        var api = await ReadyAsync();
        (await lab.LabAsync("pause", "etcd")).Demand();
        ApiAnswer answer;
        TimeSpan noticed;
        try
        {
            var change = api.SendAsync(HttpMethod.Post, "ippools", new { apiVersion = "v1", kind = "ipPool", metadata = new { cidr = "203.0.113.0/24" } });
            noticed = await api.FeedAsync("etcd", "stale");
            answer = await change;
            Assert.True((int)answer.Status >= 500, Shown.Of(answer.Body));
        }
        finally
        {
            (await lab.LabAsync("resume", "etcd")).Demand();
        }

        output.WriteLine(
            $"etcd frozen: noticed after {noticed.TotalSeconds:0.00} s, live {(await api.FeedAsync("etcd", "live")).TotalSeconds:0.00} s after it goes on");
        await api.UntilAsync("audit?object=203.0.113.0/24&limit=1",
            a => a.GetProperty("items")[0].GetProperty("outcome").ValueKind == System.Text.Json.JsonValueKind.Object);
        var outcome = (await api.ItemsAsync("audit?object=203.0.113.0/24&limit=1"))[0].GetProperty("outcome").GetProperty("outcome").GetString();
        var written = (await lab.Etcdctl("get", Pool)).ExitCode == 0;
        Assert.Contains(outcome, written ? ["foundDone"] : new[] { "failed", "foundNotDone" });
    }

    [Fact]
    public async Task Host_CutOffFromTheOthers_LeavesTheConsoleAsItIs()
    {
        var api = await ReadyAsync();
        var steps = new ApiSteps(lab, api);
        (await lab.LabAsync("cut", "docker02")).Demand();
        try
        {
            await steps.PoolAsync("192.0.2.0/24");
            await steps.ContainerAsync("walker", "none", null);
            await api.FeedAsync("etcd", "live");
            await api.FeedAsync("docker/docker01", "live");
        }
        finally
        {
            (await lab.LabAsync("heal", "docker02")).Demand();
        }

        output.WriteLine($"docker02 cut off and back, to its feed live: {(await api.FeedAsync("docker/docker02", "live")).TotalSeconds:0.00} s");
    }

    private async Task<ConsoleApi> ReadyAsync()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        await api.UntilAsync("status", s => s.GetProperty("counts") is var c && c.GetProperty("ipPools").GetInt32() == 0
            && c.GetProperty("containers").GetInt32() == 0
            && s.GetProperty("feeds").EnumerateArray().All(f => f.GetProperty("status").GetString() == "live"));
        return api;
    }
}
