using System.Diagnostics.CodeAnalysis;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>The sandbox's Docker hosts.</summary>
internal sealed class SandboxHosts(Func<Task<World>> world) : IDockerHosts
{
    /// <inheritdoc/>
    public ImmutableArray<IDockerHost> All { get; } = [.. Machine.DockerHosts.Select(m => new SandboxHost(m, world))];

    /// <inheritdoc/>
    public bool TryGet(string name, [NotNullWhen(true)] out IDockerHost? host)
    {
        host = All.FirstOrDefault(h => h.Name == name);
        return host is not null;
    }
}
