using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>
/// What calico/node v2.6.9 does before Felix, BIRD and the plugin start: it registers the node and fills in what is missing
/// (docs/calico-v1.md#what-caliconode-writes-at-its-start; golden section node-startup).
/// </summary>
/// <param name="keys">The datastore.</param>
/// <param name="interfaces">The host's interfaces.</param>
/// <param name="log">Takes the log lines.</param>
/// <param name="time">Clock of the log and of waiting for the datastore.</param>
/// <param name="kernelHasIPv6">Whether the host's kernel has IPv6: without it no default IPv6 pool is made.</param>
public sealed class NodeStartup(IEtcdKeys keys, IHostInterfaces interfaces, INodeLog log, TimeProvider time, bool kernelHasIPv6)
{
    /// <summary>What is written as CalicoVersion.</summary>
    public const string Version = "v2.6.9";

    /// <summary>The last line of a start: calicoctl waits for it. Whoever runs the node writes it once Felix and the plugin serve.</summary>
    public const string StartedLine = "Calico node started successfully";

    private readonly KeyStore _store = new(keys);
    private readonly StartupLog _log = new(log, time);

    /// <summary>Runs the start-up. Failures are in the log and in the exit code; only cancellation is thrown.</summary>
    /// <param name="variables">Environment variables of the container.</param>
    /// <param name="osHostName">The operating system's host name, used without NODENAME and HOSTNAME.</param>
    /// <param name="cancellationToken">Ends it between two writes.</param>
    public async Task<StartupResult> RunAsync(IReadOnlyDictionary<string, string> variables, string osHostName, CancellationToken cancellationToken)
    {
        var environment = new StartupEnvironment(variables);
        var name = environment.Or("NODENAME", environment.Or("HOSTNAME", osHostName));
        try
        {
            await RunAsync(environment, name, cancellationToken).ConfigureAwait(false);
            _log.Info($"Using node name: {name}");
            return new StartupResult(0, name);
        }
        catch (Exception e) when (e is StartupException or IpamException or EtcdException or EtcdUnavailableException)
        {
            _log.Warning(e.Message);
            _log.Warning("Terminating");
            return new StartupResult(1, name);
        }
    }

    private async Task RunAsync(StartupEnvironment environment, string name, CancellationToken cancellationToken)
    {
        _log.Info($"Early log level set to {environment.Or("CALICO_STARTUP_LOGLEVEL", "info").ToLowerInvariant()}");
        await WaitForDatastoreAsync(environment, cancellationToken).ConfigureAwait(false);
        var node = await ReadNodeAsync(name, cancellationToken).ConfigureAwait(false);
        if (!node.HasMetadata)
        {
            _log.Info($"Building new node resource Name=\"{name}\"");
        }

        if (environment["CALICO_NETWORKING_BACKEND"] != "none" && environment["CALICO_NETWORKING"] != "false")
        {
            node = await new NodeAddresses(_store, interfaces, _log).ChooseAsync(node, environment, cancellationToken).ConfigureAwait(false);
        }

        if (environment["CALICO_K8S_NODE_REF"] is { Length: > 0 } reference)
        {
            node = node with { OrchRefs = [new OrchRef("k8s", reference)] };
        }

        await ApplyAsync(node, cancellationToken).ConfigureAwait(false);
        await new DefaultPools(_store, _log, kernelHasIPv6).EnsureAsync(environment, cancellationToken).ConfigureAwait(false);
        await new ClusterDefaults(_store).EnsureAsync(name, Version, environment["CLUSTER_TYPE"], cancellationToken).ConfigureAwait(false);
        _ = await new TunnelAddress(keys).EnsureAsync(name, cancellationToken).ConfigureAwait(false);
    }

    private async Task WaitForDatastoreAsync(StartupEnvironment environment, CancellationToken cancellationToken)
    {
        if (!environment.IsTrue("WAIT_FOR_DATASTORE"))
        {
            _log.Info("Skipping datastore connection test");
            return;
        }

        while (true)
        {
            try
            {
                _ = await _store.GetAsync(V1Keys.Ready, cancellationToken).ConfigureAwait(false);
                _log.Info("Datastore connection verified");
                return;
            }
            catch (EtcdUnavailableException e)
            {
                _log.Info($"Waiting for datastore connection: {e.Message}");
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<Node> ReadNodeAsync(string name, CancellationToken cancellationToken)
    {
        var stored = new List<StoredKey>();
        foreach (var part in Enum.GetValues<NodePart>())
        {
            if (await _store.GetAsync(V1Keys.Node(name, part), cancellationToken).ConfigureAwait(false) is { } entry)
            {
                stored.Add(new StoredKey(entry.Key, entry.Value, entry.Index));
            }
        }

        return NodeCodec.Decode(name, stored).Value;
    }

    private async Task ApplyAsync(Node node, CancellationToken cancellationToken)
    {
        _log.Info(await _store.CreateAsync(V1Keys.Ready, Encoding.UTF8.GetBytes("true"), cancellationToken).ConfigureAwait(false)
            ? "Ready flag is now set"
            : "Ready flag is already set");
        var guid = Guid.NewGuid().ToString("N");
        _log.Info(await _store.CreateAsync(V1Keys.ClusterGuid, Encoding.UTF8.GetBytes(guid), cancellationToken).ConfigureAwait(false)
            ? $"Assigned cluster GUID ClusterGUID=\"{guid}\""
            : "Using previously configured cluster GUID");
        foreach (var write in NodeCodec.Encode(node))
        {
            if (write.Value is { } value)
            {
                await _store.ApplyAsync(write.Key, value, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                _ = await _store.DeleteAsync(write.Key, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
