using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Workload endpoints of Docker whose container does not run. Pure.</summary>
public static class LeftBehindEndpoints
{
    /// <summary>All of them, in the order of their keys.</summary>
    public static IEnumerable<WorkloadEndpoint> Find(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var answering = AnsweringNodes(snapshot);
        return snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value)
            .Where(e => IsLeftBehind(e.Id, ContainerOf(e.Id, snapshot)?.Container, answering.Contains(e.Id.Node)));
    }

    /// <summary>Whether one was left behind: Docker made it, and its host answers and has no running container for it.</summary>
    public static bool IsLeftBehind(WorkloadEndpointId id, DockerContainer? container, bool hostKnown)
    {
        return id.Orchestrator == "libnetwork" && hostKnown && container is not { State: "running" or "paused" or "restarting" };
    }

    /// <summary>The container whose Docker endpoint it is; null when there is none.</summary>
    public static ContainerView? ContainerOf(WorkloadEndpointId id, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Views.ContainerByEndpointId.TryGetValue(id.Name, out var key) ? snapshot.Views.Containers.GetValueOrDefault(key) : null;
    }

    /// <summary>Nodes whose Docker host has answered.</summary>
    public static IReadOnlySet<string> AnsweringNodes(ClusterSnapshot snapshot) =>
        FeedNames.KnownHosts(snapshot).Where(h => h.Info is not null).Select(h => h.NodeName).ToHashSet(StringComparer.Ordinal);
}
