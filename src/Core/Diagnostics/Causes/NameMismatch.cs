using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D20: endpoints are written under another node name than Felix reads.</summary>
public sealed class NameMismatch : Cause
{
    /// <inheritdoc/>
    public override string Id => "D20";

    /// <inheritdoc/>
    public override string Code => "name-mismatch";

    /// <inheritdoc/>
    public override string Title => "Plugin and Felix use different node names";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 20;

    /// <inheritdoc/>
    public override string Why =>
        "The plugin writes endpoints under the host's own name, and Felix reads those under its node name. Where the two differ, Felix "
        + "never hears of the endpoint: its packets end at the rule for unknown interfaces.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Container is { Container.State: "running" } && e.Host is not null).DistinctBy(e => e.Host!.Name))
        {
            var felix = end.Setup.Value?.Variable("NODENAME");
            var written = EndpointNode(evidence.Snapshot, end);
            if (written is null || felix is null || felix == written)
            {
                continue;
            }

            yield return Found(Proof.Proven, end.HostName,
                $"Felix on {end.HostName} calls itself {felix}, and the plugin writes its containers under {written}.") with
            {
                For =
                [
                    new("NODENAME of calico-node", felix, written, "environment of calico-node"),
                    new($"endpoint of {evidence.NameOf(end)}", $"under {written}", $"under {felix}", "etcd"),
                    new("name of the host", end.Host!.Info?.Name ?? "unknown", felix, "Docker"),
                ],
                FixNow = $"Deploy calico-node with the host's own name {written}; its containers need no restart.",
                FixForGood = $"Delete the node {felix} afterwards, when nothing is left under it.",
                Mend = new CauseMend.DeployNode(end.Host.Name),
            };
        }
    }

    // The join of the console is by the host's name; the endpoint's own key is the witness.
    private static string? EndpointNode(ClusterSnapshot snapshot, EndEvidence end) =>
        end.Place?.Endpoint?.Value.Id.Node ?? end.Endpoint?.Id.Node
        ?? (end.Container?.Endpoints.Select(e => e.Attachment.EndpointId).FirstOrDefault(i => i.Length > 0) is { } id
            ? snapshot.Calico.WorkloadEndpoints.Values.FirstOrDefault(e => e.Value.Id.Name == id)?.Value.Id.Node : null);
}
