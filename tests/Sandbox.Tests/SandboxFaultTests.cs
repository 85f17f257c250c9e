using System.Text;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Ports;
using Microsoft.Extensions.Time.Testing;

namespace CalicoConsole.Sandbox.Tests;

/// <summary>What goes wrong on real hosts goes wrong in the sandbox too.</summary>
public sealed class SandboxFaultTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RemoveContainer_WithoutCalicoNode_HangsAndLeavesItsEndpointBehind()
    {
        var time = new FakeTimeProvider();
        await using var cluster = new SandboxCluster(time);
        await cluster.StartAsync(Cancelled);
        var host = Host(cluster, "docker01");
        var web = (await host.ContainerAsync("web1", Cancelled))!.Networks[0];
        var endpoint = $"/calico/v1/host/docker01/workload/libnetwork/libnetwork/endpoint/{web.EndpointId}";
        var count = $"/docker/network/v1.0/endpoint_count/{web.NetworkId}";
        Assert.Equal("""{"Count":2}""", await TextAsync(cluster, count));

        await host.RemoveAsync("calico-node", force: true, Cancelled);
        Assert.DoesNotContain("calico", (await host.InfoAsync(Cancelled)).NetworkPlugins);
        var removal = host.RemoveAsync("web1", force: true, Cancelled);
        Assert.False(removal.IsCompleted);
        await PassAsync(time, removal);

        Assert.Null(await host.ContainerAsync("web1", Cancelled));
        Assert.NotEmpty(await TextAsync(cluster, endpoint));
        Assert.Equal("""{"Count":2}""", await TextAsync(cluster, count));
        var inUse = await Assert.ThrowsAsync<DockerHostException>(() => host.RemoveNetworkAsync("frontend", Cancelled));
        Assert.Equal($"error while removing network: network frontend id {web.NetworkId} has active endpoints", inUse.Message);

        var node = await host.CreateContainerAsync(CalicoNodeContainer.Request(new CalicoNodeOptions(), "docker01", "http://192.168.122.1:2379"), Cancelled);
        await host.StartAsync(node, Cancelled);
        Assert.Contains("calico", (await host.InfoAsync(Cancelled)).NetworkPlugins);
        var again = await host.CreateContainerAsync(new("web1", "busybox") { Network = "frontend", IPv4 = "10.10.1.11" }, Cancelled);
        var taken = await Assert.ThrowsAsync<DockerHostException>(() => host.StartAsync(again, Cancelled));
        Assert.Equal((403, "endpoint with name web1 already exists in network frontend"), (taken.Status, taken.Message));
    }

    [Fact]
    public async Task Pause_KeepsTheEndpoint_RefusesProgramsAndStart_AndEndsWithUnpauseOrStop()
    {
        await using var cluster = new SandboxCluster(new FakeTimeProvider());
        await cluster.StartAsync(Cancelled);
        var host = Host(cluster, "docker01");
        var web = (await host.ContainerAsync("web1", Cancelled))!;

        await host.ActAsync("web1", "pause", null, Cancelled);
        var paused = (await host.ContainerAsync("web1", Cancelled))!;
        Assert.Equal(("paused", web.Networks[0].EndpointId), (paused.State, paused.Networks[0].EndpointId));
        Assert.EndsWith("(Paused)", paused.Status, StringComparison.Ordinal);
        var refusals = new List<string>();
        foreach (var call in new Func<Task>[]
        {
            () => host.ActAsync("web1", "pause", null, Cancelled), () => host.StartAsync("web1", Cancelled), () => host.RemoveAsync("web1", false, Cancelled),
            async () => await host.ExecAsync("web1", ["ping", "10.10.1.10"], Cancelled).ToArrayAsync(Cancelled),
        })
        {
            refusals.Add((await Assert.ThrowsAsync<DockerHostException>(call)).Message.Replace(web.Id, "ID", StringComparison.Ordinal));
        }

        Assert.Equal(
            [
                "Container ID is already paused", "cannot start a paused container, try unpause instead",
                "You cannot remove a paused container ID. Unpause and then stop the container before attempting removal or force remove",
                "Container ID is paused, unpause the container before exec",
            ], refusals);
        await host.ActAsync("web1", "unpause", null, Cancelled);
        Assert.Equal("running", (await host.ContainerAsync("web1", Cancelled))!.State);
        Assert.EndsWith("is not paused", (await Assert.ThrowsAsync<DockerHostException>(() => host.ActAsync("web1", "unpause", null, Cancelled))).Message,
            StringComparison.Ordinal);

        await host.ActAsync("web1", "pause", null, Cancelled);
        await host.StopAsync("web1", TimeSpan.FromSeconds(1), Cancelled);
        Assert.Equal("exited", (await host.ContainerAsync("web1", Cancelled))!.State);
        Assert.EndsWith("is not running", (await Assert.ThrowsAsync<DockerHostException>(() => host.ActAsync("web1", "pause", null, Cancelled))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAHostThatNeverHadThePlugin_IsRefusedAfterTheEnginesPatience()
    {
        var time = new FakeTimeProvider();
        await using var cluster = new SandboxCluster(time);
        await cluster.StartAsync(Cancelled);
        var host = Host(cluster, "docker03");
        await PassAsync(time, host.PullAsync("busybox", Cancelled).ToArrayAsync(Cancelled).AsTask());
        var id = await host.CreateContainerAsync(new("lost", "busybox") { Network = "frontend", IPv4 = "10.10.3.10" }, Cancelled);

        var start = host.StartAsync(id, Cancelled);
        Assert.False(start.IsCompleted);
        var refused = await Assert.ThrowsAsync<DockerHostException>(() => PassAsync(time, start));

        Assert.Equal((404, "plugin \"calico-ipam\" not found"), (refused.Status, refused.Message));
        Assert.Equal("created", (await host.ContainerAsync(id, Cancelled))!.State);
    }

    [Fact]
    public async Task Pull_KnownImage_ComesLayerByLayer()
    {
        var time = new FakeTimeProvider();
        await using var cluster = new SandboxCluster(time);
        await cluster.StartAsync(Cancelled);
        var host = Host(cluster, "docker03");
        Assert.Empty(await host.ImagesAsync(Cancelled));

        var pull = host.PullAsync("quay.io/calico/node:v2.6.9", Cancelled).ToArrayAsync(Cancelled).AsTask();
        await PassAsync(time, pull);
        var progress = await pull;

        Assert.Equal("Pulling from calico/node", progress[0].Status);
        Assert.Equal("Status: Downloaded newer image for quay.io/calico/node:v2.6.9", progress[^1].Status);
        foreach (var layer in progress.Where(p => p.Status == "Downloading").GroupBy(p => p.Layer))
        {
            Assert.Equal(layer.Select(p => p.CurrentBytes).Order(), layer.Select(p => p.CurrentBytes));
            Assert.Equal(layer.Last().TotalBytes, layer.Last().CurrentBytes);
        }

        Assert.Equal(["quay.io/calico/node:v2.6.9"], Assert.Single(await host.ImagesAsync(Cancelled)).Tags);
    }

    [Theory]
    [InlineData("no-such-image", 404,
        "pull access denied for no-such-image, repository does not exist or may require 'docker login': denied: requested access to the resource is denied")]
    [InlineData("busybox:0.0", 404, "manifest for busybox:0.0 not found: manifest unknown: manifest unknown")]
    [InlineData("registry.invalid:5000/a/b:1", 500, "Get \"https://registry.invalid:5000/v2/\": dial tcp: lookup registry.invalid: no such host")]
    public async Task Pull_UnknownImage_IsRefusedInTheRegistrysWords(string image, int status, string words)
    {
        var time = new FakeTimeProvider();
        await using var cluster = new SandboxCluster(time, seeded: false);
        await cluster.StartAsync(Cancelled);

        var refused = await Assert.ThrowsAsync<DockerHostException>(() =>
            PassAsync(time, Host(cluster, "docker01").PullAsync(image, Cancelled).ToArrayAsync(Cancelled).AsTask()));

        Assert.Equal((status, words), (refused.Status, refused.Message));
    }

    [Fact]
    public async Task Deploy_WithTheAddressOfAnotherNode_FailsAndSaysWhy()
    {
        await using var stage = await SandboxStage.StartAsync();

        var result = await stage.TryAsync(new DeployCalicoNode("docker03", new CalicoNodeOptions { Ip = "192.168.122.45" }));

        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Contains("Calico node 'docker01' is already using the IPv4 address 192.168.122.45.", result.Message, StringComparison.Ordinal);
        await stage.UntilAsync(s => s.Views.Nodes.Single(n => n.Name == "docker03").CalicoNode is { State: "running" or "restarting" },
            "a calico-node that is started again and again");
        await stage.RunAsync(new RemoveCalicoNode("docker03"));
    }

    [Fact]
    public async Task ManyContainers_AtOnce_AreCountedRightly()
    {
        await using var cluster = new SandboxCluster(TimeProvider.System);
        await cluster.StartAsync(Cancelled);
        var network = (await Host(cluster, "docker01").NetworksAsync(Cancelled)).Single(n => n.Name == "frontend").Id;
        var wanted = Enumerable.Range(0, 40).Select(i =>
            (Host: Host(cluster, i % 2 == 0 ? "docker01" : "docker02"), Name: $"many{i}", Address: $"10.10.{1 + (i % 2)}.{20 + (i / 2)}")).ToArray();

        await Task.WhenAll(wanted.Select(async w =>
        {
            var id = await w.Host.CreateContainerAsync(new(w.Name, "busybox") { Network = "frontend", IPv4 = w.Address }, Cancelled);
            await w.Host.StartAsync(id, Cancelled);
        }));
        Assert.Equal("""{"Count":42}""", await TextAsync(cluster, $"/docker/network/v1.0/endpoint_count/{network}"));

        await Task.WhenAll(wanted.Select(w => w.Host.RemoveAsync(w.Name, force: true, Cancelled)));
        Assert.Equal("""{"Count":2}""", await TextAsync(cluster, $"/docker/network/v1.0/endpoint_count/{network}"));
        Assert.DoesNotContain(wanted[0].Address, await TextAsync(cluster, "/calico/v1/host"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ComputeHost_ReportsAsFelixDoes()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));
        await using var cluster = new SandboxCluster(time);
        await cluster.StartAsync(Cancelled);

        Assert.Equal("""{"time":"2026-05-01T12:00:00Z","uptime":0,"first_update":true}""", await TextAsync(cluster, "/calico/felix/v1/host/compute01/last_reported_status"));
        Assert.NotNull((await cluster.Keys.GetAsync("/calico/felix/v1/host/compute01/status", recursive: false, quorum: true, Cancelled)).Node.TimeToLive);
        Assert.Contains("""{"status":"up"}""", await TextAsync(cluster, "/calico/felix/v1/host/compute01/workload"), StringComparison.Ordinal);
    }

    private static IDockerHost Host(SandboxCluster cluster, string name) => cluster.Hosts.All.Single(h => h.Name == name);

    /// <summary>Lets time pass until something is done.</summary>
    private static async Task PassAsync(FakeTimeProvider time, Task until)
    {
        for (var i = 0; !until.IsCompleted && i < 5000; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.WhenAny(until, Task.Delay(TimeSpan.FromMilliseconds(2), Cancelled));
        }

        Assert.True(until.IsCompleted, "it does not end");
        await until;
    }

    /// <summary>A key's text; of a directory all texts below.</summary>
    private static async Task<string> TextAsync(SandboxCluster cluster, string key)
    {
        static string All(EtcdNode node) => node.IsDirectory ? string.Join('\n', node.Nodes.Select(All)) : Encoding.UTF8.GetString(node.Value.Span);
        return All((await cluster.Keys.GetAsync(key, recursive: true, quorum: true, Cancelled)).Node);
    }
}
