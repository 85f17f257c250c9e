using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;

namespace CalicoConsole.Core.Reachability;

/// <summary>A policy of another tier than Calico's own.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Policy">The policy.</param>
public sealed record TierPolicy(string Tier, Policy Policy);

/// <summary>What decides over packets.</summary>
public sealed record ReachabilityInput
{
    /// <summary>Workload endpoints of every node and orchestrator.</summary>
    public ImmutableArray<WorkloadEndpoint> WorkloadEndpoints { get; init; } = [];

    /// <summary>Profiles.</summary>
    public ImmutableArray<Profile> Profiles { get; init; } = [];

    /// <summary>Policies of the default tier.</summary>
    public ImmutableArray<Policy> Policies { get; init; } = [];

    /// <summary>Policies of other tiers, which Calico v2.6 has not: Felix does not look at the tier and enforces them like any other.</summary>
    public ImmutableArray<TierPolicy> TierPolicies { get; init; } = [];

    /// <summary>Policies whose value cannot be read; the tier is empty for Calico's own.</summary>
    public ImmutableHashSet<(string Tier, string Name)> UnreadablePolicies { get; init; } = [];

    /// <summary>Host endpoints: their expected addresses count in tags and selectors, and their interfaces are policed.</summary>
    public ImmutableArray<HostEndpoint> HostEndpoints { get; init; } = [];

    /// <summary>Pools: they say where NAT outgoing replaces the source, and where IPIP carries packets past the host endpoints.</summary>
    public ImmutableArray<IPPool> Pools { get; init; } = [];

    /// <summary>Felix's settings and addresses of hosts, by node; a host that is missing has Felix's defaults and no known address.</summary>
    public ImmutableDictionary<string, HostSettings> Hosts { get; init; } = ImmutableDictionary.Create<string, HostSettings>(StringComparer.Ordinal);

    /// <summary>Felix's setting for packets from a workload to its own host, for hosts whose settings name none.</summary>
    public EndpointToHostAction EndpointToHost { get; init; } = EndpointToHostAction.Return;

    /// <summary>Nodes whose Felix runs; default (uninitialised) means all. An endpoint of another node is policed by nobody.</summary>
    public ImmutableHashSet<string>? EnforcingNodes { get; init; }
}
