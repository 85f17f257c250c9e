using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>Both drivers of one host, put together. Safe for concurrent use; disposing ends the copying of labels.</summary>
public sealed class CalicoPlugin : IAsyncDisposable
{
    private readonly EndpointLabels? _labels;

    /// <summary>Puts the drivers together.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="keys">The datastore.</param>
    /// <param name="docker">The engine of this host.</param>
    /// <param name="links">The kernel's part.</param>
    /// <param name="time">Clock for the polling of labels.</param>
    /// <param name="log">Takes what goes wrong in the background.</param>
    /// <param name="ipam">Address assignment; null makes one over <paramref name="keys"/>.</param>
    public CalicoPlugin(PluginOptions options, IEtcdKeys keys, IDockerHost docker, ILinkSetup links, TimeProvider time, INodeLog log, IpamClient? ipam = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _labels = options.LabelEndpoints ? new EndpointLabels(options, keys, docker, time, log) : null;
        Network = new NetworkDriver(options, keys, docker, links, _labels);
        Ipam = new IpamDriver(options, ipam ?? new IpamClient(keys));
    }

    /// <summary>The network driver, for <c>calico.sock</c>.</summary>
    public IPluginHandler Network { get; }

    /// <summary>The IPAM driver, for <c>calico-ipam.sock</c>.</summary>
    public IPluginHandler Ipam { get; }

    /// <summary>Completes when no label is being copied any more.</summary>
    public Task IdleAsync() => _labels?.IdleAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _labels?.DisposeAsync() ?? ValueTask.CompletedTask;
}
