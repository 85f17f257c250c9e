using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D30: the other end is outside of Calico and its address is in a pool.</summary>
public sealed class PoolOverlap : Cause
{
    /// <inheritdoc/>
    public override string Id => "D30";

    /// <inheritdoc/>
    public override string Code => "pool-overlap";

    /// <inheritdoc/>
    public override string Title => "A pool covers addresses that are not Calico's";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 86;

    /// <inheritdoc/>
    public override string Why =>
        "NAT outgoing leaves destinations inside of any pool alone, and addresses of the hosts' own network may be given to containers: "
        + "answers go astray.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.To.IsWorkload || !evidence.From.IsWorkload || evidence.PoolOf(evidence.To.Address) is not { } pool)
        {
            yield break;
        }

        yield return Found(Proof.Probable, pool.Cidr.ToString(), $"{evidence.To.Address} is no workload's and lies in the IP pool {pool.Cidr}.") with
        {
            For = [new($"pool with {evidence.To.Address}", pool.Cidr.ToString(), "none", "etcd")],
            Explains = evidence.Failed,
            FixForGood = "A new pool outside of the hosts' networks; move the containers there, then delete the old one.",
        };
    }
}
