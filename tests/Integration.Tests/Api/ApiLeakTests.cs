using System.Net;
using System.Text.Json;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>A leak as it comes about in the field: the plugin dies between assigning an address and writing the endpoint.</summary>
[Collection(LabCollection.Name)]
public sealed class ApiLeakTests(LabFixture lab)
{
    private const int Attempts = 6;

    private const string Block = "/v2/keys/calico/ipam/v2/assignment/ipv4/block/192.0.2.0-26";

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

            // A plugin that was quicker than the kill has attached the container, and given the address back when its program ended.
            leaked = await IsAssignedAsync(attempt) ? address : "";
        }

        await api.UntilAsync($"ipam/addresses/{leaked}", a => a.GetProperty("state").GetString() == "suspect");

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

    /// <summary>Whether the block in etcd holds an allocation for its n-th address.</summary>
    private async Task<bool> IsAssignedAsync(int ordinal)
    {
        using var etcd = new HttpClient { BaseAddress = lab.Etcd };
        var answer = JsonElement.Parse(await etcd.GetStringAsync(new Uri(Block, UriKind.Relative), TestContext.Current.CancellationToken));
        var block = JsonElement.Parse(answer.GetProperty("node").GetProperty("value").GetString()!);
        return block.GetProperty("allocations")[ordinal].ValueKind == JsonValueKind.Number;
    }

    /// <summary>The number of etcd's last change: a watch from there on misses nothing, however late it begins.</summary>
    private async Task<string> LastChangeAsync()
    {
        using var etcd = new HttpClient { BaseAddress = lab.Etcd };
        using var answer = await etcd.GetAsync(new Uri(Block, UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("X-Etcd-Index").Single();
    }

    /// <summary>
    /// Starts a container and kills the plugin's process as soon as etcd shows the address assigned. Docker gives up on the plugin
    /// after half a minute, for the attach and for each step of undoing it. A start that failed before the assignment ends the watch, too.
    /// </summary>
    private async Task KillInMidAttachAsync(string name, string address)
    {
        (await lab.Docker("update", "--restart=no", "calico-node")).Demand();
        (await lab.Docker("create", "--name", name, "--network", "my_net", "--ip", address, "busybox", "sh")).Demand();
        const string Script = """
            pid=$(docker inspect -f '{{.State.Pid}}' calico-node)
            ETCDCTL_API=2 nice -n -15 etcdctl --endpoints "$1" watch --after-index "$3" --recursive /calico/ipam/v2/assignment >/dev/null & watcher=$!
            { docker start "$2" >/dev/null 2>&1; kill $watcher 2>/dev/null; } & started=$!
            wait $watcher
            kill -9 "$pid"
            wait $started
            docker rm -f "$2" >/dev/null 2>&1
            exit 0
            """;
        (await lab.Run("sh", "-c", Script, "kill-in-mid-attach", lab.EtcdFromHosts, name, await LastChangeAsync())).Demand();
    }
}
