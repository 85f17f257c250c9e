using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D51: Docker refuses the start for the name.</summary>
public sealed class StaleDockerEndpoint : StartRefusedCause
{
    /// <inheritdoc/>
    public override string Id => "D51";

    /// <inheritdoc/>
    public override string Code => "stale-docker-endpoint";

    /// <inheritdoc/>
    public override string Title => "Docker still has an endpoint of that name";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 17;

    /// <inheritdoc/>
    public override string Why => "Docker's record in the cluster store outlives the engine and the host, and the store is shared: the name blocks all hosts.";

    /// <inheritdoc/>
    protected override IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(end);
        if (EndpointNames.NetworkOf(words) is { } network)
        {
            yield return Found(Proof.Proven, end.Name, $"{evidence.NameOf(end)} cannot start: the network {network} still has an endpoint of that name.") with
            {
                For = [Said(end)],
                FixNow = "Release the endpoint that was left behind: what owns it must not run any more.",
                Command = ShellCommand.Join(["docker", "network", "disconnect", "-f", network, end.Container!.Container.Name]),
                Mend = new CauseMend.ReleaseEndpoint(end.Container.Host, network, end.Container.Container.Name),
            };
        }
    }
}
