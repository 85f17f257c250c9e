using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D24: a TLS failure is named by the console's feed or by Felix.</summary>
public sealed class EtcdTls : Cause
{
    /// <inheritdoc/>
    public override string Id => "D24";

    /// <inheritdoc/>
    public override string Code => "etcd-tls-or-clock";

    /// <inheritdoc/>
    public override string Title => "The connection to etcd fails at TLS";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 4;

    /// <inheritdoc/>
    public override string Why =>
        "A certificate of another authority, one that has expired or is not valid yet, or a name that it does not have. Docker and "
        + "calico-node have certificates of their own beside the console's.";

    private static readonly string[] Words = ["x509", "certificate", "TLS", "SSL"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var said = FeedNames.Named(evidence.Snapshot, FeedNames.Etcd).Where(f => f.Status == FeedStatus.Stale).Select(f => (From: "the console", f.Detail))
            .Concat(evidence.Ends.Select(e => (From: $"Felix on {e.HostName}", Detail: e.FelixLog.Value?.LastError("x509"))))
            .FirstOrDefault(s => s.Detail is { } detail && Words.Any(w => detail.Contains(w, StringComparison.Ordinal)));
        if (said.Detail is not null)
        {
            yield return Found(Proof.Probable, "etcd", $"{char.ToUpperInvariant(said.From[0])}{said.From[1..]} cannot reach etcd: TLS fails.") with
            {
                For = [new("words", said.Detail, "", said.From)],
                FixNow = "Give the right files (CA, certificate, key), reissue what has expired, and set the clocks right.",
            };
        }
    }
}
