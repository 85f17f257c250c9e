using System.Collections.Immutable;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Nodes;

/// <summary>A node with what it carries.</summary>
public sealed record NodeRow(NodeView View, int Endpoints, int Blocks, bool Compute = false)
{
    /// <summary>Identity: several configured hosts may say that they have one name.</summary>
    public string Key => View.Host is { } host && host.Name != View.Name ? $"{View.Name} {host.Name}" : View.Name;

    /// <summary>Whether calico-node runs, as far as it is known.</summary>
    public StateWords State => Compute && View.Host is null
        ? new(ChipState.Idle, "compute host", View.Node is { Value: { IPv4: null, IPv6: null } } ? "It runs VMs of OpenStack and has no BGP data in etcd."
            : "It runs VMs of OpenStack.")
        : For(View);

    /// <summary>The engine's cluster store; null when there is no Docker host.</summary>
    public string? ClusterStore =>
        View.Host is not { } host ? null : host.Info is not { } info ? "not known yet" : info.ClusterStore.Length == 0 ? "none" : info.ClusterStore;

    /// <summary>Whether calico-node runs on a node.</summary>
    public static StateWords For(NodeView view) => view switch
    {
        { CalicoNode: { } container } => new(
            ChipStates.OfContainer(container.State) is var state and not (ChipState.Unknown or ChipState.Idle) ? state : ChipState.Broken,
            container.State,
            ContainerFaults.NotRunning(container)),
        { Host: null } => new(ChipState.Unknown, "no Docker host", "No configured Docker host has this name; calico-node may run there anyway."),
        { Host.Info: null } => new(ChipState.Unknown, "not known yet", "The Docker host has not answered yet."),
        _ => new(ChipState.Attention, "not deployed", "No container named calico-node is on this host."),
    };

    /// <summary>Every node.</summary>
    public static ImmutableArray<NodeRow> AllIn(ClusterSnapshot snapshot)
    {
        var endpoints = snapshot.Calico.WorkloadEndpoints.Values.CountBy(e => e.Value.Id.Node, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var blocks = snapshot.Calico.Blocks.Values.CountBy(b => b.Value.AffineNode ?? "", StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var compute = OpenStackView.From(snapshot.Calico).ComputeHosts.ToHashSet(StringComparer.Ordinal);
        return [.. snapshot.Views.Nodes.Select(n =>
            new NodeRow(n, endpoints.GetValueOrDefault(n.Name), blocks.GetValueOrDefault(n.Name), compute.Contains(n.Name)))];
    }
}
