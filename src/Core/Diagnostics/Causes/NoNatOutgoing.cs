using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D53: the other end is outside and the pool does not translate.</summary>
public sealed class NoNatOutgoing : Cause
{
    /// <inheritdoc/>
    public override string Id => "D53";

    /// <inheritdoc/>
    public override string Code => "no-nat-outgoing";

    /// <inheritdoc/>
    public override string Title => "The pool has no NAT for the outside";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 84;

    /// <inheritdoc/>
    public override string Why =>
        "Packets leave with the container's own address, which nobody outside knows a way back to. Pools that were made by hand have NAT "
        + "outgoing off.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (!evidence.Failed || evidence.To.IsWorkload || evidence.To.Node.Length > 0 || !evidence.From.IsWorkload
            || evidence.PoolOf(evidence.From.Address) is not { NatOutgoing: false } pool || evidence.Computed is { Allowed: false }
                || evidence.PoolOf(evidence.To.Address) is not null)
        {
            yield break;
        }

        yield return Found(Proof.Probable, pool.Cidr.ToString(),
            $"{evidence.To.Address} does not know the way back to {evidence.NameOf(evidence.From)}: its pool {pool.Cidr} has no NAT outgoing.") with
        {
            For = [new($"NAT outgoing of {pool.Cidr}", "off", "on, or a route back", "etcd")],
            Against = ["a network that has a route to the pool needs no NAT"],
            FixNow = "Switch NAT outgoing on for the pool: Felix does it on every host at once, and it can be switched off again.",
            Mend = new CauseMend.EditPool(pool.Cidr.ToString()),
        };
    }
}
