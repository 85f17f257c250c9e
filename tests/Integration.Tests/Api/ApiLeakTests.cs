using System.Net;
using System.Text.Json;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>A leak as it comes about in the field: the plugin dies between assigning an address and writing the endpoint.</summary>
[Collection(LabCollection.Name)]
public sealed class ApiLeakTests(LabFixture lab)
{
    private const int Attempts = 4;

    [Fact]
    public async Task PluginKilledInMidAttach_LeakIsFoundConfirmedAndReleased()
    {
        await lab.ResetAsync();
        var console = await lab.ConsoleAsync();
        var api = console.Api;
        var steps = new ApiSteps(lab, api);
        await steps.DeployAsync();
        await steps.PoolAsync("192.0.2.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");

        // The first one claims the block and makes the profile, so that the next attach is the assignment and then the endpoint.
        await steps.ContainerAsync("sound", "my_net", "192.0.2.1");
        var leaked = "";
        for (var attempt = 2; leaked.Length == 0; attempt++)
        {
            Assert.True(attempt < 2 + Attempts, "the plugin was never killed between the assignment and the endpoint");
            var address = $"192.0.2.{attempt}";
            await KillInMidAttachAsync($"victim{attempt}", address);
            await steps.DeployAsync();
            await api.UntilAsync($"ipam/addresses/{address}", a => a.GetProperty("state").GetString() != "free" || attempt > 2);
            leaked = (await api.GetAsync($"ipam/addresses/{address}")).GetProperty("state").GetString() == "suspect" ? address : "";
        }

        // Only after it was seen for long enough; a running container's address is no leak at any time.
        await api.UntilAsync("ipam", i => Leaks(i).Any(l => l.GetProperty("address").GetString() == leaked && l.GetProperty("confirmed").GetBoolean()),
            seconds: 90);
        Assert.DoesNotContain(Leaks(await api.GetAsync("ipam")), l => l.GetProperty("address").GetString() == "192.0.2.1");
        (await api.SendAsync(HttpMethod.Post, "ipam/release", new { addresses = new[] { leaked, "192.0.2.1" } }))
            .DemandProblem(HttpStatusCode.UnprocessableEntity, "addresses[1]", "container docker01/sound has it");

        await steps.ChangeAsync(HttpMethod.Post, "ipam/release", new { addresses = new[] { leaked } }, HttpStatusCode.OK);

        await api.UntilAsync("ipam", i => !Leaks(i).Any());
        Assert.Equal("free", (await api.GetAsync($"ipam/addresses/{leaked}")).GetProperty("state").GetString());

        // It can be had again, and the container with it works.
        await steps.ContainerAsync("again", "my_net", leaked);
        await steps.AnsweredAsync("sound", leaked);
    }

    private static IEnumerable<JsonElement> Leaks(JsonElement ipam) =>
        ipam.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("kind").GetString() == "leak");

    /// <summary>
    /// Starts a container and kills the plugin's process as soon as etcd shows the address assigned. Docker gives up on the plugin
    /// after half a minute, for the attach and for each step of undoing it.
    /// </summary>
    private async Task KillInMidAttachAsync(string name, string address)
    {
        (await lab.Docker("update", "--restart=no", "calico-node")).Demand();
        (await lab.Docker("create", "--name", name, "--network", "my_net", "--ip", address, "busybox", "sh")).Demand();
        const string Script = """
            pid=$(docker inspect -f '{{.State.Pid}}' calico-node)
            ETCDCTL_API=2 etcdctl --endpoints "$1" watch --recursive /calico/ipam/v2/assignment >/dev/null & watcher=$!
            until ETCDCTL_API=2 etcdctl --endpoints "$1" ls /calico/ipam/v2 >/dev/null; do :; done
            docker start "$2" >/dev/null 2>&1 & started=$!
            wait $watcher
            kill -9 "$pid"
            wait $started
            docker rm -f "$2" >/dev/null 2>&1
            exit 0
            """;
        (await lab.Run("sh", "-c", Script, "kill-in-mid-attach", lab.EtcdFromHosts, name)).Demand();
    }
}
