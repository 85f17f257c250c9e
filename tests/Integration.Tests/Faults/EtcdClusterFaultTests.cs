using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Faults;

/// <summary>The console on an etcd of three members that loses its leader, and on one whose v3 database is full. No Docker host takes part.</summary>
[Collection(LabCollection.Name)]
public sealed class EtcdClusterFaultTests(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LeaderLost_IsShown_AndChangesAreNamedAfterwards()
    {
        var servers = await EtcdServer.StartClusterAsync(3, Cancel);
        try
        {
            await using var console = await StartAsync(servers);
            var api = console.Api;
            await api.FeedAsync("etcd", "live");
            await CreatedAsync(api, "192.0.2.0/24");

            await servers[1].KillAsync();
            await servers[2].KillAsync();
            var noticed = await api.FeedAsync("etcd", "stale");
            await api.UntilAsync("status", s => Members(s).Count(m => !m.GetProperty("healthy").GetBoolean()) == 3
                && Members(s).Any(m => m.GetProperty("name").GetString() == "m0"
                    && m.GetProperty("problem").GetString()!.Contains("no leader", StringComparison.Ordinal)));
            // The member that is left answers: what it says of itself is current.
            Assert.Equal("live", ConsoleApi.Feed(await api.GetAsync("status"), "etcd-cluster").GetProperty("status").GetString());
            Assert.Single(await api.ItemsAsync("ippools"));

            var answer = await api.SendAsync(HttpMethod.Post, "ippools", Pool("198.51.100.0/24"));
            Assert.True((int)answer.Status >= 500, Shown.Of(answer.Body));
            Assert.Contains(answer.Body.GetProperty("outcome").GetString(), new[] { "failed", "partial" });
            var operation = answer.Body.GetProperty("operationId").GetGuid();

            await Task.WhenAll(servers[1].StartAgainAsync(Cancel), servers[2].StartAgainAsync(Cancel));
            output.WriteLine(
                $"leader lost: noticed after {noticed.TotalSeconds:0.00} s, live {(await api.FeedAsync("etcd", "live")).TotalSeconds:0.00} s after the members "
                + "answer");
            await OutcomeAsync(api, operation, "198.51.100.0/24");
            await CreatedAsync(api, "203.0.113.0/24");
            await api.UntilAsync("status", s => Members(s).All(m => m.GetProperty("healthy").GetBoolean()));
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>etcd 3.4: the quota concerns v3 alone. Calico's and Docker's keys are v2, so work goes on; the alarm must be seen all the same.</summary>
    [Fact]
    public async Task NoSpace_IsShown_AndChangesGoOn()
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerSettings { QuotaBytes = 2_000_000 }, Cancel);
        await using var console = await StartAsync([server]);
        var api = console.Api;
        await api.FeedAsync("etcd", "live");
        await server.RaiseNoSpaceAsync(Cancel);

        var noticed = await api.UntilAsync("status", s => s.GetProperty("etcd").GetProperty("alarms").GetArrayLength() == 1);
        var status = await api.GetAsync("status");
        Assert.Equal("NOSPACE on default", status.GetProperty("etcd").GetProperty("alarms")[0].GetString());
        Assert.Contains("alarm NOSPACE", Assert.Single(Members(status)).GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.All(new[] { "etcd", "etcd-cluster", "audit" }, f => Assert.Equal("live", ConsoleApi.Feed(status, f).GetProperty("status").GetString()));
        await CreatedAsync(api, "192.0.2.0/24");

        await server.ClearNoSpaceAsync(Cancel);
        var over = await api.UntilAsync("status", s => s.GetProperty("etcd").GetProperty("alarms").GetArrayLength() == 0
            && Members(s).All(m => m.GetProperty("healthy").GetBoolean()));
        output.WriteLine($"NOSPACE: shown after {noticed.TotalSeconds:0.00} s, gone {over.TotalSeconds:0.00} s after it was disarmed");
    }

    private static Task<ConsoleProcess> StartAsync(EtcdServer[] servers) => ConsoleProcess.StartAsync(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["ETCD_ENDPOINTS"] = string.Join(',', servers.Select(s => s.Endpoint)) });

    private static object Pool(string cidr) => new { apiVersion = "v1", kind = "ipPool", metadata = new { cidr } };

    private static async Task CreatedAsync(ConsoleApi api, string cidr)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await api.SendAsync(HttpMethod.Post, "ippools", Pool(cidr));
            if (answer.Status == HttpStatusCode.Created)
            {
                return;
            }

            // An election may still be going on: etcd then answers that it has no leader.
            Assert.True(answer.Status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                && Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"{answer.Status}: {Shown.Of(answer.Body)}");
        }
    }

    // The log ends up with what really became of the change.
    private static async Task OutcomeAsync(ConsoleApi api, Guid operation, string cidr)
    {
        var outcome = "";
        await api.UntilAsync($"audit?object={cidr}", a =>
            a.GetProperty("items").EnumerateArray().Single(e => e.GetProperty("operationId").GetGuid() == operation)
            .GetProperty("outcome") is { ValueKind: JsonValueKind.Object } o && (outcome = o.GetProperty("outcome").GetString()!).Length > 0);
        var there = (await api.ItemsAsync("ippools")).Any(p => p.GetProperty("metadata").GetProperty("cidr").GetString() == cidr);
        Assert.Contains(outcome, there ? ["foundDone"] : new[] { "failed", "foundNotDone" });
    }

    private static JsonElement[] Members(JsonElement status) => [.. status.GetProperty("etcd").GetProperty("members").EnumerateArray()];
}
