using System.Net;
using System.Runtime.InteropServices;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Core.Ports;
using CalicoConsole.Lab.Bgp;
using CalicoConsole.Lab.Kernel;
using CalicoConsole.NodeEmulation.Bgp;
using CalicoConsole.NodeEmulation.Plugin;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.Lab.Node;

/// <summary>The lab's calico/node: start-up, then the network plugin and what Felix does, until it is told to end.</summary>
internal sealed class LabNode(IReadOnlyDictionary<string, string> environment, TimeProvider time)
{
    private const string PluginFolder = "/run/docker/plugins";
    private readonly NodeLog _log = new(time);

    /// <summary>Runs the node; the exit code of its container.</summary>
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        try
        {
            return await RunAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is EtcdUnavailableException or EtcdException or ArgumentException or FormatException or CommandException)
        {
            _log.Warning(e.Message);
            _log.Warning("Calico node failed to start");
            return 1;
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        _log.Information($"Lab node of Calico Console: imitates calico/node {NodeStartup.Version}, it is not Calico");
        foreach (var problem in await KernelCheck.MissingAsync(cancellationToken).ConfigureAwait(false))
        {
            _log.Warning(problem);
        }

        using var keys = new EtcdKeysClient(NodeSettings.Etcd(environment), time);
        var startup = new NodeStartup(keys, new KernelInterfaces(), _log, time, KernelCheck.HasIPv6);
        var started = await startup.RunAsync(environment, Dns.GetHostName(), cancellationToken).ConfigureAwait(false);
        if (started.ExitCode != 0)
        {
            _log.Warning("Calico node failed to start");
            return started.ExitCode;
        }

        await File.WriteAllTextAsync("/proc/sys/net/ipv4/ip_forward", "1", cancellationToken).ConfigureAwait(false);
        if (KernelCheck.HasIPv6)
        {
            await File.WriteAllTextAsync("/proc/sys/net/ipv6/conf/all/forwarding", "1", cancellationToken).ConfigureAwait(false);
        }

        await using var servers = new DisposableStack();
        if (environment.GetValueOrDefault("CALICO_LIBNETWORK_ENABLED") == "true")
        {
            await ServePluginAsync(keys, servers, cancellationToken).ConfigureAwait(false);
        }

        await Console.Out.WriteLineAsync(NodeStartup.StartedLine).ConfigureAwait(false);
        // The first of them that fails ends the node, and Docker starts it again.
        await await Task.WhenAny(
            FelixAsync(started.NodeName, cancellationToken),
            BirdAsync(keys, started.NodeName, cancellationToken)).ConfigureAwait(false);
        return 0;
    }

    private async Task FelixAsync(string node, CancellationToken cancellationToken)
    {
        if (environment.GetValueOrDefault("CALICO_DISABLE_FELIX") is { Length: > 0 })
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
        }

        await new FelixService(_log, time).RunAsync(node, cancellationToken).ConfigureAwait(false);
    }

    private async Task BirdAsync(EtcdKeysClient keys, string node, CancellationToken cancellationToken)
    {
        var backend = NodeSettings.Backend(environment);
        if (backend != "bird")
        {
            _log.Information($"no BIRD: the networking backend is {backend}");
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
        }

        var timers = await NodeSettings.TimersAsync(cancellationToken).ConfigureAwait(false);
        var confd = new ConfdLoop(
            new EtcdV2Datastore(keys, time), state => BirdConfigurationBuilder.Build(node, state, timers), new BirdDaemon(_log, time), _log);
        await confd.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ServePluginAsync(EtcdKeysClient keys, DisposableStack servers, CancellationToken cancellationToken)
    {
        var version = await NodeSettings.PluginAsync(cancellationToken).ConfigureAwait(false);
        var options = PluginOptions.FromEnvironment(environment, Dns.GetHostName(), version);
        var docker = new DockerHostFactory(time).Create(new DockerHostOptions { Name = options.HostName, Endpoint = "unix:///var/run/docker.sock" });
        servers.Push(docker);
        var plugin = new CalicoPlugin(options, keys, docker, new KernelLinks(), time, _log);
        servers.Push(plugin);
        foreach (var handler in new[] { plugin.Network, plugin.Ipam })
        {
            servers.Push(await PluginServer.StartAsync(handler, PluginFolder, cancellationToken).ConfigureAwait(false));
        }

        _log.Information($"libnetwork plugin {(version == PluginVersion.V113 ? "1.1.3" : "1.1.2")} serves {PluginFolder} as {options.HostName}");
    }
}
