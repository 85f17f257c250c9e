using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D17: the plugin did not answer when the container was started.</summary>
public sealed class PluginSocket : StartRefusedCause
{
    /// <inheritdoc/>
    public override string Id => "D17";

    /// <inheritdoc/>
    public override string Code => "plugin-socket";

    /// <inheritdoc/>
    public override string Title => "Docker does not find the network plugin";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 17;

    /// <inheritdoc/>
    public override string Why =>
        "Docker finds the plugin by a socket in /run/docker/plugins. It is not there while calico-node is stopped or was started without "
        + "the plugin, and refuses when nobody listens behind it.";

    /// <inheritdoc/>
    protected override IEnumerable<CauseFinding> Refused(DiagnosisEvidence evidence, EndEvidence end, string words)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(end);

        if (Says(words, "plugin") && (Says(words, "not found") || Says(words, "calico.sock") || Says(words, "calico-ipam.sock"))
            && !BootDeadlock.IsOlderThanNode(end))
        {
            var off = end.Setup.Value?.Variable("CALICO_LIBNETWORK_ENABLED") is { } enabled and not "true" ? enabled : null;
            yield return Found(
                end.CalicoNode is { State: "running" } && off is null ? Proof.Probable : Proof.Proven, end.Name,
                $"{evidence.NameOf(end)} cannot start: Docker on {end.HostName} finds no plugin calico.") with
            {
                For =
                [
                    Said(end),
                    new("container calico-node", end.CalicoNode?.State ?? "none", "running", $"the engine of {end.HostName}"),
                    .. off is null ? Array.Empty<EvidenceLine>() : [new EvidenceLine("CALICO_LIBNETWORK_ENABLED", off, "true", "environment of calico-node")],
                ],
                FixNow = off is not null || end.CalicoNode is null ? "Deploy calico-node with Docker networking." : "Start calico-node, then the container.",
                Mend = off is not null || end.CalicoNode is null ? end.Host is { } host ? new CauseMend.DeployNode(host.Name) : null
                    : end.CalicoNode.State != "running" ? new CauseMend.StartContainer(end.Host!.Name, end.CalicoNode.Id)
                    : new CauseMend.StartContainer(end.Host!.Name, end.Container!.Container.Id),
            };
        }
    }
}
