using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>Resources as they would be: written ones by identity, null where one would be deleted. What is not named stays as it is. Immutable.</summary>
public sealed record ReachabilityProposal
{
    /// <summary>Nothing changed.</summary>
    public static ReachabilityProposal Empty { get; } = new();

    /// <summary>Profiles by name.</summary>
    public ImmutableSortedDictionary<string, Profile?> Profiles { get; init; } = ImmutableSortedDictionary.Create<string, Profile?>(StringComparer.Ordinal);

    /// <summary>Policies by name.</summary>
    public ImmutableSortedDictionary<string, Policy?> Policies { get; init; } = ImmutableSortedDictionary.Create<string, Policy?>(StringComparer.Ordinal);

    /// <summary>Workload endpoints by identity.</summary>
    public ImmutableDictionary<WorkloadEndpointId, WorkloadEndpoint?> WorkloadEndpoints { get; init; } =
        ImmutableDictionary<WorkloadEndpointId, WorkloadEndpoint?>.Empty;

    /// <summary>Host endpoints by node and name.</summary>
    public ImmutableDictionary<(string Node, string Name), HostEndpoint?> HostEndpoints { get; init; } =
        ImmutableDictionary<(string, string), HostEndpoint?>.Empty;

    /// <summary>A proposal that writes these resources.</summary>
    public static ReachabilityProposal From(params IEnumerable<object> resources) =>
        resources.Aggregate(Empty, static (proposal, resource) => proposal.With(resource));

    /// <summary>The proposal that also writes a resource. Kinds that decide nothing about reachability (pools, nodes, BGP peers) change nothing.</summary>
    public ReachabilityProposal With(object resource) => resource switch
    {
        Profile r => this with { Profiles = Profiles.SetItem(r.Name, r) },
        Policy r => this with { Policies = Policies.SetItem(r.Name, AsStored(r)) },
        WorkloadEndpoint r => this with { WorkloadEndpoints = WorkloadEndpoints.SetItem(r.Id, r) },
        HostEndpoint r => this with { HostEndpoints = HostEndpoints.SetItem((r.Node, r.Name), r) },
        _ => this,
    };

    // Writing fills in the types that a document leaves out (docs/calico-v1.md#policy); a stored policy without types would count for both directions.
    private static Policy AsStored(Policy policy) => !policy.Types.IsDefaultOrEmpty
        ? policy
        : policy with { Types = policy.Egress.IsDefaultOrEmpty ? ["ingress"] : policy.Ingress.IsDefaultOrEmpty ? ["egress"] : ["ingress", "egress"] };

    /// <summary>The proposal that also deletes a resource.</summary>
    public ReachabilityProposal Without(ResourceId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Kind switch
        {
            KindNames.Profile => this with { Profiles = Profiles.SetItem(id.Name, null) },
            KindNames.Policy => this with { Policies = Policies.SetItem(id.Name, null) },
            KindNames.WorkloadEndpoint => this
                with
            { WorkloadEndpoints = WorkloadEndpoints.SetItem(new WorkloadEndpointId(id.Node, id.Orchestrator, id.Workload, id.Name), null) },
            KindNames.HostEndpoint => this with { HostEndpoints = HostEndpoints.SetItem((id.Node, id.Name), null) },
            _ => this,
        };
    }
}
