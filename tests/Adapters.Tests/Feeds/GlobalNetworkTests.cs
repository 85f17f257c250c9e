using System.Diagnostics;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>A real engine with a real cluster store, whose driver of global scope goes away.</summary>
[NeedsPrograms]
public sealed class GlobalNetworkTests
{
    private const string Driver = "every";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Container_WhosePluginIsGone_DelaysNothingAndSaysSo()
    {
        await using var engine = await DockerEngine.StartAsync(new DockerEngineSettings { ClusterStore = StoreInside.Address }, Ct);
        await using var store = new StoreInside(engine);
        await store.StartAsync(Ct);
        await using var plugin = DoNothingPlugin.Start(engine, Driver);
        using var host = Hosts.At(engine.Endpoint);
        var network = await host.CreateNetworkAsync(new DockerNetworkRequest("shared", Driver, "default", ["10.94.0.0/24"]), Ct);
        var ends = await RunAsync(host, "ends", network, "while [ ! -e /tmp/go ]; do sleep 0.1; done");
        var other = await RunAsync(host, "other", "none", "sleep 600");
        await using var stage = await FeedStage.StartAsync(state => [new DockerHostFeed(host, state, TimeProvider.System)]);
        await stage.UntilAsync(s => Container(s, ends)?.Details?.Started is not null, "both looked at");
        var stale = 0;
        stage.State.Changed += change => stale += FeedStage.Is(change.Snapshot, "docker/docker01", FeedStatus.Stale) ? 1 : 0;

        await plugin.DisposeAsync();
        await host.ExecAsync(ends, ["touch", "/tmp/go"], Ct).ToArrayAsync(Ct);
        await stage.UntilAsync(s => Container(s, ends)?.Unanswered == true, "the engine does not answer for it");
        var clock = Stopwatch.StartNew();
        await host.RenameAsync(other, "renamed", Ct);
        await stage.UntilAsync(s => Container(s, other)?.Name == "renamed", "the rename of another container");
        var took = clock.Elapsed;
        Assert.True(took < TimeSpan.FromSeconds(8), $"the rename showed after {took}");
        Assert.True(Container(stage.State.Current, ends)!.Unanswered, "the engine answered meanwhile: nothing was tried");

        var ended = await stage.UntilAsync(s => Container(s, ends) is { State: "exited", Unanswered: false, Details: not null },
            "the end is seen when the engine has stopped waiting");
        Assert.Equal(0, stale);
        Assert.Equal(0, Container(ended, ends)!.Details!.ExitCode);
    }

    private static async Task<string> RunAsync(DockerHost host, string name, string network, string script)
    {
        var id = await host.CreateContainerAsync(new DockerContainerRequest(name, "busybox") { Command = ["sh", "-c", script], Network = network }, Ct);
        await host.StartAsync(id, Ct);
        return id;
    }

    private static DockerHostState? Host(ClusterSnapshot snapshot) => snapshot.Hosts.GetValueOrDefault("docker01");

    private static DockerContainer? Container(ClusterSnapshot snapshot, string id) => Host(snapshot)?.Containers.GetValueOrDefault(id);
}
