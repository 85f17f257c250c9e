using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Docker;
using CalicoConsole.Sandbox.Kernel;
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
    /// <param name="source">Who sends it.</param>
    /// <param name="target">To whom.</param>
    /// <param name="isFirst">Whether none of the same ping was answered before: rules are asked about a connection's first packets alone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<int?> HopsAsync(PingSource source, Ip target, bool isFirst, CancellationToken cancellationToken) =>
        HopsAsync(source, target, Flow.Ping, isFirst, cancellationToken);

    /// <summary>Whether a TCP connection is made (true) or refused because nothing listens (false); null when nothing comes back.</summary>
    public async Task<bool?> ConnectsAsync(PingSource source, Ip target, int port, CancellationToken cancellationToken)
    {
        var way = await HopsAsync(
            source, target, (from, to) => new Flow(from, to, ProtocolNumbers.Tcp) { DestinationPort = port }, isFirst: true, cancellationToken)
            .ConfigureAwait(false);
        return way is null ? null : Listens(source, target == Loopback ? source.Address : target, port);
    }

    private async Task<int?> HopsAsync(
        PingSource source, Ip target, Func<FlowEnd, FlowEnd, Flow> flow, bool isFirst, CancellationToken cancellationToken)
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

        var from = source.EndpointId is { } id ? Place(state, id) : null;
        if (source.EndpointId is not null && (from?.Endpoint is null || !Leaves(state, from)))
        {
            // Felix took the endpoint's interface out of service when its key went, or never set it up.
            return null;
        }

        var endpoint = state.WorkloadEndpoints.Values.Select(e => e.Value).FirstOrDefault(e => e.IPv4Nets.Any(n => n.Contains(target)));
        var (here, there) = (source.Machine.Name, endpoint?.Id.Node ?? HostAt(target));
        var to = endpoint is null ? null : Place(state, endpoint.Id.Name) ?? new Stop(endpoint, null, null);
        if (there is null || !(IsRouted(state, here, there) || (endpoint is null && IsMasqueraded(state, source.Address)))
            || (endpoint is { Id.Orchestrator: "libnetwork" } && to?.Attachment is null))
        {
            return null;
        }

        var asked = flow(
            new FlowEnd(source.Address) { Endpoint = from?.Endpoint?.Id, Node = from is null ? here : null },
            new FlowEnd(target) { Endpoint = endpoint?.Id, Node = endpoint is null ? there : null });
        var (sending, receiving) = (world.Kernels.GetValueOrDefault(here), world.Kernels.GetValueOrDefault(there));
        var way = new FilterWay(state, (source.Machine, sending, from?.Endpoint?.InterfaceName), (HostOf(there), receiving, endpoint?.InterfaceName));
        way.Send(asked, isFirst);
        var answers = new ReachabilityModel(SnapshotInput.From(state)).Allows(asked) && (to is null || (Takes(state, to) && Leaves(state, to)));
        if (answers)
        {
            way.Answer();
        }

        return answers && (from is null || Takes(state, from)) ? here == there ? endpoint is null || from is null ? 0 : 1 : 2 : null;
    }

    // A VM has no kernel here: it hears and answers.
    private static bool Leaves(CalicoState state, Stop stop)
    {
        if (stop is not { Kernel: { } kernel, Attachment: { } attachment })
        {
            return true;
        }

        if (!kernel.Stack(attachment.EndpointId).HasDefaultRoute)
        {
            return false;
        }

        var answered = kernel.HasProgrammed(state, attachment.EndpointId);
        kernel.Change(attachment.EndpointId, s => s.Send(answered));
        return answered;
    }

    // The host sends to the MAC that Calico was told; one that is set up otherwise inside lets the frame in and its IP never sees it.
    private static bool Takes(CalicoState state, Stop stop)
    {
        if (stop is not { Kernel: { } kernel, Attachment: { } attachment })
        {
            return true;
        }

        if (!kernel.HasProgrammed(state, attachment.EndpointId))
        {
            return false;
        }

        var told = stop.Endpoint?.Mac;
        kernel.Change(attachment.EndpointId, s => s.Take(told is not { Length: > 0 } || told == (s.Mac ?? attachment.Mac)));
        return kernel.Stack(attachment.EndpointId) is var stack && stack.Drops == 0 && (told is not { Length: > 0 } || told == (stack.Mac ?? attachment.Mac));
    }

    // An endpoint left behind by a container that is gone has no place, and does not answer.
    private Stop? Place(CalicoState state, string id)
    {
        var endpoint = state.WorkloadEndpoints.Values.Select(e => e.Value).FirstOrDefault(e => e.Id.Name == id);
        foreach (var engine in world.Engines)
        {
            if (engine.Containers.Read(() => engine.Containers.All().Where(c => c.State is "running" or "paused").SelectMany(c => c.Attachments)
                .FirstOrDefault(a => a.EndpointId == id)) is { } attachment)
            {
                return new Stop(endpoint, attachment, world.Kernels[engine.Name]);
            }
        }

        return endpoint is null ? null : new Stop(endpoint, null, null);
    }

    /// <summary>A workload on the way.</summary>
    /// <param name="Endpoint">Its endpoint in etcd; null when it has none.</param>
    /// <param name="Attachment">Its container's place; null for a VM, and for an endpoint without a container.</param>
    /// <param name="Kernel">The kernel that it is on; null like the place.</param>
    private sealed record Stop(WorkloadEndpoint? Endpoint, Attachment? Attachment, HostKernel? Kernel);

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

    private bool OnBridge(Machine machine, string network, Ip target) => world.Engines.First(e => e.Machine == machine) is var engine
        && engine.Containers.All().Any(c => engine.Containers.Read(() => c.Attachments.Any(a => a.NetworkId == network && a.IPv4 == target.ToString())));

    private static bool IsHost(Ip address) => HostAt(address) is not null;

    private static Machine? HostOf(string name) => Machine.DockerHosts.FirstOrDefault(m => m.Name == name);

    private static string? HostAt(Ip address) => Machine.DockerHosts.Append(Machine.Compute).FirstOrDefault(m => m.Address == address)?.Name;
}
