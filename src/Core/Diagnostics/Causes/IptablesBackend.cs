using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D36: Felix's log complains of iptables itself.</summary>
public sealed class IptablesBackend : Cause
{
    /// <inheritdoc/>
    public override string Id => "D36";

    /// <inheritdoc/>
    public override string Code => "iptables-backend";

    /// <inheritdoc/>
    public override string Title => "Felix's iptables and the host's are not the same";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 61;

    /// <inheritdoc/>
    public override string Why =>
        "The v2.6 image writes legacy tables. A host that uses nftables has rules of its own that Felix does not see, and newest kernels "
        + "may have no legacy tables at all.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Host is not null).DistinctBy(e => e.Host!.Name))
        {
            var said = end.FelixLog.Value?.Lines.LastOrDefault(l => l.Contains("iptables", StringComparison.Ordinal)
                && (l.Contains("[FATAL]", StringComparison.Ordinal) || l.Contains("can't initialize iptables table", StringComparison.Ordinal)
                    || l.Contains("incompatible", StringComparison.Ordinal)));
            if (said is not null)
            {
                yield return Found(
                    end.FelixRuns == false ? Proof.Probable : Proof.Possible, end.HostName,
                    $"Felix on {end.HostName} cannot write the kernel's rules: its iptables does not fit the host's.") with
                {
                    For = [new("Felix says", said, "", $"log of Felix on {end.HostName}")],
                    FixNow = "update-alternatives --set iptables /usr/sbin/iptables-legacy on that host, then restart it.",
                    Command = "update-alternatives --set iptables /usr/sbin/iptables-legacy",
                };
            }
        }
    }
}
