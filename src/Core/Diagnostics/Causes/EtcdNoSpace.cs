using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D23: etcd has raised its NOSPACE alarm.</summary>
public sealed class EtcdNoSpace : Cause
{
    /// <inheritdoc/>
    public override string Id => "D23";

    /// <inheritdoc/>
    public override string Code => "etcd-nospace";

    /// <inheritdoc/>
    public override string Title => "etcd's v3 space is used up";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Latent;

    /// <inheritdoc/>
    public override int Step => 3;

    /// <inheritdoc/>
    public override string Why =>
        "The alarm stays until somebody disarms it, and stops writes of the v3 keys. Writes of the v2 keys, which Calico v2.6 uses, still "
        + "succeed: it explains no lost packet.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return
        [
            .. evidence.Snapshot.Etcd?.Alarms.Where(a => a.StartsWith("NOSPACE", StringComparison.Ordinal)).Take(1)
                .Select(a => Found(Proof.Proven, "etcd", "etcd has the alarm NOSPACE, which does not hinder Calico v2.6.") with
                {
                    For = [new("alarm", a, "none", "etcd")],
                    Explains = false,
                    FixNow = "Compact and defragment, then disarm the alarm; give it a larger --quota-backend-bytes.",
                    Command = "etcdctl alarm disarm",
                }) ?? [],
        ];
    }
}
