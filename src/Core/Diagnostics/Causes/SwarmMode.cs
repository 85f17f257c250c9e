using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D14: the engine is in swarm mode.</summary>
public sealed class SwarmMode : Cause
{
    /// <inheritdoc/>
    public override string Id => "D14";

    /// <inheritdoc/>
    public override string Code => "swarm-conflict";

    /// <inheritdoc/>
    public override string Title => "Docker is in swarm mode";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 13;

    /// <inheritdoc/>
    public override string Why =>
        "Swarm mode takes over the networks of all hosts and serves no network plugin of the old kind: it and a cluster store exclude each other.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.DistinctBy(e => e.HostName))
        {
            if (end.Host?.Info?.SwarmState is not ("active" or "pending") || end.Host.Info.SwarmState is not { } state)
            {
                continue;
            }

            yield return Found(Proof.Proven, end.HostName, $"Docker on {end.HostName} is in swarm mode, which serves no Calico network.") with
            {
                For =
                [
                    new("swarm mode", state, "inactive", $"the engine of {end.HostName}"),
                    .. end.StartError.Length > 0
                        ? [new EvidenceLine("Docker's words about the last start", end.StartError, "", $"the engine of {end.HostName}")]
                        : Array.Empty<EvidenceLine>(),
                ],
                Explains = end.StartError.Length > 0,
                FixNow = $"Take {end.HostName} out of the swarm: services and overlay networks that the swarm has on this host go.",
                Command = "docker swarm leave --force",
            };
        }
    }
}
