using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CalicoConsole.Integration.Tests.Api;

namespace CalicoConsole.Integration.Tests.Bgp;

/// <summary>Two hosts by the console's API alone.</summary>
[Collection(LabCollection.Name)]
public sealed class BgpApiTests(LabFixture lab)
{
    [Fact]
    public async Task TwoHosts_ByApi_FromDeployToCrossHostPingAndSessions()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        var steps = new ApiSteps(lab, api);
        var began = Stopwatch.GetTimestamp();

        await Task.WhenAll(DeployAsync(steps, "docker01"), DeployAsync(steps, "docker02"));
        await steps.PoolAsync("192.0.2.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");
        var near = await steps.ContainerAsync("workload2", "my_net", "192.0.2.2");
        var far = await steps.ChangeAsync(
            HttpMethod.Post, "containers", new { host = "docker02", name = "workload3", image = "busybox", network = "my_net", ip = "192.0.2.66" },
                HttpStatusCode.Created);
        await steps.AnsweredAsync(near, "192.0.2.66");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"two hosts by API: lab.sh up {lab.Up.TotalSeconds:0.0} s, then deploy to cross-host ping {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        await steps.AnsweredAsync(far.GetProperty("id").GetString()!, "192.0.2.2");

        foreach (var (host, peer, node) in new[] { ("docker01", "192.168.122.46", "docker02"), ("docker02", "192.168.122.45", "docker01") })
        {
            var ipv4 = (await api.GetAsync($"nodes/{host}/bgp")).GetProperty("ipv4");
            Assert.True(ipv4.GetProperty("running").GetBoolean());
            var session = Assert.Single(ipv4.GetProperty("sessions").EnumerateArray());
            Assert.Equal(
                (peer, "node-to-node mesh", "up", "Established", node),
                (session.GetProperty("peer").GetString(), session.GetProperty("type").GetString(), session.GetProperty("state").GetString(),
                    session.GetProperty("info").GetString(), session.GetProperty("node").GetString()));
        }
    }

    private Task<JsonElement> DeployAsync(ApiSteps steps, string host) =>
        steps.ChangeAsync(HttpMethod.Post, $"nodes/{host}/calico-node", new { image = lab.NodeImage, noDefaultIpPools = true }, HttpStatusCode.Created);
}
