using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D42: no mesh and no peers.</summary>
public sealed class NoPeers : Cause
{
    /// <inheritdoc/>
    public override string Id => "D42";

    /// <inheritdoc/>
    public override string Code => "no-peers";

    /// <inheritdoc/>
    public override string Title => "The mesh is off and the node has no peers";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 91;

    /// <inheritdoc/>
    public override string Why =>
        "With the node-to-node mesh off, nodes exchange routes with the peers alone that somebody gave them. A plain iBGP peer passes no "
        + "routes on: only a route reflector replaces the mesh.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.SameHost != false ? [] : Standing(evidence.Snapshot).Where(f => evidence.Ends.Any(e => e.Node == f.Subject));
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var peers = snapshot.Calico.BgpPeers.Values.Select(p => p.Value).ToArray();
        if (snapshot.Calico.Configuration.NodeToNodeMesh != false || snapshot.Calico.Nodes.Count < 2 || peers.Any(p => p.Node is null))
        {
            return [];
        }

        return snapshot.Calico.Nodes.Values.Select(n => n.Value).Where(n => n.IPv4 is not null && !peers.Any(p => p.Node == n.Name))
            .Select(n => Found(Proof.Proven, n.Name, $"{n.Name} exchanges routes with nobody: the node-to-node mesh is off and it has no BGP peer") with
            {
                For =
                [
                    new("node-to-node mesh", "off", "on, or peers", "etcd"),
                    new($"peers of {n.Name}", "none", "a route reflector", "etcd"),
                ],
                FixNow = "Turn the mesh on, or give every node a peer that reflects routes.",
                Command = "calicoctl config set nodeToNodeMesh on",
                Mend = new CauseMend.SetMesh(),
            });
    }
}
