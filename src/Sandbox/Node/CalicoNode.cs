using System.Runtime.CompilerServices;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Plugin;
using CalicoConsole.NodeEmulation.Startup;
using CalicoConsole.Sandbox.Docker;
using CalicoConsole.Sandbox.Kernel;
using CalicoConsole.Sandbox.Network;
using CalicoConsole.Sandbox.Programs;

namespace CalicoConsole.Sandbox.Node;

/// <summary>
/// calico/node in a container of the sandbox: NodeEmulation's start-up and plugin on the keys in memory, Felix's reports, and a BIRD
/// that only says which sessions it would have.
/// </summary>
internal sealed class CalicoNode(World world, Machine machine, IDockerHost docker, PluginSlot slot, IReadOnlyDictionary<string, string> environment,
    string tag) : IContainerProgram
{
    private readonly NodeShell _shell = new(world, machine);
    private volatile RunningNode? _running;

    /// <inheritdoc/>
    public void Prepare() => slot.Expect();

    /// <inheritdoc/>
    public async Task<long> RunAsync(ContainerLog log, CancellationToken stop)
    {
        try
        {
            return await StartAndServeAsync(log, stop).ConfigureAwait(false);
        }
        finally
        {
            slot.Settle();
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DockerExecOutput>? Exec(ImmutableArray<string> command, CancellationToken cancellationToken) =>
        command is ["birdcl", "-v", "-s", var socket, "show", "protocols"] ? BirdAsync(socket, cancellationToken)
            : _running is { } node ? _shell.Run(node, command, cancellationToken) : null;

    /// <summary>The plugin in an image of calico/node: v2.6.10 and later have one that can choose addresses.</summary>
    public static PluginVersion Version(string tag) =>
        EngineVersion.PluginCannotChooseAddress($"calico/node:{tag}", null) == true ? PluginVersion.V112 : PluginVersion.V113;

    private async Task<long> StartAndServeAsync(ContainerLog log, CancellationToken stop)
    {
        var lines = new NodeLog(log);
        void Say(string text, string level = "INFO") => lines.Write(new NodeLogLine(world.Time.GetUtcNow(), level, text));
        Say($"Sandbox of Calico Console: imitates calico/node {tag}, it is not Calico");
        // Docker gives a container of the host network the host's name.
        var variables = environment.ContainsKey("HOSTNAME") ? environment : environment.Append(new("HOSTNAME", machine.Name))
            .ToDictionary(StringComparer.Ordinal);
        var startup = new NodeStartup(world.Keys, new SimulatedInterfaces(machine), lines, world.Time, kernelHasIPv6: false);
        var started = await startup.RunAsync(variables, machine.Name, stop).ConfigureAwait(false);
        if (started.ExitCode != 0)
        {
            log.Write("Calico node failed to start");
            return started.ExitCode;
        }

        var plugin = variables.GetValueOrDefault("CALICO_LIBNETWORK_ENABLED") == "true" ? Plugin(variables, lines) : null;
        var bird = variables.GetValueOrDefault("CALICO_NETWORKING_BACKEND", "bird") is "bird" or ""
            && variables.GetValueOrDefault("CALICO_NETWORKING") != "false";
        var node = new RunningNode(started.NodeName, machine, bird, world.Time.GetUtcNow());
        try
        {
            using var registered = world.Nodes.Add(node);
            _running = node;
            world.Kernels[machine.Name].Start(node.Name, variables.GetValueOrDefault("FELIX_INTERFACEPREFIX") is { Length: > 0 } prefix ? prefix : null);
            if (plugin is not null)
            {
                slot.Serve(plugin);
                Say($"libnetwork plugin {(Version(tag) == PluginVersion.V113 ? "1.1.3" : "1.1.2")} serves as {machine.Name}");
            }

            slot.Settle();
            log.Write(NodeStartup.StartedLine);
            await Task.WhenAll(
                new FelixReports(world, node).RunAsync(stop),
                new TunnelUpkeep(world, node.Name, lines).RunAsync(stop)).ConfigureAwait(false);
            return 0;
        }
        finally
        {
            _running = null;
            world.Kernels[machine.Name].Halt(FelixState.Stopped, await ClusterKeys.ReadAsync(world.Keys, CancellationToken.None).ConfigureAwait(false));
            if (plugin is not null)
            {
                slot.Leave(plugin);
                await plugin.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async IAsyncEnumerable<DockerExecOutput> BirdAsync(string socket, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_running is not { Bird: true } node || socket is not ("/var/run/calico/bird.ctl" or "/var/run/calico/bird6.ctl"))
        {
            yield return new DockerExecOutput(new DockerOutputLine(true, $"Unable to connect to server control socket ({socket}): No such file or directory"),
                null);
            yield return new DockerExecOutput(null, 1);
            yield break;
        }

        var state = await ClusterKeys.ReadAsync(world.Keys, cancellationToken).ConfigureAwait(false);
        foreach (var line in BirdProtocols.Reply(state, world.Nodes, node, ipv6: socket.Contains("bird6", StringComparison.Ordinal)))
        {
            yield return new DockerExecOutput(new DockerOutputLine(false, line), null);
        }

        yield return new DockerExecOutput(null, 0);
    }

    private CalicoPlugin Plugin(IReadOnlyDictionary<string, string> variables, NodeLog log) =>
        new(PluginOptions.FromEnvironment(variables, machine.Name, Version(tag)), world.Keys, docker, new NoLinks(), world.Time, log);

    private sealed class NodeLog(ContainerLog log) : INodeLog
    {
        public void Write(NodeLogLine line) => log.Write(line.ToString());
    }
}
