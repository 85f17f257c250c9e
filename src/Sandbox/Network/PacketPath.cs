using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Node;

namespace CalicoConsole.Sandbox.Network;

/// <summary>Who sends a ping or connects.</summary>
/// <param name="Machine">The machine it runs on.</param>
/// <param name="Address">Its address.</param>
/// <param name="EndpointId">Docker's endpoint on a calico network; null for a bridge and for the host itself.</param>
/// <param name="NetworkId">The network; null for the host itself.</param>
internal sealed record PingSource(Machine Machine, Ip Address, string? EndpointId, string? NetworkId);

/// <summary>
/// Decides whether an echo request or a connection is answered: by the endpoints, profiles and policies that the keys hold at that moment, and by the
/// routes that running nodes would have. Thread-safe.
/// </summary>
/// <remarks>
/// Rules count as they are stored now, also on a host whose calico-node was removed; on a real one the last ones stay in force.
/// Only what the sandbox simulates answers: its containers, VMs and hosts.
/// </remarks>
internal sealed class PacketPath(World world)
{
    private static readonly Ip Loopback = Ip.Parse("127.0.0.1");

    /// <summary>Whether the target answers an echo request; with how many hops in between.</summary>
    public Task<int?> HopsAsync(PingSource source, Ip target, CancellationToken cancellationToken) => HopsAsync(source, target, Flow.Ping, cancellationToken);

    /// <summary>Whether a TCP connection is made (true) or refused because nothing listens (false); null when nothing comes back.</summary>
    public async Task<bool?> ConnectsAsync(PingSource source, Ip target, int port, CancellationToken cancellationToken)
    {
        var way = await HopsAsync(source, target, (from, to) => new Flow(from, to, ProtocolNumbers.Tcp) { DestinationPort = port }, cancellationToken)
            .ConfigureAwait(false);
        return way is null ? null : Listens(source, target == Loopback ? source.Address : target, port);
    }

    private async Task<int?> HopsAsync(PingSource source, Ip target, Func<FlowEnd, FlowEnd, Flow> flow, CancellationToken cancellationToken)
    {
        if (target == source.Address || target == Loopback)
        {
            return 0;
        }

        var state = await ClusterKeys.ReadAsync(world.Keys, cancellationToken).ConfigureAwait(false);
        if (source is { EndpointId: null, NetworkId: { } bridge })
        {
            return OnBridge(source.Machine, bridge, target) ? 0 : IsHost(target) ? 1 : null;
        }

        var from = source.EndpointId is { } id ? state.WorkloadEndpoints.Values.Select(e => e.Value).FirstOrDefault(e => e.Id.Name == id) : null;
        if (source.EndpointId is not null && from is null)
        {
            // Felix took the endpoint's interface out of service when its key went.
            return null;
        }

        var to = state.WorkloadEndpoints.Values.Select(e => e.Value).FirstOrDefault(e => e.IPv4Nets.Any(n => n.Contains(target)));
        var (here, there) = (source.Machine.Name, to?.Id.Node ?? HostAt(target));
        if (there is null || !(IsRouted(state, here, there) || (to is null && IsMasqueraded(state, source.Address))) || (to is not null && !Exists(to)))
        {
            return null;
        }

        var asked = flow(
            new FlowEnd(source.Address) { Endpoint = from?.Id, Node = from is null ? here : null },
            new FlowEnd(target) { Endpoint = to?.Id, Node = to is null ? there : null });
        return new ReachabilityModel(SnapshotInput.From(state)).Allows(asked) ? here == there ? to is null || from is null ? 0 : 1 : 2 : null;
    }

    // Addresses of bridges are the same on every machine; those of Calico are one container's.
    private bool Listens(PingSource source, Ip address, int port) => world.Engines
        .Where(e => e.Machine == source.Machine || source is { EndpointId: not null } or { NetworkId: null })
        .Any(e => e.Containers.All().Any(c => e.Containers.Read(() =>
            c.State is "running" or "paused" && c.Image.Listens.Contains(port) && c.Attachments.Any(a => a.IPv4 == address.ToString()))));

    // A host sees the address of the other host, and answers that.
    private static bool IsMasqueraded(CalicoState state, Ip source) => state.IPPools.Values.Any(p => p.Value.NatOutgoing && p.Value.Cidr.Contains(source));

    private bool IsRouted(CalicoState state, string here, string there)
    {
        if (here == there)
        {
            return true;
        }

        return world.Nodes.Find(here) is { } one && world.Nodes.Find(there) is { } other
            && (one.RoutedElsewhere || other.RoutedElsewhere || BirdProtocols.AreEstablished(state, one, other));
    }

    // A container behind an endpoint, or a VM; an endpoint left behind by a container that is gone does not answer.
    private bool Exists(WorkloadEndpoint endpoint) => endpoint.Id.Orchestrator != "libnetwork"
        || world.Engines.Any(e =>
            e.Containers.All().Any(c => e.Containers.Read(() => c.State is "running" or "paused" && c.Attachments.Any(a => a.EndpointId == endpoint.Id.Name))));

    private bool OnBridge(Machine machine, string network, Ip target) => world.Engines.First(e => e.Machine == machine) is var engine
        && engine.Containers.All().Any(c => engine.Containers.Read(() => c.Attachments.Any(a => a.NetworkId == network && a.IPv4 == target.ToString())));

    private static bool IsHost(Ip address) => HostAt(address) is not null;

    private static string? HostAt(Ip address) => Machine.DockerHosts.Append(Machine.Compute).FirstOrDefault(m => m.Address == address)?.Name;
}
