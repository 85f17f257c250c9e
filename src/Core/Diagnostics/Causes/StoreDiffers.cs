using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D13: a host of the cluster does not see a network of global scope.</summary>
public sealed class StoreDiffers : Cause
{
    /// <inheritdoc/>
    public override string Id => "D13";

    /// <inheritdoc/>
    public override string Code => "store-differs";

    /// <inheritdoc/>
    public override string Title => "Docker hosts have different cluster stores";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 14;

    /// <inheritdoc/>
    public override string Why =>
        "A network of global scope is known on every host of its cluster store. A host that does not know it has another store, cannot "
        + "reach it, or has another path in its address.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Standing(evidence.Snapshot).Where(f => evidence.Ends.Any(e => e.Host?.NodeName == f.Subject))
            .Select(f => f with { Explains = evidence.Ends.Any(e => e.Host?.NodeName == f.Subject && e.Endpoint is null && e.Container is not null) });
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        DockerHostState[] hosts = [.. FeedNames.KnownHosts(snapshot).Where(h => h.Info is { ClusterStore.Length: > 0 }
            && FeedNames.Named(snapshot, FeedNames.Docker + h.Name).Any(f => f.Status == FeedStatus.Live))];
        foreach (var host in hosts)
        {
            var missing = snapshot.Views.Networks.FirstOrDefault(n => n is { IsCalico: true, Network.Scope: "global" } && n.Hosts.Any(o => o != host.Name
                && hosts.Any(x => x.Name == o && !x.LastKnownNetworks.Contains(n.Network.Id))) && !n.Hosts.Contains(host.Name));
            var other = hosts.FirstOrDefault(o => missing?.Hosts.Contains(o.Name) == true);
            if (missing is not null && other is not null && other.Info!.ClusterStore != host.Info!.ClusterStore)
            {
                yield return Found(
                    Proof.Probable, host.NodeName,
                    $"{host.Name} does not know the network {missing.Network.Name} of {other.Name}: their cluster stores differ") with
                {
                    For =
                    [
                        new($"cluster store of {host.Name}", host.Info.ClusterStore, other.Info.ClusterStore, "Docker"),
                        new($"network {missing.Network.Name}", $"known on {string.Join(", ", missing.Hosts.Take(5))}", "known on all hosts", "Docker"),
                    ],
                    FixForGood = "One list of etcd's addresses for every dockerd; where 127.0.0.1 is written, etcd or a proxy must listen there.",
                };
            }
        }
    }
}
