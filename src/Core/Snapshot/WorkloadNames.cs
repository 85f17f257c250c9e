using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Snapshot;

/// <summary>What workload endpoints are called. Pure.</summary>
public static class WorkloadNames
{
    private const int ShortId = 12;

    /// <summary>
    /// The container's name, else the workload as its orchestrator names it; Docker's endpoint id, shortened, where the container is not known.
    /// </summary>
    public static string For(WorkloadEndpointId id, ContainerView? container) => container is { Container.Name: var name } ? name
        : id.Orchestrator != "libnetwork" ? id.Workload
        : id.Name.Length > ShortId ? id.Name[..ShortId] : id.Name;
}
