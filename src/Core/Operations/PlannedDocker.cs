using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations;

/// <summary>The Docker side of a planned operation: what the executor sends, with every name resolved by the planner.</summary>
/// <param name="Host">Configured name of the Docker host.</param>
public sealed record PlannedDocker(string Host)
{
    /// <summary>Id of the container it is about; null when it makes one or is about none.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Id of the network it is about; null when there is none.</summary>
    public string? NetworkId { get; init; }

    /// <summary>The fixed address of the container on the network; null for an automatic one.</summary>
    public string? Address { get; init; }

    /// <summary>Hosts that are looked at before anything is done.</summary>
    public ImmutableArray<string> AlsoLookAt { get; init; } = [];

    /// <summary>The container to create, addresses that the plan proposed included.</summary>
    public DockerContainerRequest? Container { get; init; }

    /// <summary>The network to create.</summary>
    public DockerNetworkRequest? Network { get; init; }

    /// <summary>Calico's name of the node, for keys in etcd.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Whether the container's network is served by the calico driver, so that a workload endpoint appears when it starts.</summary>
    public bool OnCalicoNetwork { get; init; }
}
