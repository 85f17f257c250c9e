using System.Globalization;
using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D39: the host's strict reverse path check drops what comes by another interface than its own best way back.</summary>
public sealed class UplinkReversePath : Cause
{
    /// <inheritdoc/>
    public override string Id => "D39";

    /// <inheritdoc/>
    public override string Code => "uplink-rpf";

    /// <inheritdoc/>
    public override string Title => "A strict reverse path filter on an uplink";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 88;

    /// <inheritdoc/>
    public override string Why =>
        "With several uplinks a packet may arrive by one that is not the host's best way back to its sender. A strict filter (rp_filter 1) drops it before "
        + "any rule sees it; often it works one way only, or once the other side has begun.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["remote-route-missing"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Host is not null).DistinctBy(e => e.HostName))
        {
            if (!evidence.Failed || evidence.SameHost != false || end.Machine.Value is not { ReversePathDrops: { } before } machine
                || end.MachineAfter.Value?.ReversePathDrops is not { } after || after - before < Math.Max(1, evidence.Test.Value!.Sent - 1))
            {
                continue;
            }

            string[] strict = [.. machine.Parameters.Where(p => p.Key.EndsWith("/rp_filter", StringComparison.Ordinal) && p.Value == "1"
                && !p.Key.Contains("/cali", StringComparison.Ordinal)).Select(p => p.Key.Split('/')[2]).Where(n => n != "default")];
            yield return Found(strict.Length > 0 ? Proof.Proven : Proof.Probable, end.HostName,
                $"{end.HostName} drops the packets: they come by an interface that is not its own way back to the sender.") with
            {
                For =
                [
                    new("dropped by the reverse path check during the test", (after - before).ToString(CultureInfo.InvariantCulture), "0",
                        $"counters of {end.HostName}"),
                    new("strict on", strict.Length > 0 ? string.Join(", ", strict) : "not known", "only where there is one way", $"kernel of {end.HostName}"),
                    .. machine.PeerRoute is { } route
                        ? [new EvidenceLine($"its way to {evidence.Other(end).Address}", route.Text, "", $"routes of {end.HostName}")]
                        : Array.Empty<EvidenceLine>(),
                ],
                Against = strict.Length > 0 ? [] : ["no interface with a strict filter was seen"],
                FixNow = "Make the routes symmetric, or loosen the filter (2) on that one uplink; never on all, which Felix refuses.",
                Command = "sysctl -w net.ipv4.conf.<uplink>.rp_filter=2",
            };
        }
    }
}
