using System.Net;
using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Api;

/// <summary>The main job by the API alone, on a real etcd, engine and kernel: deploy, pool, network, containers, ping, profile, and all of it back.</summary>
[Collection(LabCollection.Name)]
public sealed class ApiWalkThroughTests(LabFixture lab, ITestOutputHelper output)
{
    private static readonly string[] Live = ["audit", "docker/docker01", "docker/docker02", "etcd", "etcd-cluster"];

    [Fact]
    public async Task WalkThrough_ByApi_FromDeployToPingAndBack()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        await EmptyAsync(api);
        var began = (await api.ItemsAsync("audit?limit=1")) is [var newest, ..] ? newest.GetProperty("id").GetInt64() : 0;
        var steps = new ApiSteps(lab, api, dryRunFirst: true);

        await steps.DeployAsync();
        await steps.PoolAsync("192.0.2.0/24");
        await steps.PoolAsync("198.51.100.0/24");
        await steps.NetworkAsync("my_net", "192.0.2.0/24");
        await steps.NetworkAsync("other", "198.51.100.0/24");
        var workload2 = await steps.ContainerAsync("workload2", "my_net", "192.0.2.2");
        var workload3 = await steps.ContainerAsync("workload3", "my_net", "192.0.2.3");
        var stranger = await steps.ContainerAsync("stranger", "other", "198.51.100.2");

        await steps.AnsweredAsync(workload2, "192.0.2.3");
        await steps.AnsweredAsync(workload3, "192.0.2.2");
        // The stranger's way out is there before its packets count as refused.
        await steps.AnsweredAsync(stranger, "192.168.122.45");
        await steps.RefusedAsync(stranger, "192.0.2.2");
        await AdmitAsync(api, steps, "my_net", "other");
        await steps.AnsweredAsync(stranger, "192.0.2.2");
        await steps.RefusedAsync(workload2, "198.51.100.2");
        var up = steps.Took;

        await JoinedAsync(api, [("workload2", "my_net", "192.0.2.2"), ("workload3", "my_net", "192.0.2.3"), ("stranger", "other", "198.51.100.2")]);
        var status = await api.GetAsync("status");
        Assert.Equal(Live, status.GetProperty("feeds").EnumerateArray().Select(f => f.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(status.GetProperty("feeds").EnumerateArray(), f => Assert.Equal("live", f.GetProperty("status").GetString()));
        Assert.True(status.GetProperty("ready").GetBoolean());
        Assert.True(status.GetProperty("etcd").GetProperty("members")[0].GetProperty("healthy").GetBoolean());

        await steps.ChangeAsync(HttpMethod.Post, $"containers/{workload3}/stop", null, HttpStatusCode.OK);
        await steps.ChangeAsync(HttpMethod.Post, $"containers/{workload3}/start", null, HttpStatusCode.OK);
        await steps.ChangeAsync(HttpMethod.Post, $"containers/{workload2}/restart", null, HttpStatusCode.OK);
        await steps.AnsweredAsync(workload2, "192.0.2.3");

        await TearDownAsync(api, steps, [workload2, workload3, stranger]);
        await AuditAsync(api, steps, began);
        output.WriteLine(
            $"walk-through by API, deploy to the last ping: {up.TotalSeconds:0.0} s; with restarts and tear-down: {steps.Took.TotalSeconds:0.0} s in "
            + $"{steps.Made.Count} requests");
    }

    [Fact]
    public async Task Deploy_EveryOption_ContainerEqualsTheGoldenDryRun()
    {
        await lab.ResetAsync();
        var api = (await lab.ConsoleAsync()).Api;
        await EmptyAsync(api);
        var steps = new ApiSteps(lab, api);

        await steps.DeployAsync();
        await EqualsGoldenAsync("001-dryrun-default.json", ("NODENAME=host-a", "NODENAME=docker01"));

        var options = new
        {
            image = lab.NodeImage,
            name = "host-a",
            ip = "10.0.0.5",
            ip6 = "fd00::5",
            @as = "64511",
            backend = "gobgp",
            noDefaultIpPools = true,
            logDir = "/var/log/calico-own",
            dockerNetworkingIfPrefix = "caliX",
            ipAutodetectionMethod = "can-reach=8.8.8.8",
            ip6AutodetectionMethod = "interface=eth.*",
            etcdEndpoints = lab.EtcdFromHosts,
        };
        await steps.ChangeAsync(HttpMethod.Post, "nodes/docker01/calico-node", options, HttpStatusCode.Created);
        await EqualsGoldenAsync("002-dryrun-full.json");

        // The old one was replaced, not left beside it, and the helper that prepares the kernel is gone.
        Assert.Single(await api.ItemsAsync("containers"));
        Assert.Contains(await api.ItemsAsync("nodes"), n => n.GetProperty("name").GetString() == "host-a"
            && n.GetProperty("resource").ValueKind == JsonValueKind.Object);
        await steps.DeleteAsync("nodes/docker01/calico-node");
        Assert.Empty((await lab.Docker("ps", "-aq")).Demand().Output);
    }

    private static async Task EmptyAsync(ConsoleApi api) => await api.UntilAsync("status", s =>
        s.GetProperty("counts") is var c && c.GetProperty("containers").GetInt32() == 0 && c.GetProperty("ipPools")
            .GetInt32() == 0 && c.GetProperty("endpoints").GetInt32() == 0);

    // What a person does in an editor: one more rule, guarded by the revision that was read.
    private static async Task AdmitAsync(ConsoleApi api, ApiSteps steps, string profile, string tag)
    {
        var read = await api.SendAsync(HttpMethod.Get, $"profiles/{profile}");
        var document = JsonSerializer.Deserialize<System.Text.Json.Nodes.JsonObject>(read.Demand(HttpStatusCode.OK))!;
        document["spec"]!["ingress"]!.AsArray().Add(new System.Text.Json.Nodes.JsonObject
        {
            ["action"] = "allow",
            ["source"] = new System.Text.Json.Nodes.JsonObject { ["tag"] = tag },
        });
        await steps.ChangeAsync(HttpMethod.Put, $"profiles/{profile}", document.ToJsonString(), HttpStatusCode.OK, read.ETag);

        // Somebody who still has the old one on the screen must not bring it back unknowingly.
        var late = await api.SendAsync(HttpMethod.Put, $"profiles/{profile}", read.Body, read.ETag);
        Assert.Contains(tag, late.Demand(HttpStatusCode.Conflict).GetProperty("current").GetProperty("spec").GetProperty("ingress").GetRawText(),
            StringComparison.Ordinal);
    }

    private static async Task JoinedAsync(ConsoleApi api, (string Name, string Network, string Ip)[] expected)
    {
        var containers = (await api.ItemsAsync("containers")).ToDictionary(c => c.GetProperty("name").GetString()!);
        var endpoints = (await api.ItemsAsync("endpoints?node=docker01")).ToDictionary(e => e.GetProperty("metadata").GetProperty("name").GetString()!);
        Assert.Equal(expected.Length, endpoints.Count);
        foreach (var (name, network, ip) in expected)
        {
            var container = containers[name];
            Assert.Equal((ip, network, "docker01"), (container.GetProperty("ip").GetString(), container.GetProperty("network").GetString(),
                container.GetProperty("host").GetString()));
            Assert.True(container.GetProperty("networks")[0].GetProperty("workloadEndpoint").GetBoolean());
            var spec = endpoints[container.GetProperty("endpointId").GetString()!].GetProperty("spec");
            Assert.Equal([network], spec.GetProperty("profiles").EnumerateArray().Select(p => p.GetString()));
            Assert.Equal([$"{ip}/32"], spec.GetProperty("ipNetworks").EnumerateArray().Select(p => p.GetString()));
        }

        var networks = await api.ItemsAsync("networks");
        Assert.Contains(networks, n => n.GetProperty("name").GetString() == "my_net" && n.GetProperty("pool").GetString() == "192.0.2.0/24"
            && n.GetProperty("profile").GetString() == "my_net" && n.GetProperty("containers").GetInt32() == 2);
    }

    private async Task TearDownAsync(ConsoleApi api, ApiSteps steps, string[] containers)
    {
        foreach (var id in containers)
        {
            await steps.DeleteAsync($"containers/{id}");
        }

        Assert.Empty(await api.ItemsAsync("endpoints"));
        var state = await lab.DumpAsync();
        Assert.DoesNotContain("/endpoint/", state, StringComparison.Ordinal);
        foreach (var name in (string[])["my_net", "other"])
        {
            await steps.DeleteAsync($"networks/{name}?host=docker01");
            await steps.DeleteAsync($"profiles/{name}");
        }

        foreach (var pool in (string[])["192.0.2.0-24", "198.51.100.0-24", "192.168.0.0-16"])
        {
            await steps.DeleteAsync($"ippools/{pool}");
        }

        await steps.DeleteAsync("nodes/docker01/calico-node");
        state = await lab.DumpAsync();
        foreach (var left in (string[])["/calico/ipam/v2/assignment/ipv4/block/", "/ipv4/block/1", "/calico/v1/policy/profile/my_net",
            "/calico/v1/ipam/v4/pool/1", "container ", "my_net"])
        {
            Assert.DoesNotContain(left, state, StringComparison.Ordinal);
        }

        // The address that a container held is free again in every sense: nothing of the handle stays either.
        Assert.DoesNotContain("/calico/ipam/v2/handle/", state, StringComparison.Ordinal);
    }

    private static async Task AuditAsync(ConsoleApi api, ApiSteps steps, long after)
    {
        JsonElement[] entries = [.. (await api.ItemsAsync("audit?limit=1000")).Where(e => e.GetProperty("id").GetInt64() > after).Reverse()];
        var expected = steps.Made.Select(m => m.Id).ToArray();
        // One entry each, in order; the dry runs and the refused conflict left none or one that says so.
        Assert.Equal(expected, entries.Where(e => e.GetProperty("outcome").GetProperty("outcome").GetString() == "succeeded")
            .Select(e => e.GetProperty("operationId").GetGuid()));
        Assert.All(entries, e => Assert.Equal("api", e.GetProperty("origin").GetString()));
        Assert.All(entries.Where(e => !expected.Contains(e.GetProperty("operationId").GetGuid())),
            e => Assert.Equal("conflict", e.GetProperty("outcome").GetProperty("outcome").GetString()));
        var pool = entries.Single(e => e.GetProperty("operation").GetString() == "ipPool.create" && e.GetProperty("object").GetString() == "192.0.2.0/24");
        Assert.Contains("/calico/v1/ipam/v4/pool/192.0.2.0-24", pool.GetProperty("writes").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("calicoctl create", pool.GetProperty("commands")[0].GetString(), StringComparison.Ordinal);
    }

    private async Task EqualsGoldenAsync(string golden, params (string From, string To)[] replacements)
    {
        var step = JsonElement.Parse(await File.ReadAllTextAsync(Repository.Golden("node", golden), TestContext.Current.CancellationToken));
        var line = step.GetProperty("stdout").GetString()!.Split('\n').Single(l => l.StartsWith("docker run ", StringComparison.Ordinal));
        foreach (var (from, to) in replacements.Append(("ETCD_ENDPOINTS=http://127.0.0.1:23790", $"ETCD_ENDPOINTS={lab.EtcdFromHosts}")))
        {
            Assert.Contains(from, line, StringComparison.Ordinal);
            line = line.Replace(from, to, StringComparison.Ordinal);
        }

        var words = line.Split(' ');
        string[] Of(string option) => [.. words.Index().Where(w => w.Index > 0 && words[w.Index - 1] == option).Select(w => w.Item)];
        var there = JsonElement.Parse((await lab.Docker("inspect", "calico-node")).Demand().Output)[0];
        var image = JsonElement.Parse((await lab.Docker("image", "inspect", lab.NodeImage)).Demand().Output)[0];
        var host = there.GetProperty("HostConfig");
        Assert.Equal(Of("-e").Order(StringComparer.Ordinal),
            Texts(there.GetProperty("Config").GetProperty("Env")).Except(Texts(image.GetProperty("Config").GetProperty("Env"))).Order(StringComparer.Ordinal));
        Assert.Equal(Of("-v"), Texts(host.GetProperty("Binds")));
        Assert.Equal(
            ("host", true, "always", false),
            (host.GetProperty("NetworkMode").GetString(), host.GetProperty("Privileged").GetBoolean(),
                host.GetProperty("RestartPolicy").GetProperty("Name").GetString(), host.GetProperty("AutoRemove").GetBoolean()));
        Assert.Equal("/calico-node", there.GetProperty("Name").GetString());
        Assert.Subset(words.ToHashSet(), new HashSet<string> { "--net=host", "--privileged", "--name=calico-node", "-d", "--restart=always" });
    }

    private static string[] Texts(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];
}
