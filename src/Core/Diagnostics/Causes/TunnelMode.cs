using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D48: hosts of different subnets without a tunnel.</summary>
public sealed class TunnelMode : Cause
{
    /// <inheritdoc/>
    public override string Id => "D48";

    /// <inheritdoc/>
    public override string Code => "ipip-mode";

    /// <inheritdoc/>
    public override string Title => "The pool's IPIP mode does not fit the network";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 93;

    /// <inheritdoc/>
    public override string Why => "Hosts of different subnets have a router between them that does not know the pool's addresses: without IPIP it drops them.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var nodes = evidence.Ends.Select(e => evidence.Snapshot.Calico.Nodes.GetValueOrDefault(e.Node)?.Value.IPv4).ToArray();
        if (!evidence.Failed || evidence.SameHost != false || !evidence.To.IsWorkload || nodes is not [{ } here, { } there]
            || evidence.PoolOf(evidence.To.Address) is not
            { IpipEnabled: false } pool || here.Contains(there.Address) || here.PrefixLength == 32)
        {
            yield break;
        }

        yield return Found(Proof.Probable, pool.Cidr.ToString(),
            $"{evidence.From.HostName} and {evidence.To.HostName} are in different subnets, and the pool {pool.Cidr} has no IPIP.") with
        {
            For =
            [
                new("networks of the hosts", $"{here}, {there}", "one, or IPIP", "etcd"),
                new($"IPIP of {pool.Cidr}", "off", "cross-subnet or always", "etcd"),
            ],
            FixNow = "Give the pool IPIP in the mode cross-subnet.",
            Mend = new CauseMend.EditPool(pool.Cidr.ToString()),
        };
    }
}
