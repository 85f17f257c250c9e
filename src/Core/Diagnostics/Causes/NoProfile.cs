using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D31: neither policies nor a profile with rules.</summary>
public sealed class NoProfile : RulesDenyCause
{
    /// <inheritdoc/>
    public override string Id => "D31";

    /// <inheritdoc/>
    public override string Code => "no-profile";

    /// <inheritdoc/>
    public override string Title => "The endpoint has no usable profile";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override string Why =>
        "An endpoint without a policy goes by its profiles. Where it has none, or names one that has no rules, all its traffic is dropped "
        + "though routes and MAC are right.";

    /// <inheritdoc/>
    protected override bool IsMine(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(step);
        return step is { Stage: TraceStage.Workload, Subject: TraceSubject.Default } && Side(evidence, step).Endpoint is { } endpoint
            && !HasPolicies(evidence, step) && Unusable(evidence, endpoint);
    }

    /// <inheritdoc/>
    protected override string Headline(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var side = Side(evidence, step);
        return side.Endpoint!.ProfileIds.IsEmpty
            ? $"{evidence.NameOf(side)} has no profile, so everything to and from it is dropped."
            : $"{evidence.NameOf(side)} names profiles that have no rules ({string.Join(", ", side.Endpoint.ProfileIds)}), so everything to and from it "
                + $"is dropped.";
    }

    /// <inheritdoc/>
    protected override string Fix => "Attach a profile to it.";

    /// <inheritdoc/>
    protected override CauseMend? MendFor(DiagnosisEvidence evidence, TraceStep step) => new CauseMend.AttachProfile(Side(evidence, step).Endpoint!.Id);

    /// <summary>Whether none of an endpoint's profiles has a rule.</summary>
    internal static bool Unusable(DiagnosisEvidence evidence, WorkloadEndpoint endpoint) =>
        endpoint.ProfileIds.All(p => evidence.Snapshot.Calico.Profiles.GetValueOrDefault(p) is not { Value.HasRules: true });

    /// <summary>Whether policies decided in the direction that denied: they were looked at, and none of them passed the packet on to the profiles.</summary>
    internal static bool HasPolicies(DiagnosisEvidence evidence, TraceStep step)
    {
        TraceStep[] policies = [.. evidence.Computed!.Trace.Where(s => s.Direction == step.Direction
            && s is { Stage: TraceStage.Workload, Subject: TraceSubject.Policy })];
        return policies.Length > 0 && policies.All(s => s.Outcome != TraceOutcome.Passed);
    }
}
