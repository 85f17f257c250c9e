using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>What writing or deleting some resources does to who may talk to whom, with what to know before saving. Immutable.</summary>
public sealed record ProposalEffect
{
    private ProposalEffect()
    {
    }

    /// <summary>What would be written or deleted.</summary>
    public required ReachabilityProposal Proposal { get; init; }

    /// <summary>What changes for IPv4.</summary>
    public required ReachabilityDifference IPv4 { get; init; }

    /// <summary>What changes for IPv6.</summary>
    public required ReachabilityDifference IPv6 { get; init; }

    /// <summary>What changes for hosts themselves, IPv4 first.</summary>
    public required ImmutableArray<HostChange> Hosts { get; init; }

    /// <summary>Host endpoints that are touched too and were not looked at, because there are too many.</summary>
    public required int HostsLeftOut { get; init; }

    /// <summary>What to know before saving.</summary>
    public required ImmutableArray<ReachabilityWarning> Warnings { get; init; }

    /// <summary>How many workload endpoints there are now.</summary>
    public required int Endpoints { get; init; }

    /// <summary>Whether nobody gets or loses anything.</summary>
    public bool IsEmpty => IPv4.IsEmpty && IPv6.IsEmpty && Hosts.IsEmpty;

    /// <summary>Works it out; cheap for a proposal that touches few endpoints.</summary>
    /// <param name="now">The model as it is.</param>
    /// <param name="proposal">What would be written or deleted.</param>
    /// <param name="groupsOf">The names of the groups of an endpoint, for the report.</param>
    /// <param name="cancellationToken">Ends it early with an <see cref="OperationCanceledException"/>.</param>
    public static ProposalEffect From(ReachabilityModel now, ReachabilityProposal proposal, Func<WorkloadEndpoint, IEnumerable<string>> groupsOf,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(proposal);
        var then = now.With(proposal);
        return new ProposalEffect
        {
            Proposal = proposal,
            Endpoints = now.EndpointCount,
            IPv4 = ReachabilityDifference.Between(now, then, groupsOf, cancellationToken: cancellationToken),
            IPv6 = ReachabilityDifference.Between(now, then, groupsOf, ipv6: true, cancellationToken),
            Hosts = [.. HostDifference.Between(now, then, ipv6: false, cancellationToken), .. HostDifference.Between(now, then, ipv6: true, cancellationToken)],
            HostsLeftOut = HostDifference.LeftOut(now, then),
            Warnings = RuleWarnings.For(now, then, proposal),
        };
    }
}
