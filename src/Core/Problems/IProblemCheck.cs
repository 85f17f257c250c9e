using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems;

/// <summary>
/// One thing that is always looked at. Pure, and cheap enough for every snapshot: it names at most <see cref="FewOf.Named"/> subjects of a code and
/// counts the rest. Whatever implements this in this assembly and can be made without arguments is run; there is no list to add it to.
/// </summary>
public interface IProblemCheck
{
    /// <summary>The codes that it can answer; each is explained in <c>docs/problems.md</c>.</summary>
    ImmutableArray<string> Codes { get; }

    /// <summary>What is wrong, in the order in which it should be read.</summary>
    IEnumerable<Problem> Find(ProblemInput input);
}

/// <summary>All that a check may look at.</summary>
/// <param name="Snapshot">The cluster.</param>
public sealed record ProblemInput(ClusterSnapshot Snapshot)
{
    /// <summary>IPAM joined with its users; null while it is not known.</summary>
    public IpamIndex? Ipam { get; init; }

    /// <summary>How the assertions stand.</summary>
    public ImmutableArray<AssertionResult> Assertions { get; init; } = [];

    /// <summary>Endpoints by what selectors see of them; null when they are not gathered yet.</summary>
    public EndpointClasses? Classes { get; init; }

    /// <summary>Rules that can never match (<see cref="RuleLint.Shadowed(CalicoState)"/>); default when that is not worked out yet.</summary>
    public ImmutableArray<ReachabilityWarning> Shadowed { get; init; }

    /// <summary>Operations that do not run and have no recorded end, oldest first.</summary>
    public ImmutableArray<OpenOperation> Open { get; init; } = [];

    /// <summary>Why <see cref="Open"/> could not be read from the audit log; null when it was.</summary>
    public string? AuditProblem { get; init; }
}

/// <summary>An operation that was begun and has no recorded end.</summary>
/// <param name="Id">Its id in the audit log.</param>
/// <param name="What">What it does, with its object: <c>Delete network web</c>.</param>
/// <param name="Actor">Who began it.</param>
/// <param name="At">When.</param>
public sealed record OpenOperation(Guid Id, string What, string Actor, DateTimeOffset At);
