using CalicoConsole.Sandbox.Docker;
using CalicoConsole.Sandbox.Kernel;
using CalicoConsole.Sandbox.Node;

namespace CalicoConsole.Sandbox;

/// <summary>One life of the sandbox, from seed to reset: what its hosts share. Thread-safe.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>Makes the engines; nothing is stored yet.</summary>
    public World(InMemoryEtcdKeys keys, TimeProvider time)
    {
        Keys = keys;
        Time = time;
        Kernels = Machine.DockerHosts.ToImmutableDictionary(m => m.Name, m => new HostKernel(m.Name), StringComparer.Ordinal);
        Engines = [.. Machine.DockerHosts.Select(m => new Engine(m, this))];
    }

    /// <summary>The cluster's etcd.</summary>
    public InMemoryEtcdKeys Keys { get; }

    /// <summary>The clock of everything.</summary>
    public TimeProvider Time { get; }

    /// <summary>Nodes whose Felix runs, with what BIRD does there.</summary>
    public RunningNodes Nodes { get; } = new();

    /// <summary>The kernels of the Docker hosts, by the machine's name.</summary>
    public ImmutableDictionary<string, HostKernel> Kernels { get; }

    /// <summary>Background work that belongs to no engine, such as the compute host's Felix.</summary>
    public List<IAsyncDisposable> Background { get; } = [];

    /// <summary>An engine by its machine's name.</summary>
    public Engine Engine(string name) => Engines.First(e => e.Name == name);

    /// <summary>The engines, sorted by name.</summary>
    public ImmutableArray<Engine> Engines { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var engine in Engines)
        {
            await engine.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var work in Background)
        {
            await work.DisposeAsync().ConfigureAwait(false);
        }
    }
}
