using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D12: dockerd was started without a cluster store.</summary>
public sealed class NoClusterStore : Cause
{
    /// <inheritdoc/>
    public override string Id => "D12";

    /// <inheritdoc/>
    public override string Code => "no-cluster-store";

    /// <inheritdoc/>
    public override string Title => "Docker has no cluster store";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 13;

    /// <inheritdoc/>
    public override string Why =>
        "The calico plugin announces networks of global scope, for which Docker needs a key-value store: --cluster-store=etcd://… of "
        + "dockerd. A unit file that was edited without systemctl daemon-reload has no effect.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Standing(evidence.Snapshot).Where(f => evidence.Ends.Any(e => e.Host?.NodeName == f.Subject))
            .Select(f => f with { Explains = evidence.Ends.Any(e => e.Host?.NodeName == f.Subject && e.Endpoint is null) });
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return FeedNames.KnownHosts(snapshot)
            .Where(h => h.Info is { ClusterStore.Length: 0 } info && !EngineVersion.HasNoClusterStoreSupport(info)
                && h.Containers.Values.Any(c => c.Name == CalicoNames.NodeContainer))
            .Select(h => Found(Proof.Proven, h.NodeName, $"Docker on {h.Name} has no cluster store: no Calico network can be made or seen there") with
            {
                For = [new("cluster store", "none", "etcd://…", $"the engine of {h.Name}")],
                FixForGood = "Give dockerd --cluster-store=etcd://<address>:2379, then systemctl daemon-reload and restart docker, which stops its containers "
                    + "unless live-restore is on.",
            });
    }
}
