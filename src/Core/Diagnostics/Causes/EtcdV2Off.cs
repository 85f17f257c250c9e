using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D21: a member of etcd has the v2 keys API switched off.</summary>
public sealed class EtcdV2Off : Cause
{
    /// <inheritdoc/>
    public override string Id => "D21";

    /// <inheritdoc/>
    public override string Code => "etcd-v2-off";

    /// <inheritdoc/>
    public override string Title => "etcd does not serve the v2 keys API";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 1;

    /// <inheritdoc/>
    public override string Why =>
        "From 3.4 on etcd serves the v2 keys only with --enable-v2, and 3.6 has none. Calico v2.6, its plugin and Docker's cluster store "
        + "have no other.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Standing(evidence.Snapshot);
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return
        [
            .. snapshot.Etcd?.Members.Where(m => m is { Answers: true, ServesV2Keys: false })
                .Select(m => Found(Proof.Proven, m.Name, $"etcd's member {m.Name} does not serve the v2 keys API, which Calico v2.6 needs") with
                {
                    For = [new("v2 keys API", "off", "on", $"etcd {m.Version} of {m.Name}")],
                    FixNow = "Start each member with --enable-v2, one after the other.",
                    FixForGood = "etcd 3.2 or 3.3, or 3.4 and 3.5 with --enable-v2.",
                }) ?? [],
        ];
    }
}
