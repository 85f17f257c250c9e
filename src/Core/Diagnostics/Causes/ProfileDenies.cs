using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D32: the deciding step of the verdict is a profile, or none of its rules matched.</summary>
public sealed class ProfileDenies : RulesDenyCause
{
    /// <inheritdoc/>
    public override string Id => "D32";

    /// <inheritdoc/>
    public override string Code => "profile-denies";

    /// <inheritdoc/>
    public override string Title => "A profile denies it";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override string Why =>
        "The profile that a Docker network brings lets everything out, and in only what carries its own tag: workloads of one network reach "
        + "each other, others do not.";

    /// <inheritdoc/>
    protected override bool IsMine(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(step);
        return step.Stage == TraceStage.Workload && (step.Subject == TraceSubject.Profile
            || (step.Subject == TraceSubject.Default && Side(evidence, step).Endpoint is { } endpoint && !NoProfile.HasPolicies(evidence, step)
                && !NoProfile.Unusable(evidence, endpoint)));
    }

    /// <inheritdoc/>
    protected override string Headline(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(step);
        var side = Side(evidence, step);
        var profiles = step.Subject == TraceSubject.Profile ? [step.Name] : side.Endpoint!.ProfileIds;
        var which = $"{(profiles.Length == 1 ? "profile" : "profiles")} {string.Join(", ", profiles.Take(3))}";
        var (from, to) = (evidence.NameOf(evidence.From), evidence.NameOf(evidence.To));
        return step.Direction == FlowDirection.Ingress
            ? $"{from} may not talk to {to} with {evidence.Question.Traffic}: the {which} of {to} {(profiles.Length == 1 ? "does" : "do")} not let it in."
            : $"{from} may not talk to {to} with {evidence.Question.Traffic}: the {which} of {from} {(profiles.Length == 1 ? "does" : "do")} not let it out.";
    }
}
