using CalicoConsole.Adapters.Docker;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>The snapshot's Docker side over a real engine.</summary>
[NeedsPrograms]
public sealed class DockerHostFeedTests
{
    private const string Feed = "docker/docker01";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Engine_ChangedKilledAndStarted_IsFollowed()
    {
        await using var engine = await DockerEngine.StartAsync(new DockerEngineSettings(), Ct);
        using var host = Hosts.At(engine.Endpoint);

        // A second host that never answers must not delay the first.
        using var dead = new DockerHostFactory(TimeProvider.System).Create(new DockerHostOptions { Name = "gone", Endpoint = "unix:///nowhere/docker.sock" });
        await using var stage = await FeedStage.StartAsync(state =>
            [new DockerHostFeed(host, state, TimeProvider.System), new DockerHostFeed(dead, state, TimeProvider.System)]);
        var first = await stage.UntilAsync(Feed, FeedStatus.Live);
        Assert.Equal("docker01", first.Hosts["docker01"].NodeName);
        await stage.UntilAsync("docker/gone", FeedStatus.Stale);

        var id = await host.CreateContainerAsync(new DockerContainerRequest("walker", "busybox") { Command = ["sleep", "600"], Network = "none" }, Ct);
        await stage.UntilAsync(s => s.Hosts["docker01"].Containers.GetValueOrDefault(id)?.State == "created", "created");
        await host.StartAsync(id, Ct);
        await stage.UntilAsync(s => s.Hosts["docker01"].Containers[id].State == "running", "running");
        for (var i = 0; i < 3; i++)
        {
            // The engine tells of these before its list has them.
            await host.ActAsync(id, "pause", null, Ct);
            await stage.UntilAsync(s => s.Hosts["docker01"].Containers[id].State == "paused", "paused");
            await host.ActAsync(id, "unpause", null, Ct);
            await stage.UntilAsync(s => s.Hosts["docker01"].Containers[id].State == "running", "running again");
        }

        var network = await host.CreateNetworkAsync(new DockerNetworkRequest("plain", "bridge", "default", []), Ct);
        await stage.UntilAsync(s => s.Hosts["docker01"].Networks.ContainsKey(network), "the network");

        await engine.KillAsync(Ct);
        var stale = await stage.UntilAsync(Feed, FeedStatus.Stale);
        Assert.True(stale.Hosts["docker01"].Containers.ContainsKey(id));
        await engine.RestartAsync(Ct);
        await stage.UntilAsync(s => FeedStage.Is(s, Feed, FeedStatus.Live) && s.Hosts["docker01"].Containers.ContainsKey(id), "live again with the container");

        await host.RemoveAsync(id, true, Ct);
        await stage.UntilAsync(s => !s.Hosts["docker01"].Containers.ContainsKey(id), "removed");
    }
}
