using System.Globalization;
using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D38: the connection tracking table is at its limit.</summary>
public sealed class ConntrackFull : Cause
{
    /// <inheritdoc/>
    public override string Id => "D38";

    /// <inheritdoc/>
    public override string Code => "conntrack-full";

    /// <inheritdoc/>
    public override string Title => "The table of connections is full";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 82;

    /// <inheritdoc/>
    public override string Why =>
        "New connections fail at random and old ones live. calicoctl node run raises the limit to 1,000,000 once, and a restart of the host "
        + "takes it back.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Machine.Value is not null).DistinctBy(e => e.HostName))
        {
            var machine = end.Machine.Value!;
            if (Number(machine.Parameter("netfilter/nf_conntrack_count")) is { } count && Number(machine.Parameter("netfilter/nf_conntrack_max")) is { } most
                && most > 0 && count * 100 >= most * 95)
            {
                yield return Found(Proof.Probable, end.HostName, $"{end.HostName} can track no more connections, so new ones are dropped at random.") with
                {
                    For =
                    [
                        new("connections tracked", string.Create(CultureInfo.InvariantCulture, $"{count:N0} of {most:N0}"), "below 95 %",
                            $"kernel of {end.HostName}"),
                    ],
                    FixNow = "Raise net.netfilter.nf_conntrack_max, for good in a file of /etc/sysctl.d.",
                    Command = "sysctl -w net.netfilter.nf_conntrack_max=1000000",
                };
            }
        }
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
