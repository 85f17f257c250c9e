using System.Globalization;
using System.Runtime.CompilerServices;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Kernel;

namespace CalicoConsole.Sandbox.Node;

/// <summary>
/// Programs that are run in a simulated calico-node: those by which the console looks at a host, and runit's <c>sv</c> for Felix. They answer from what the
/// sandbox simulates; nothing is run. Thread-safe.
/// </summary>
internal sealed class NodeShell(World world, Machine machine)
{
    private const string FelixService = "/etc/service/enabled/felix";

    /// <summary>Answers a program; null when the sandbox knows none of that name.</summary>
    public IAsyncEnumerable<DockerExecOutput>? Run(RunningNode node, ImmutableArray<string> command, CancellationToken cancellationToken) => command switch
    {
        ["sv", "stop", FelixService] => ServiceAsync(FelixState.Stopped, "ok: down: felix: 1s", cancellationToken),
        ["sv", "start" or "restart", FelixService] => ServiceAsync(FelixState.Running, "ok: run: felix: (pid 71) 0s", cancellationToken),
        ["iptables-save", "-c"] => RulesAsync(null, cancellationToken),
        ["iptables-save", "-c", "-t", var table] => RulesAsync(table, cancellationToken),
        ["tail", "-n", _, "/var/log/calico/felix/current"] => LogAsync(node, cancellationToken),
        ["sh", "-c", _, _, var face, var own, var peer] when Ip.TryParse(own, out var address) && Ip.TryParse(peer, out var other)
            && command.SequenceEqual(new MachineProbe(face, address, other).Command) => LookAsync(node, face, address, other, cancellationToken),
        _ => null,
    };

    private HostKernel Kernel => world.Kernels[machine.Name];

    private async IAsyncEnumerable<DockerExecOutput> ServiceAsync(FelixState state, string said, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await ClusterKeys.ReadAsync(world.Keys, cancellationToken).ConfigureAwait(false);
        if (state == FelixState.Running)
        {
            Kernel.GoOn();
        }
        else
        {
            Kernel.Halt(state, keys);
        }

        yield return Line(said);
        yield return new DockerExecOutput(null, 0);
    }

    private async IAsyncEnumerable<DockerExecOutput> RulesAsync(string? table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var line in Kernel.Filter(await ClusterKeys.ReadAsync(world.Keys, cancellationToken).ConfigureAwait(false)).Save(table))
        {
            yield return Line(line);
        }

        yield return new DockerExecOutput(null, 0);
    }

    private async IAsyncEnumerable<DockerExecOutput> LogAsync(RunningNode node, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await ClusterKeys.ReadAsync(world.Keys, cancellationToken).ConfigureAwait(false);
        var at = node.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        yield return Line($"{at} [INFO][71] sandbox: imitates Felix of {node.Name}, it is not Calico");
        foreach (var endpoint in Local(keys, node).Where(e => Kernel.HasProgrammed(keys, e.Id.Name)))
        {
            yield return Line($"{at} [INFO][71] sandbox: {endpoint.InterfaceName} is set up");
        }

        yield return new DockerExecOutput(null, 0);
    }

    private async IAsyncEnumerable<DockerExecOutput> LookAsync(
        RunningNode node, string face, Ip own, Ip peer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = await ClusterKeys.ReadAsync(world.Keys, cancellationToken).ConfigureAwait(false);
        var local = Local(keys, node).Where(e => world.Engine(machine.Name).Containers.All().Any(c => c.State is "running" or "paused"
            && c.Attachments.Any(a => a.EndpointId == e.Id.Name))).ToImmutableArray();
        foreach (var (name, lines) in Parts(keys, node, local, face, own, peer))
        {
            yield return Line($"@@ {name}");
            foreach (var line in lines)
            {
                yield return Line(line);
            }

            yield return Line("@= 0");
        }

        yield return new DockerExecOutput(null, 0);
    }

    private IEnumerable<(string Name, IEnumerable<string> Lines)> Parts(
        CalicoState keys, RunningNode node, ImmutableArray<WorkloadEndpoint> local, string face, Ip own, Ip peer)
    {
        yield return ("links",
        [
            ProcText.DeviceHeader, ProcText.Device("lo", 0, 0), ProcText.Device("eth0", 0, 0), ProcText.Device("docker0", 0, 0),
            .. local.Select(e => Kernel.Stack(e.Id.Name) is var stack ? ProcText.Device(e.InterfaceName, stack.FramesOut, stack.FramesIn) : ""),
        ]);
        yield return ("addresses",
        [
            "1: lo    inet 127.0.0.1/8 scope host lo",
            $"2: eth0    inet {machine.Address}/{Machine.PrefixLength} brd 192.168.122.255 scope global eth0",
            "3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0",
        ]);
        yield return ("arp",
        [
            ProcText.NeighbourHeader,
            .. local.Where(e => Kernel.HasProgrammed(keys, e.Id.Name)).SelectMany(e => e.IPv4Nets.Select(n =>
                ProcText.Neighbour(n.Address.ToString(), "0x6", e.Mac, e.InterfaceName))),
        ]);
        yield return ("own", [Route(keys, node, local, own)]);
        yield return ("peer", [Route(keys, node, local, peer)]);
        yield return ("gateway", [$"169.254.1.1 via {Machine.Etcd} dev eth0 src {machine.Address}"]);
        yield return ("parameters",
        [
            "/proc/sys/net/ipv4/ip_forward:1",
            "/proc/sys/net/netfilter/nf_conntrack_count:212",
            "/proc/sys/net/netfilter/nf_conntrack_max:1000000",
            .. Interfaces(local).SelectMany(i => (string[])[
                $"/proc/sys/net/ipv4/conf/{i}/forwarding:1",
                $"/proc/sys/net/ipv4/conf/{i}/rp_filter:1",
                $"/proc/sys/net/ipv4/conf/{i}/proxy_arp:{(local.Any(e => e.InterfaceName == i && Kernel.HasProgrammed(keys, e.Id.Name)) ? 1 : 0)}",
            ]),
            .. Interfaces(local).Contains(face) ? [$"/proc/sys/net/ipv4/neigh/{face}/proxy_delay:{(IsProgrammed(keys, local, face) ? 0 : 80)}"]
                : Array.Empty<string>(),
        ]);
        yield return ("drops", ["TcpExt: SyncookiesSent IPReversePathFilter", "TcpExt: 0 0"]);
        yield return ("processes",
        [
            "runsvdir", "runsv", "svlogd", "libnetwork-plug",
            .. Kernel.Felix is FelixState.Running or FelixState.Frozen ? ["calico-felix"] : Array.Empty<string>(),
            .. node.Bird ? ["bird", "bird6", "confd"] : Array.Empty<string>(),
        ]);
    }

    private bool IsProgrammed(CalicoState keys, ImmutableArray<WorkloadEndpoint> local, string face) =>
        local.Any(e => e.InterfaceName == face && Kernel.HasProgrammed(keys, e.Id.Name));

    private static IEnumerable<string> Interfaces(ImmutableArray<WorkloadEndpoint> local) =>
        ["all", "default", "lo", "eth0", "docker0", .. local.Select(e => e.InterfaceName)];

    // Felix's own routes are those of what it programmed; BIRD's lead to the node that has the other endpoint.
    private string Route(CalicoState keys, RunningNode node, ImmutableArray<WorkloadEndpoint> local, Ip target)
    {
        if (target == machine.Address)
        {
            return $"local {target} dev lo src {target}";
        }

        if (local.FirstOrDefault(e => e.IPv4Nets.Any(n => n.Contains(target))) is { } here && Kernel.HasProgrammed(keys, here.Id.Name))
        {
            return $"{target} dev {here.InterfaceName} src {machine.Address}";
        }

        var there = keys.WorkloadEndpoints.Values.Select(e => e.Value).FirstOrDefault(e => e.Id.Node != node.Name && e.IPv4Nets.Any(n => n.Contains(target)));
        if (there is not null && world.Nodes.Find(there.Id.Node) is { } other
            && (other.RoutedElsewhere || BirdProtocols.AreEstablished(keys, node, other)))
        {
            return $"{target} via {other.Address} dev eth0 src {machine.Address}";
        }

        return Machine.DockerHosts.Any(m => m.Address == target) || target == Machine.Compute.Address
            ? $"{target} dev eth0 src {machine.Address}" : $"{target} via {Machine.Etcd} dev eth0 src {machine.Address}";
    }

    private static IEnumerable<WorkloadEndpoint> Local(CalicoState keys, RunningNode node) =>
        keys.WorkloadEndpoints.Values.Select(e => e.Value).Where(e => e.Id.Node == node.Name);

    private static DockerExecOutput Line(string text) => new(new DockerOutputLine(false, text), null);
}
