using System.Globalization;
using System.Runtime.CompilerServices;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Kernel;
using CalicoConsole.Sandbox.Network;
using CalicoConsole.Sandbox.Programs;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>Programs that are run in running containers. Nothing is executed: a few are answered, the others say so. Thread-safe.</summary>
internal sealed class EngineExec(Machine machine, World world, EngineContainers containers, EngineNetworks networks, EngineEvents events, Ids ids)
{
    private readonly PingCommand _ping = new(new PacketPath(world), world.Time);
    private readonly NcCommand _nc = new(new PacketPath(world), world.Time);

    /// <summary>Runs a program.</summary>
    public async IAsyncEnumerable<DockerExecOutput> RunAsync(string id, ImmutableArray<string> command,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (command.IsDefaultOrEmpty)
        {
            throw new ArgumentException("a program is needed", nameof(command));
        }

        var container = containers.Get(id);
        if (containers.Read(() => container.State) == "paused")
        {
            throw machine.Refuse(409, $"Container {container.Id} is paused, unpause the container before exec");
        }

        var behaviour = containers.Read(() => container.State == "running" ? container.Run?.Behaviour : null)
            ?? throw machine.Refuse(409, $"Container {container.Id} is not running");
        var exec = ids.Next();
        var line = string.Join(' ', command);
        events.Tell(container, $"exec_create: {line}", ("execID", exec));
        events.Tell(container, $"exec_start: {line}", ("execID", exec));
        var output = behaviour.Exec(command, cancellationToken) ?? Answer(container, command, cancellationToken);
        await foreach (var part in output.ConfigureAwait(false))
        {
            if (part.ExitCode is { } code)
            {
                events.Tell(container, "exec_die", ("execID", exec), ("exitCode", code.ToString(CultureInfo.InvariantCulture)));
            }

            yield return part;
        }
    }

    private IAsyncEnumerable<DockerExecOutput> Answer(Container container, ImmutableArray<string> command, CancellationToken cancellationToken) =>
        command switch
        {
            ["ping" or "nc" or "cat", ..] when !container.Image.HasBusybox => Missing(command[0]),
            ["ping", .. var arguments] when _ping.Run(arguments, Source(container, arguments), name => ResolveAsync(container, name, cancellationToken),
                cancellationToken) is { } ping => ping,
            ["nc", .. var arguments] when _nc.Run(arguments, target => Source(container, [target]), name => ResolveAsync(container, name, cancellationToken),
                cancellationToken) is { } connect => connect,
            ["cat", _, ..] when container.Image.HasBusybox => Show(container, command),
            ["true"] => Said(null, 0),
            ["false"] => Said(null, 1),
            ["echo", .. var words] => Said(string.Join(' ', words), 0),
            ["hostname"] => Said(container.Request.Network == "host" ? machine.Name : container.Id[..12], 0),
            _ => Refused(command),
        };

    private async IAsyncEnumerable<DockerExecOutput> Show(Container container, ImmutableArray<string> command)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var places = containers.Read(() => container.Attachments);
        var missing = 0;
        foreach (var path in command.Skip(1))
        {
            if (ContainerFiles.Read(path, places, world.Kernels[machine.Name]) is not { } lines)
            {
                missing++;
                yield return new DockerExecOutput(new DockerOutputLine(true, $"cat: can't open '{path}': No such file or directory"), null);
                continue;
            }

            foreach (var line in lines)
            {
                yield return new DockerExecOutput(new DockerOutputLine(false, line), null);
            }
        }

        yield return new DockerExecOutput(null, missing == 0 ? 0 : 1);
    }

    private static async IAsyncEnumerable<DockerExecOutput> Said(string? text, long code)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        if (text is not null)
        {
            yield return new DockerExecOutput(new DockerOutputLine(false, text), null);
        }

        yield return new DockerExecOutput(null, code);
    }

    private static async IAsyncEnumerable<DockerExecOutput> Refused(ImmutableArray<string> command)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return new DockerExecOutput(new DockerOutputLine(true,
            $"sandbox: {string.Join(' ', command)} cannot be run in a simulated container; ping, nc, cat of what tells of the network, echo "
            + "and hostname can"), null);
        yield return new DockerExecOutput(null, 127);
    }

    private static async IAsyncEnumerable<DockerExecOutput> Missing(string program)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return new DockerExecOutput(new DockerOutputLine(false,
            $"OCI runtime exec failed: exec failed: unable to start container process: exec: \"{program}\": executable file not found in $PATH: unknown"),
            null);
        yield return new DockerExecOutput(null, 127);
    }

    /// <summary>Where a packet leaves the container: the network of its target, else the first one that has an address. Null for no network.</summary>
    private PingSource? Source(Container container, ImmutableArray<string> arguments)
    {
        var places = containers.Read(() => container.Attachments);
        if (places.Any(p => p.Network == "host"))
        {
            return new PingSource(machine, machine.Address, null, null);
        }

        var target = arguments.LastOrDefault() ?? "";
        var place = places.Where(p => p.IPv4.Length > 0)
            .OrderByDescending(p => world.Engines.Any(e => e.Containers.List().Any(c => c.Networks.Any(n => n.NetworkId == p.NetworkId && n.IPv4 == target))))
                .FirstOrDefault();
        return place is null || (place.IsCalico && !world.Kernels[machine.Name].Stack(place.EndpointId).HasDefaultRoute)
            ? null
            : new PingSource(machine, Ip.Parse(place.IPv4), place.IsCalico ? place.EndpointId : null, place.NetworkId);
    }

    /// <summary>Docker's name service: containers of the same networks, on every host of the cluster store; not on the default bridge.</summary>
    private async Task<Ip?> ResolveAsync(Container container, string name, CancellationToken cancellationToken)
    {
        foreach (var place in containers.Read(() => container.Attachments))
        {
            var network = await networks.FindAsync(place.NetworkId, cancellationToken).ConfigureAwait(false);
            var names = network switch
            {
                { Request.Driver: CalicoNames.NetworkDriver } => await networks.Global.NamesAsync(network.Id, cancellationToken).ConfigureAwait(false),
                { Request.Name: not "bridge" } =>
                    [.. containers.List().SelectMany(c => c.Networks.Where(n => n.NetworkId == network.Id).Select(n => (c.Name, n.IPv4)))],
                _ => [],
            };
            if (names.FirstOrDefault(n => n.Name == name) is { Address: { } found } && Ip.TryParse(found, out var address))
            {
                return address;
            }
        }

        return null;
    }
}
