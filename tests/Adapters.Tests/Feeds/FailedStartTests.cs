using System.Diagnostics;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Adapters.Tests.Execution;
using CalicoConsole.Adapters.Tests.Execution.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>
/// A container whose start failed says why, whoever started it. As measured on Engine 20.10.24: a start that fails in the runtime is told by a connect and a
/// disconnect of its network alone; one that fails over its network by no event at all. The list says "Created", or "Exited (128)" of one that ran before, and
/// never the reason.
/// </summary>
[Collection(EngineTests.Name)]
public sealed class FailedStartTests(SharedEngine engine)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartedByHand_InTheRuntimeAndOverTheNetwork_SaysWhy()
    {
        using var host = Hosts.At(engine.Engine.Endpoint);
        await using var stage = await FeedStage.StartAsync(state => [new DockerHostFeed(host, state, TimeProvider.System)]);
        await stage.UntilAsync("docker/docker01", FeedStatus.Live);
        var noProgram = await host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("none"), "busybox")
        {
            Command = ["nosuchprogram"],
            Network = "none"
        }, Ct);
        var (_, second) = await TwoAsync(host);
        await stage.UntilAsync(s => Container(s, noProgram)?.Details is not null && Container(s, second)?.Details is not null,
            "both looked at before their start");

        await Assert.ThrowsAsync<DockerHostException>(() => host.StartAsync(noProgram, Ct));
        await stage.UntilAsync(s => Container(s, noProgram)!.Details!.Error.Contains("nosuchprogram", StringComparison.Ordinal),
            "why the runtime did not start it");
        await Assert.ThrowsAsync<DockerHostException>(() => host.StartAsync(second, Ct));
        await stage.UntilAsync(s => Container(s, second)!.Details!.Error.Contains("Address already in use", StringComparison.Ordinal),
            "why it got no network, without an event");
    }

    [Fact]
    public async Task StartedByTheConsole_OverTheNetwork_SaysWhyAtOnce()
    {
        using var host = Hosts.At(engine.Engine.Endpoint);
        var failed = new FailedStarts();
        await using var stage = await FeedStage.StartAsync(state => [new DockerHostFeed(host, state, TimeProvider.System, failed: failed)]);
        var (first, second) = await TwoAsync(host);
        var settled = await stage.UntilAsync(s => Container(s, second)?.Details is not null && Container(s, first)?.State == "running", "both");
        var start = new ChangeContainer("docker01", second, ContainerAction.Start);
        var executor = new ContainerExecutor(new OneHost(host), stage.State, failed);

        var clock = Stopwatch.StartNew();
        var result = await executor.ExecuteAsync(start, new OperationPlanner().Plan(start, settled), new Steps(), Ct);
        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        await stage.UntilAsync(s => Container(s, second)!.Details!.Error.Contains("Address already in use", StringComparison.Ordinal), "why it did not start");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(8), $"it was said after {clock.Elapsed}");
    }

    // The first one has the address that the second one wants.
    private static async Task<(string First, string Second)> TwoAsync(DockerHost host)
    {
        var subnet = Random.Shared.Next(1, 250);
        var network = await host.CreateNetworkAsync(new DockerNetworkRequest(Hosts.Unique("n"), "bridge", "default", [$"10.96.{subnet}.0/24"]), Ct);
        var first = await CreateAsync();
        await host.StartAsync(first, Ct);
        return (first, await CreateAsync());

        Task<string> CreateAsync() => host.CreateContainerAsync(
            new DockerContainerRequest(Hosts.Unique("two"), "busybox") { Command = ["sleep", "600"], Network = network, IPv4 = $"10.96.{subnet}.7" }, Ct);
    }

    private static DockerContainer? Container(ClusterSnapshot snapshot, string id) =>
        snapshot.Hosts.GetValueOrDefault("docker01")?.Containers.GetValueOrDefault(id);
}
