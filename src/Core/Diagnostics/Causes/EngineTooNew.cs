using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D11: the engine is 23.0 or newer.</summary>
public sealed class EngineTooNew : Cause
{
    /// <inheritdoc/>
    public override string Id => "D11";

    /// <inheritdoc/>
    public override string Code => "docker-too-new";

    /// <inheritdoc/>
    public override string Title => "This Docker knows no cluster store";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 12;

    /// <inheritdoc/>
    public override string Why =>
        "From 23.0 on Docker has no external cluster store, and the plugin of Calico v2.6 needs one: its networks would be known on one "
        + "host alone.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Standing(evidence.Snapshot).Where(f => evidence.Ends.Any(e => e.Host?.NodeName == f.Subject))
            .Select(f => f with { Explains = evidence.Ends.Any(e => e.Host?.NodeName == f.Subject && e.StartError.Length > 0) });
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return FeedNames.KnownHosts(snapshot).Where(h => h.Info is { } info && EngineVersion.HasNoClusterStoreSupport(info))
            .Select(h => Found(Proof.Proven, h.NodeName, $"Docker {h.Info!.ServerVersion} on {h.Name} knows no cluster store, which Calico v2.6 needs") with
            {
                For = [new("Docker", h.Info.ServerVersion, "18.06 to 20.10", $"the engine of {h.Name}")],
                FixForGood = "Docker 18.06 to 20.10 on that host.",
            });
    }
}
