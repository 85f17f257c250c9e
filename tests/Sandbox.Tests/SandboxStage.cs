using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Bgp;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Diagnostics;
using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Adapters.Execution.Runner;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Scenes;
using CalicoConsole.Adapters.Tests.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Sandbox.Tests;

/// <summary>The sandbox with the console's own feeds, executors, runner and audit over it, put together as the web host does.</summary>
internal sealed class SandboxStage : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);
    private readonly TestDatabase _database;
    private readonly FeedSupervisor _feeds;

    private SandboxStage(SandboxCluster cluster, TestDatabase database)
    {
        var time = TimeProvider.System;
        (Cluster, _database) = (cluster, database);
        State = new ClusterState(time, NullLogger<ClusterState>.Instance);
        Datastore = new EtcdV2Datastore(cluster.Keys, time);
        var stored = new StoredNetworks();
        DockerHostFeed[] hosts = [.. cluster.Hosts.All.Select(h => new DockerHostFeed(h, State, time, stored))];
        _feeds = new FeedSupervisor(
            State,
            [
                new DatastoreFeed(Datastore, State),
                new EtcdClusterFeed(cluster.EtcdCluster, State, time),
                new NetworkStoreFeed(new EtcdV2Datastore(cluster.Keys, time, NetworkStoreFeed.Root), hosts, stored),
                .. hosts,
            ],
            time,
            NullLogger<FeedSupervisor>.Instance);
        Reports = new DiagnosisReports(database);
        Bgp = new BirdSessions(cluster.Hosts, time);
        var writes = new KeyWritesExecutor(Datastore);
        Runner = new OperationRunner(
            new OperationPlanner(),
            [new DatastoreExecutor(writes), new CalicoNodeExecutor(cluster.Hosts, writes, time), new NetworkExecutor(cluster.Hosts),
                new ContainerExecutor(cluster.Hosts, State), new PingExecutor(cluster.Hosts), new ConnectExecutor(cluster.Hosts, time),
                new SetMacExecutor(cluster.Hosts, new HelperContainers(() => "console", "run")),
                new SceneExecutor(cluster.Hosts, writes, State, isAllowed: true),
                new DiagnoseExecutor(cluster.Hosts, cluster.Keys, Bgp, State, new Models(), Reports, time), new SandboxExecutor(cluster)],
            State,
            database.Log,
            new AuditBacklog(database.Log, time, NullLogger<AuditBacklog>.Instance),
            new SessionStore(database, time),
            new EveryPermission(),
            time,
            new OperationRunnerOptions { SeenBound = TimeSpan.FromSeconds(20) },
            NullLogger<OperationRunner>.Instance);
    }

    public SandboxCluster Cluster { get; }

    public ClusterState State { get; }

    public EtcdV2Datastore Datastore { get; }

    public BirdSessions Bgp { get; }

    public DiagnosisReports Reports { get; }

    public OperationRunner Runner { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SandboxStage> StartAsync()
    {
        var cluster = new SandboxCluster(TimeProvider.System);
        await cluster.StartAsync(Cancelled);
        var stage = new SandboxStage(cluster, await TestDatabase.MigratedAsync());
        await stage._feeds.StartAsync(Cancelled);
        await stage.LiveAsync();
        return stage;
    }

    /// <summary>Waits until every feed is live.</summary>
    public Task<ClusterSnapshot> LiveAsync() => UntilAsync(s => s.Feeds.Length == 5 && s.Feeds.All(f => f.Status == FeedStatus.Live), "all feeds live");

    /// <summary>Waits until the snapshot is as wanted.</summary>
    public async Task<ClusterSnapshot> UntilAsync(Func<ClusterSnapshot, bool> condition, string what)
    {
        var seen = await State.WaitForAsync(condition, Bound, Cancelled);
        Assert.True(seen is not null, $"not within {Bound}: {what}; feeds: {string.Join(", ", State.Current.Feeds)}");
        return seen!;
    }

    public Task<OperationResult> TryAsync(Operation operation) =>
        Runner.RunAsync(operation, new OperationContext("ann", "page", OperationPermissions.Change), null, Cancelled);

    /// <summary>Runs an operation that must succeed.</summary>
    public async Task<OperationResult> RunAsync(Operation operation)
    {
        var result = await TryAsync(operation);
        Assert.True(result.Outcome == OperationOutcome.Succeeded,
            $"{operation.Name}: {result.Outcome}: {result.Message} {string.Join("; ", result.Plan.Errors)}");
        return result;
    }

    /// <summary>How many of two echo requests are answered.</summary>
    public async Task<int> PingAsync(string host, string container, string target) =>
        Assert.IsType<OperationAnswer.PingCount>((await RunAsync(new Ping(host, container, target, 2))).Answer).Received;

    public IDockerHost Host(string name) => Cluster.Hosts.TryGet(name, out var host) ? host : throw new ArgumentException(name, nameof(name));

    private sealed class Models : IReachabilityModels
    {
        public ReachabilityModel For(ClusterSnapshot snapshot) => new(SnapshotInput.From(snapshot.Calico));
    }

    public async ValueTask DisposeAsync()
    {
        await _feeds.StopAsync(CancellationToken.None);
        _feeds.Dispose();
        await Runner.DisposeAsync();
        await Cluster.DisposeAsync();
        _database.Dispose();
    }
}
