using System.Diagnostics;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Execution.Docker;

/// <summary>A real engine with the planner and the executors over it, and a snapshot read anew for every step.</summary>
public class ExecutionEngine : IAsyncLifetime
{
    private readonly OperationPlanner _planner = new();

    private protected virtual DockerEngineSettings Settings { get; } = new();

    internal DockerEngine Engine { get; private set; } = null!;

    internal DockerHost Host { get; private set; } = null!;

    internal MemoryDatastore Datastore { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Engine = await DockerEngine.StartAsync(Settings, TestContext.Current.CancellationToken);
        Host = Hosts.At(Engine.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        Host?.Dispose();
        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    internal async Task<ClusterSnapshot> SnapshotAsync()
    {
        var token = TestContext.Current.CancellationToken;
        List<DockerContainer> containers = [];
        foreach (var container in await Host.ContainersAsync(token))
        {
            containers.Add(container with { Details = await Host.DetailsAsync(container.Id, token) });
        }

        var host = new DockerHostState
        {
            Name = Host.Name,
            Address = Host.Address,
            Info = await Host.InfoAsync(token),
            Networks = (await Host.NetworksAsync(token)).ToImmutableSortedDictionary(n => n.Id, n => n, StringComparer.Ordinal),
            Containers = containers.ToImmutableSortedDictionary(c => c.Id, c => c, StringComparer.Ordinal),
            Images = await Host.ImagesAsync(token),
        };
        return new ClusterSnapshot { Hosts = ImmutableSortedDictionary<string, DockerHostState>.Empty.Add(host.Name, host) };
    }

    /// <summary>Waits until a container does not run.</summary>
    internal async Task EndedAsync(string name)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await Host.ContainerAsync(name, bound.Token))?.State == "running")
        {
            bound.Token.ThrowIfCancellationRequested();
        }
    }

    internal PlannedOperation Plan(Operation operation, ClusterSnapshot snapshot)
    {
        var planned = _planner.Plan(operation, snapshot);
        Assert.Empty(planned.Plan.Errors);
        return planned;
    }

    /// <summary>Plans on the engine as it is and executes.</summary>
    internal async Task<(ExecutionResult Result, Steps Steps)> RunAsync(Operation operation) =>
        await RunAsync(operation, Plan(operation, await SnapshotAsync()));

    internal async Task<(ExecutionResult Result, Steps Steps)> RunAsync(Operation operation, PlannedOperation planned)
    {
        var steps = new Steps();
        var hosts = new OneHost(Host);
        var state = new FixedState(await SnapshotAsync());
        var executor = ((IOperationExecutor[])[new NetworkExecutor(hosts), new ContainerExecutor(hosts, state), new ReleaseEndpointExecutor(hosts),
            new PingExecutor(hosts), new ConnectExecutor(hosts, TimeProvider.System),
            new CalicoNodeExecutor(hosts, new KeyWritesExecutor(Datastore), TimeProvider.System)])
            .Single(e => e.Handles(operation));
        return (await executor.ExecuteAsync(operation, planned, steps, TestContext.Current.CancellationToken), steps);
    }

    /// <summary>Makes an image of busybox that runs a script by default, as calico/node's runs its own.</summary>
    internal async Task ImageAsync(string name, string script)
    {
        var token = TestContext.Current.CancellationToken;
        var id = await Host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("base"), "busybox"), token);
        using var docker = Process.Start(new ProcessStartInfo("docker",
            ["-H", Engine.Endpoint, "commit", "--change", $"CMD [\"/bin/sh\", \"-c\", \"{script}\"]", id, name])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true
        })!;
        var said = await docker.StandardError.ReadToEndAsync(token);
        await docker.WaitForExitAsync(token);
        Assert.True(docker.ExitCode == 0, said);
        await Host.RemoveAsync(id, force: true, token);
    }
}

/// <summary>The hosts of a test.</summary>
internal sealed class OneHost(IDockerHost host) : IDockerHosts
{
    public ImmutableArray<IDockerHost> All => [host];

    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IDockerHost? found)
    {
        found = name == host.Name ? host : null;
        return found is not null;
    }
}

/// <summary>A snapshot that does not change.</summary>
internal sealed class FixedState(ClusterSnapshot snapshot) : IClusterState
{
    public event Action<SnapshotChange>? Changed
    {
        add { }
        remove { }
    }

    public ClusterSnapshot Current => snapshot;

    public Task<ClusterSnapshot?> WaitForAsync(Func<ClusterSnapshot, bool> condition, TimeSpan bound, CancellationToken cancellationToken) =>
        Task.FromResult(condition(snapshot) ? snapshot : null);
}

[CollectionDefinition(Name)]
[NeedsPrograms]
public sealed class ExecutionTests : ICollectionFixture<ExecutionEngine>
{
    public const string Name = "Execution on a real engine";
}
