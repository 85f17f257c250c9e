using System.Globalization;
using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D34: the container's own counters show that it drops.</summary>
public sealed class InsideContainer : Cause
{
    /// <inheritdoc/>
    public override string Id => "D34";

    /// <inheritdoc/>
    public override string Code => "inside-container";

    /// <inheritdoc/>
    public override string Title => "Something inside of the container drops it";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 74;

    /// <inheritdoc/>
    public override string Why =>
        "Frames with the right MAC reach the container's IP and are not handed up: the image has a firewall of its own, or its reverse path "
        + "check drops what came by an interface that is not its way back.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["wrong-default-route"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends)
        {
            if (end.OwnHost.Value is not { Reached: false, Sent: > 0 } || end.Grown(i => i.InReceives) is not >= 2 || end.Grown(i => i.InDelivers) is not 0)
            {
                continue;
            }

            var filtered = end.Grown(i => i.ReversePathDrops) is >= 2;
            yield return Found(
                Proof.Proven, end.Name,
                filtered ? $"{evidence.NameOf(end)} drops what it receives: its reverse path check expects the packets by another interface."
                    : $"{evidence.NameOf(end)} drops what it receives: packets reach its IP and a firewall inside of it keeps them.") with
            {
                For =
                [
                    new("packets that reached its IP during 3 pings", Number(end.Grown(i => i.InReceives)), "", "counters in the container"),
                    new("packets that were handed up", "0", Number(end.Grown(i => i.InReceives)), "counters in the container"),
                    new("dropped by its reverse path check", Number(end.Grown(i => i.ReversePathDrops)), "0", "counters in the container"),
                ],
                FixNow = filtered ? "Make Calico's interface its default route, or set rp_filter to 2 inside."
                    : "Change the rules in the image or the container.",
            };
        }
    }

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
}
