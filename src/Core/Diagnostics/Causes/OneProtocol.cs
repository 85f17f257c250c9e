using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D56: what was asked with is not what counts: the image cannot ping, or the rules treat another protocol otherwise.</summary>
public sealed class OneProtocol : Cause
{
    /// <inheritdoc/>
    public override string Id => "D56";

    /// <inheritdoc/>
    public override string Code => "icmp-only";

    /// <inheritdoc/>
    public override string Title => "One protocol works, another does not";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Cosmetic;

    /// <inheritdoc/>
    public override int Step => 99;

    /// <inheritdoc/>
    public override string Why =>
        "A rule may name one protocol, and ping is a protocol of its own: it says nothing of a service. An image without ping, or a container without the "
        + "capability NET_RAW, cannot ping at all.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var (from, to) = (evidence.NameOf(evidence.From), evidence.NameOf(evidence.To));
        if (evidence.Question.Kind == "ping" && evidence.Test is { Value: null, Missing: { } missing } && CannotPing(missing))
        {
            yield return Found(Proof.Possible, evidence.From.Name, $"{from} cannot ping, which says nothing of the network.") with
            {
                For = [new("ping", missing, "answers or losses", $"inside {from}")],
                FixNow = "Ask with TCP and the port of the service.",
                FixForGood = "An image with ping, and NET_RAW among its capabilities.",
            };
        }

        if (evidence.Computed is { Unknown: null } computed && evidence.Besides is { } other && other.Allowed != computed.Allowed)
        {
            yield return Found(Proof.Proven, $"{from} to {to}",
                $"The rules {(computed.Allowed ? "allow" : "deny")} {evidence.Question.Traffic} and {(other.Allowed ? "allow" : "deny")} {other.Traffic}.") with
            {
                For =
                [
                    new(evidence.Question.Traffic, computed.Allowed ? "allowed" : "denied", "", "rules of the datastore"),
                    new(other.Traffic, other.Allowed ? "allowed" : "denied", "", "rules of the datastore"),
                ],
                Explains = false,
                FixForGood = "Nothing, where that is wanted; else a rule without a protocol, or one more rule.",
            };
        }
    }

    private static bool CannotPing(string missing) => missing.Contains("cannot be run there", StringComparison.Ordinal)
        || missing.Contains("permission denied", StringComparison.OrdinalIgnoreCase) || missing.Contains("not permitted", StringComparison.OrdinalIgnoreCase);
}
