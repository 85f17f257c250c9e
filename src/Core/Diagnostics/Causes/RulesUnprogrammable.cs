using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause felix-cannot-program: a rule that the kernel refuses.</summary>
public sealed class RulesUnprogrammable : Cause
{
    /// <inheritdoc/>
    public override string Id => "D57";

    /// <inheritdoc/>
    public override string Code => "felix-cannot-program";

    /// <inheritdoc/>
    public override string Title => "Felix cannot program a stored rule";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 52;

    /// <inheritdoc/>
    public override string Why =>
        "A rule that calicoctl accepts and the kernel refuses: Felix 2.6 stops updating the hosts that should have it, and what gets "
        + "through there is not known.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Computed?.Unknown is null && evidence.Ends.All(e => e.Endpoint is null || e.Rules.Value?.Rules.Any(r =>
            r.Chain == $"cali-tw-{e.Interface}") != false))
        {
            yield break;
        }

        foreach (var rule in UnprogrammableRules.For(evidence.Snapshot.Calico).Take(1))
        {
            yield return Found(Proof.Probable, rule.Resource.Name,
                $"Felix cannot program a rule of the {rule.Resource.Kind} {rule.Resource.Name}, and stops where it should have it.") with
            {
                For = [new("rule", rule.Reason, "a form that the kernel takes", "etcd")],
                FixNow = "Correct the rule, or take it out.",
                Mend = new CauseMend.EditRules(rule.Resource.Kind, rule.Resource.Name),
            };
        }
    }
}
