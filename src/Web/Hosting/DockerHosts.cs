using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Hosting;

/// <summary>The hosts of <c>Docker:Hosts</c>; each connects at its first call.</summary>
internal sealed class DockerHosts : IDockerHosts, IDisposable
{
    private readonly ImmutableSortedDictionary<string, DockerHost> _hosts;

    public DockerHosts(ConsoleSettings settings, DockerHostFactory factory)
    {
        _hosts = settings.DockerHosts.ToImmutableSortedDictionary(h => h.Name, h => factory.Create(Options(h)), StringComparer.Ordinal);
        All = [.. _hosts.Values];
    }

    public ImmutableArray<IDockerHost> All { get; }

    /// <summary>A host's settings as its adapter takes them.</summary>
    public static DockerHostOptions Options(DockerHostSettings host) =>
        new() { Name = host.Name, Endpoint = host.Endpoint.OriginalString, TlsDirectory = host.TlsDirectory };

    public void Dispose()
    {
        foreach (var host in _hosts.Values)
        {
            host.Dispose();
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out IDockerHost? host)
    {
        host = _hosts.GetValueOrDefault(name);
        return host is not null;
    }
}
