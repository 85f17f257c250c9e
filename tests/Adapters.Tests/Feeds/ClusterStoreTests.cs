using CalicoConsole.Adapters.Docker;
using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Adapters.Tests.Execution;
using CalicoConsole.Adapters.Tests.Execution.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>
/// A real engine whose cluster store goes away and comes back: what the feed keeps, what is not believed, and what releases an endpoint that was left behind.
/// </summary>
[NeedsPrograms]
public sealed class ClusterStoreTests
{
    private const string Driver = "every";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoreAway_NetworksStayAsLastKnown_AndWhatItLeftBehindIsReleased()
    {
        await using var engine = await DockerEngine.StartAsync(new DockerEngineSettings { ClusterStore = StoreInside.Address }, Ct);
        await using var store = new StoreInside(engine);
        await store.StartAsync(Ct);
        await using var plugin = DoNothingPlugin.Start(engine, Driver);
        using var host = Hosts.At(engine.Endpoint);
        var network = await host.CreateNetworkAsync(new DockerNetworkRequest("shared", Driver, "default", ["10.94.1.0/24"]), Ct);
        var web = await host.CreateContainerAsync(new DockerContainerRequest("web", "busybox")
        {
            Command = ["sleep", "600"],
            Network = network,
            IPv4 = "10.94.1.7"
        }, Ct);
        await host.StartAsync(web, Ct);
        DockerHostFeed? feed = null;
        await using var stage = await FeedStage.StartAsync(state => [feed = new DockerHostFeed(host, state, TimeProvider.System)]);
        await stage.UntilAsync(s => Host(s)?.Networks.ContainsKey(network) == true, "the network");

        await store.KillAsync();
        feed!.RequestNetworks();
        var away = await stage.UntilAsync(s => Host(s)!.LastKnownNetworks.Contains(network), "the network as last known");
        Assert.Equal("shared", Host(away)!.Networks[network].Name);
        Assert.True(FeedStage.Is(away, "docker/docker01", FeedStatus.Live));
        await NotFoundDoneAsync(host, network);

        await store.StartAsync(Ct);
        feed.RequestNetworks();
        await stage.UntilAsync(s => Host(s)!.LastKnownNetworks.IsEmpty && Host(s)!.Networks.ContainsKey(network), "the network as it is");
        await LeaveBehindAsync(store, network, () => host.StopAsync(web, TimeSpan.Zero, Ct));
        var refused = await Assert.ThrowsAsync<DockerHostException>(() => host.StartAsync(web, Ct));
        Assert.Equal("shared", EndpointNames.NetworkOf(refused.Message));

        var settled = await stage.UntilAsync(s => Container(s, web)?.Details?.Error.Length > 0, "the reason of the failed start");
        var released = await RunAsync(host, new ReleaseEndpoint("docker01", "shared", "web"), settled);
        Assert.True(released.Outcome == OperationOutcome.Succeeded, released.Message);
        var after = await stage.UntilAsync(s => Container(s, web)?.State == "running", "running again");
        Assert.Equal("web", Container(after, web)!.Name);
        Assert.Equal("10.94.1.7", (await host.ContainerAsync(web, Ct))!.Networks.Single(n => n.NetworkName == "shared").IPv4);

        var held = await stage.UntilAsync(s => Container(s, web)!.Networks.Any(n => n.EndpointId.Length > 0), "its endpoint");
        Assert.Equal("container", Assert.Single(new OperationPlanner().Plan(new ReleaseEndpoint("docker01", "shared", "web"), held).Plan.Errors).Field);

        // What was taken off its network by a forced disconnect of its own name gets it back.
        await LeaveBehindAsync(store, network, () => host.StopAsync(web, TimeSpan.Zero, Ct));
        await host.DisconnectAsync(network, "web", force: true, Ct);
        var lost = await stage.UntilAsync(s => Container(s, web) is { State: "exited", Networks.IsEmpty: true }, "off its network");
        var again = await RunAsync(host, new ReleaseEndpoint("docker01", "shared", "web"), lost);
        Assert.True(again.Outcome == OperationOutcome.Succeeded, again.Message);
        Assert.Equal("shared", Assert.Single((await host.ContainerAsync("web", Ct))!.Networks).NetworkName);

        await host.RemoveAsync(web, force: true, Ct);
        await host.RemoveNetworkAsync(network, Ct);
        await stage.UntilAsync(s => !Host(s)!.Networks.ContainsKey(network), "removed for good");
    }

    // As an engine leaves it that was started without its store: the endpoint's record outlives its container's run.
    private static async Task LeaveBehindAsync(StoreInside store, string network, Func<Task> stop)
    {
        var key = (await store.ReadAsync(Ct, "ls", $"/docker/network/v1.0/endpoint/{network}")).Trim();
        var record = await store.ReadAsync(Ct, "get", key);
        await stop();
        await store.ReadAsync(Ct, "set", key, record.Trim());
        await store.ReadAsync(Ct, "set", $"/docker/network/v1.0/endpoint_count/{network}", """{"Count":1}""");
    }

    // An engine without its store lists the network no more: that must not pass for a removal.
    private static async Task NotFoundDoneAsync(DockerHost host, string network)
    {
        var intent = new AuditIntent(
            Guid.NewGuid(), DateTimeOffset.UnixEpoch, "ada", "page", "network.delete", "network", "docker01/shared", "{}",
            $$"""[{"target":"docker/docker01","object":"network shared","before":"{\"Name\":\"shared\",\"Id\":\"{{network}}\",\"Driver\":\"{{Driver}}\",\"Scope\":\"global\"}","after":null}]""", []);
        Assert.DoesNotContain(await host.NetworksAsync(Ct), n => n.Id == network);
        var unreachable = new MemoryDatastore { BeforeRead = key => throw new EtcdUnavailableException($"no etcd for {key}") };
        await Assert.ThrowsAsync<EtcdUnavailableException>(() =>
            new OpenIntentDocker(new OneHost(host), unreachable).LookAsync(intent, ["docker01 DELETE"], Ct));
        var there = new MemoryDatastore();
        there.Set(NetworkStoreFeed.RecordOf(network), "{}");
        Assert.Equal(FoundState.NotDone, (await new OpenIntentDocker(new OneHost(host), there).LookAsync(intent, ["docker01 DELETE"], Ct)).State);
    }

    private static async Task<ExecutionResult> RunAsync(DockerHost host, ReleaseEndpoint operation, ClusterSnapshot snapshot)
    {
        var planned = new OperationPlanner().Plan(operation, snapshot);
        Assert.Empty(planned.Plan.Errors);
        return await new ReleaseEndpointExecutor(new OneHost(host)).ExecuteAsync(operation, planned, new Steps(), Ct);
    }

    private static DockerHostState? Host(ClusterSnapshot snapshot) => snapshot.Hosts.GetValueOrDefault("docker01");

    private static DockerContainer? Container(ClusterSnapshot snapshot, string id) => Host(snapshot)?.Containers.GetValueOrDefault(id);
}
