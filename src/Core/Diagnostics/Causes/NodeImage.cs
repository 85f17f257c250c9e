using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D15: calico-node was started from an image of another major version.</summary>
public sealed class NodeImage : Cause
{
    /// <inheritdoc/>
    public override string Id => "D15";

    /// <inheritdoc/>
    public override string Code => "node-image";

    /// <inheritdoc/>
    public override string Title => "calico-node is an image without the plugin";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 11;

    /// <inheritdoc/>
    public override string Why => "Images v3 and latest carry no Docker plugin and do not read this datastore; v2.6 is the last line that does.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Standing(evidence.Snapshot).Where(f => evidence.Ends.Any(e => e.Host?.NodeName == f.Subject));
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return
        [
            .. from host in FeedNames.KnownHosts(snapshot)
               let node = host.Containers.Values.FirstOrDefault(c => c.Name == CalicoNames.NodeContainer)
               where node is not null && EngineVersion.Parse(DockerSyntax.Tag(node.Image)) is { } version && (version.Major != 2 || version.Minor != 6)
               select Found(Proof.Proven, host.NodeName, $"calico-node on {host.Name} is {node.Image}, which has no plugin for Docker") with
               {
                   For = [new("image of calico-node", node.Image, "a v2.6 image", $"the engine of {host.Name}")],
                   FixNow = "Deploy calico-node with a v2.6 image.",
                   Mend = new CauseMend.DeployNode(host.Name),
               },
        ];
    }
}
