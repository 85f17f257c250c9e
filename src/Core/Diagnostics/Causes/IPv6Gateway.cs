using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause ipv6-gateway: an IPv6 route that Docker cannot set.</summary>
public sealed class IPv6Gateway : StartRefusedCause
{
    /// <inheritdoc/>
    public override string Id => "D59";

    /// <inheritdoc/>
    public override string Code => "ipv6-gateway";

    /// <inheritdoc/>
    public override string Title => "The container cannot start for an IPv6 route";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 17;

    /// <inheritdoc/>
    public override string Why =>
        "With IPv6 on in the host the plugin answers with a link-local gateway that Docker 20.10 cannot set: every start of a container "
        + "fails, though IPv4 alone is wanted.";

    /// <inheritdoc/>
    protected override IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(end);
        if (Says(words, "fe80:") || (Says(words, "gateway") && Says(words, "IPv6")))
        {
            yield return Found(Proof.Proven, end.Name,
                $"{evidence.NameOf(end)} cannot start: Docker on {end.HostName} cannot set the IPv6 route of the plugin.") with
            {
                For = [Said(end)],
                FixNow = "Switch IPv6 off on the host before containers start, or make networks with --ipv6=false.",
                Command = "sysctl -w net.ipv6.conf.default.disable_ipv6=1",
            };
        }
    }
}
