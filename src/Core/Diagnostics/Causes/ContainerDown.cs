using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D09: one of the ends is a container that does not run.</summary>
public sealed class ContainerDown : Cause
{
    /// <inheritdoc/>
    public override string Id => "D09";

    /// <inheritdoc/>
    public override string Code => "container-down";

    /// <inheritdoc/>
    public override string Title => "The container does not run";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 10;

    /// <inheritdoc/>
    public override string Why => "There is nothing that could answer: it is stopped, paused or restarting.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["auto-ip-broken", "no-cluster-store", "store-differs", "network-options", "docker-too-new",
        "swarm-conflict", "plugin-socket", "boot-deadlock",
        "ip-in-use", "ip-exhausted", "no-pool", "pool-disabled", "ip-outside", "stale-docker-endpoint", "ipv6-gateway", "felix-down"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends)
        {
            if (end.Container is not { Container: { State: not "running" } container } view)
            {
                continue;
            }

            yield return Found(Proof.Proven, end.Name, $"{evidence.NameOf(end)} is {container.State}: there is nothing to answer.") with
            {
                For =
                [
                    new("state", container.State, "running", $"the engine of {view.Host}"),
                    .. end.StartError.Length > 0 ? [new EvidenceLine("Docker says", end.StartError, "", $"the engine of {view.Host}")]
                        : Array.Empty<EvidenceLine>(),
                ],
                FixNow = container.State == "paused" ? "Let it go on." : "Start it.",
                Command = ShellCommand.Join(["docker", container.State == "paused" ? "unpause" : "start", container.Name]),
                Mend = container.State == "paused" ? new CauseMend.UnpauseContainer(view.Host, container.Id) : new CauseMend.StartContainer(view.Host,
                    container.Id),
            };
        }
    }
}
