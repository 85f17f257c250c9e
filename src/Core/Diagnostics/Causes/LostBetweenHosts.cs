using System.Globalization;
using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D47: counters of both hosts show that packets leave and do not arrive.</summary>
public sealed class LostBetweenHosts : Cause
{
    /// <inheritdoc/>
    public override string Id => "D47";

    /// <inheritdoc/>
    public override string Code => "ipip-blocked";

    /// <inheritdoc/>
    public override string Title => "Packets are lost between the hosts";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 96;

    /// <inheritdoc/>
    public override string Why =>
        "Routes and sessions are right, and packets that leave one uplink do not arrive at the other. With IPIP the network filters IP "
        + "protocol 4; without it, it drops senders that it does not know (clouds, OpenStack port security, virtual switches).";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["ipip-mode", "remote-route-missing", "bgp-down", "mac-mismatch"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var (from, to) = (evidence.From, evidence.To);
        if (!evidence.Failed || evidence.SameHost != false || !to.IsWorkload || evidence.Test.Value!.Sent == 0
            || from.GrownOnHost(from.Interface, c => c.Received) is not { } left || left < evidence.Test.Value.Sent
            || from.Machine.Value?.PeerRoute is not { GoesOn: true } route || to.GrownOnHost(to.Interface, c => c.Sent) is not { } arrived || arrived > 1
            || Dropped(from) || Dropped(to))
        {
            yield break;
        }

        yield return Found(Proof.Possible, $"{from.HostName} and {to.HostName}",
            $"Packets leave {from.HostName} and do not reach {evidence.NameOf(to)} on {to.HostName}: "
            + "the network between the hosts loses them.") with
        {
            For =
            [
                new($"packets that came from {evidence.NameOf(from)}", Number(left), "", $"{from.Interface} on {from.HostName}"),
                new("sent on", route.Text, "", $"routes of {from.HostName}"),
                new($"packets that went to {evidence.NameOf(to)}", Number(arrived), Number(left), $"{to.Interface} on {to.HostName}"),
            ],
            Against = ["nothing was captured on the uplinks, so where they are lost is not proven"],
            FixNow = "With IPIP, allow IP protocol 4 between the hosts; without it, switch off the check of sender addresses (allowed address pairs in "
                + "OpenStack).",
        };
    }

    private static bool Dropped(EndEvidence end) => end.Rules.Value is { } before && end.RulesAfter.Value is { } after && after.DroppedSince(before, 1).Any();

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
