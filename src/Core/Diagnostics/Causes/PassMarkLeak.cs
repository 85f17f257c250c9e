using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause pass-mark-leak: what the rules mean and what Felix does differ.</summary>
public sealed class PassMarkLeak : Cause
{
    /// <inheritdoc/>
    public override string Id => "D58";

    /// <inheritdoc/>
    public override string Code => "pass-mark-leak";

    /// <inheritdoc/>
    public override string Title => "A pass of Felix reaches further than it should";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 53;

    /// <inheritdoc/>
    public override string Why =>
        "Felix 2.6 keeps the mark of an earlier pass when it comes to a later profile with a pass rule, and leaves that profile though its "
        + "rule does not match.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Computed is { Unknown: null } verdict && verdict.Allowed != verdict.Meant)
        {
            yield return Found(Proof.Probable, evidence.To.Name,
                $"Felix {(verdict.Allowed ? "allows" : "denies")} it although the rules mean the other: a pass reaches into a later profile.") with
            {
                For = [new("meant by the rules", verdict.Meant ? "allowed" : "denied", verdict.Allowed ? "allowed" : "denied", "rules of the datastore")],
                Explains = !verdict.Allowed,
                FixNow = "Use no pass in profiles, and let a policy govern what comes into the receiver.",
            };
        }
    }
}
