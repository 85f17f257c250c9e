using System.Diagnostics.CodeAnalysis;

namespace CalicoConsole.Core.Ports;

/// <summary>The configured Docker hosts. Fixed for the life of the process; safe for concurrent use.</summary>
public interface IDockerHosts
{
    /// <summary>Every configured host, sorted by name.</summary>
    ImmutableArray<IDockerHost> All { get; }

    /// <summary>Finds a host by its configured name.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out IDockerHost? host);
}
