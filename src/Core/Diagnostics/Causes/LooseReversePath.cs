using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D04: rp_filter is 2 and Felix was not told to accept it.</summary>
public sealed class LooseReversePath : Cause
{
    /// <inheritdoc/>
    public override string Id => "D04";

    /// <inheritdoc/>
    public override string Code => "rpf-loose";

    /// <inheritdoc/>
    public override string Title => "Felix refuses a host whose reverse path filter is loose";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 60;

    /// <inheritdoc/>
    public override string Why =>
        "The value that counts is the larger one of all and the interface. 2 permits spoofed senders, so Felix 2.6 ends with a fatal line; "
        + "distributions with systemd 240 and later set it.";

    private const string Filter = "ipv4/conf/all/rp_filter";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e is { Host: not null, IsWorkload: true }).DistinctBy(e => e.Host!.Name))
        {
            if (end.Machine.Value?.Parameter(Filter) != "2" || end.Felix(evidence.Snapshot, "IgnoreLooseRPF").Value.Equals("true",
                StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var down = end.FelixRuns == false || end.CalicoNode is not { State: "running" };
            yield return Found(
                down ? Proof.Proven : Proof.Possible, end.HostName,
                down ? $"Felix refuses to start on {end.HostName}: the host's reverse path filter is loose."
                    : $"Felix on {end.HostName} will refuse its next start: the host's reverse path filter is loose.") with
            {
                For = [new("net.ipv4.conf.all.rp_filter", "2", "0 or 1", $"kernel of {end.HostName}")],
                Explains = down,
                FixNow = $"Set it to 1 on {end.HostName}, for good in a file of /etc/sysctl.d, and restart calico-node.",
                FixForGood = "Where loose is needed: FELIX_IGNORELOOSERPF=true in the environment of calico-node.",
                Command = "sysctl -w net.ipv4.conf.all.rp_filter=1 && docker restart calico-node",
            };
        }
    }
}
