using System.Globalization;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Reachability.Flows;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D33: the deciding step of the verdict is a policy, or the end of the policies.</summary>
public sealed class PolicyDenies : RulesDenyCause
{
    /// <inheritdoc/>
    public override string Id => "D33";

    /// <inheritdoc/>
    public override string Code => "policy-denies";

    /// <inheritdoc/>
    public override string Title => "A policy denies it";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override string Why =>
        "As soon as one policy of a direction selects an endpoint, its profiles are left out unless a rule says pass, and what no rule "
        + "matches is dropped. Policies of host endpoints police the uplink likewise.";

    /// <inheritdoc/>
    protected override bool IsMine(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Subject == TraceSubject.Policy || (step.Subject == TraceSubject.Default && (step.Stage != TraceStage.Workload
            || NoProfile.HasPolicies(evidence, step)));
    }

    /// <inheritdoc/>
    protected override string Headline(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(step);
        var (from, to) = (evidence.NameOf(evidence.From), evidence.NameOf(evidence.To));
        var what = step.Subject == TraceSubject.Policy
            ? $"the policy {step.Name} denies it{(step.RuleIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $" by its rule {index + 1}") : "")}"
            : "policies govern it and none of their rules allows it";
        var stage = step.Stage == TraceStage.Workload ? "" : $" at host endpoint {step.Endpoint}";
        return $"{from} may not talk to {to} with {evidence.Question.Traffic}: {what}{stage}.";
    }
}
