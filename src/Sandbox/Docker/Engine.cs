using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Network;
using CalicoConsole.Sandbox.Node;
using CalicoConsole.Sandbox.Programs;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>A simulated Docker Engine 20.10 with a cluster store, from one reset of the sandbox to the next. Thread-safe.</summary>
internal sealed class Engine : IDockerHost, IAsyncDisposable
{
    private readonly EngineEvents _events;
    private readonly EngineNetworks _networks;
    private readonly EngineRuns _runs;
    private readonly EngineExec _exec;
    private readonly PluginSlot _plugin;
    private readonly EnginePlaces _places;

    public Engine(Machine machine, World world)
    {
        Machine = machine;
        var ids = new Ids(machine.Name);
        _events = new EngineEvents(machine, world.Time);
        _plugin = new PluginSlot(machine, world.Time);
        Images = new EngineImages(machine, _events, world.Time);
        _networks = new EngineNetworks(machine, world, _plugin, _events, ids);
        Containers = new EngineContainers(machine, Images, _networks, _events, ids, world.Time);
        var programs = new ProgramChooser(world, machine, Containers, (environment, tag) => new CalicoNode(world, machine, this, _plugin, environment, tag));
        var wiring = new EngineWiring(machine, _networks, _plugin, _events, ids);
        _runs = new EngineRuns(machine, Containers, wiring, _events, programs, world.Time);
        _places = new EnginePlaces(machine, Containers, _networks, wiring, _runs, _events);
        _exec = new EngineExec(machine, world, Containers, _networks, _events, ids);
    }

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>Its images.</summary>
    public EngineImages Images { get; }

    /// <summary>Its containers.</summary>
    public EngineContainers Containers { get; }

    /// <inheritdoc/>
    public string Name => Machine.Name;

    /// <inheritdoc/>
    public string Address => $"tcp://{Machine.Address}:2375 (simulated)";

    /// <inheritdoc/>
    public async Task<DockerInfo> InfoAsync(CancellationToken cancellationToken) => new(
        Ids.From($"engine {Name}")[..32].ToUpperInvariant(),
        Name,
        "20.10.24",
        "1.41",
        "Sandbox of Calico Console (simulated)",
        "5.10.0-simulated",
        $"etcd://{Machine.Etcd}:2379",
        $"{Machine.Address}:2375",
        await _plugin.IsServingAsync(cancellationToken).ConfigureAwait(false) ? ["bridge", "calico", "host", "null"] : ["bridge", "host", "null"]);

    /// <inheritdoc/>
    public async Task<ImmutableArray<DockerNetwork>> NetworksAsync(CancellationToken cancellationToken) =>
        [.. (await _networks.ListAsync(cancellationToken).ConfigureAwait(false)).Select(n => n.Show())];

    /// <inheritdoc/>
    public Task<ImmutableArray<DockerContainer>> ContainersAsync(CancellationToken cancellationToken) => Task.FromResult(Containers.List());

    /// <inheritdoc/>
    public Task<DockerContainer?> ContainerAsync(string idOrName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(idOrName);
        return Task.FromResult(Containers.Find(idOrName) is { } found ? Containers.Show(found) : null);
    }

    /// <inheritdoc/>
    public Task<ContainerDetails?> DetailsAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Task.FromResult(Containers.Find(id) is { } found ? Containers.Read(found.Details) : null);
    }

    /// <inheritdoc/>
    public Task<ContainerSetup?> SetupAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        return Task.FromResult(Containers.Find(id) is { } found ? Containers.Read(found.Setup) : null);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<DockerImage>> ImagesAsync(CancellationToken cancellationToken) => Task.FromResult(Images.List());

    /// <inheritdoc/>
    public Task<string> CreateNetworkAsync(DockerNetworkRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _networks.CreateAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public Task RemoveNetworkAsync(string id, CancellationToken cancellationToken) => _networks.RemoveAsync(id, cancellationToken);

    /// <inheritdoc/>
    public async Task<string> CreateContainerAsync(DockerContainerRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (await Containers.CreateAsync(request, cancellationToken).ConfigureAwait(false)).Id;
    }

    /// <inheritdoc/>
    public Task ActAsync(string id, string call, TimeSpan? grace, CancellationToken cancellationToken) => _runs.ActAsync(id, call, grace, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string id, bool force, CancellationToken cancellationToken) => _runs.RemoveAsync(id, force, cancellationToken);

    /// <inheritdoc/>
    public Task RenameAsync(string id, string name, CancellationToken cancellationToken) => _places.RenameAsync(id, name, cancellationToken);

    /// <inheritdoc/>
    public Task ConnectAsync(string networkId, string containerId, string? ipv4, CancellationToken cancellationToken) =>
        _places.ConnectAsync(networkId, containerId, ipv4, cancellationToken);

    /// <inheritdoc/>
    public Task DisconnectAsync(string networkId, string container, bool force, CancellationToken cancellationToken) =>
        _places.DisconnectAsync(networkId, container, force, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Simulated programs write whole lines: there is never an unfinished one.</remarks>
    public IAsyncEnumerable<DockerOutputLine> UnfinishedAsync(string id, CancellationToken cancellationToken)
    {
        _ = Containers.Get(id);
        return AsyncEnumerable.Empty<DockerOutputLine>();
    }

    /// <inheritdoc/>
    public Task<long> WaitAsync(string id, CancellationToken cancellationToken) => _runs.WaitAsync(id, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerPullProgress> PullAsync(string image, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        return Images.PullAsync(image, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerOutputLine> LogsAsync(string id, bool follow, int? tail, CancellationToken cancellationToken) =>
        Containers.Get(id).Log.ReadAsync(follow, tail, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerExecOutput> ExecAsync(string id, ImmutableArray<string> command, CancellationToken cancellationToken) =>
        _exec.RunAsync(id, command, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerEvent> EventsAsync(Action? opened, CancellationToken cancellationToken) => _events.FollowAsync(opened, cancellationToken);

    /// <summary>Ends everything that runs on it. Nobody hears of it but those who follow its events.</summary>
    public async ValueTask DisposeAsync()
    {
        _events.End();
        await _runs.DisposeAsync().ConfigureAwait(false);
    }
}
