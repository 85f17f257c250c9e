using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D40: a host's BIRD is not there or switched off.</summary>
public sealed class BirdDown : Cause
{
    /// <inheritdoc/>
    public override string Id => "D40";

    /// <inheritdoc/>
    public override string Code => "bird-down";

    /// <inheritdoc/>
    public override string Title => "BIRD does not run";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 90;

    /// <inheritdoc/>
    public override string Why =>
        "Without BIRD a host learns no routes to the containers of others and tells none of its own: workloads of one host reach each "
        + "other, others do not.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["felix-down", "node-container"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Host is not null && e.Node.Length > 0).DistinctBy(e => e.Host!.Name))
        {
            var backend = end.Setup.Value?.Variable("CALICO_NETWORKING_BACKEND");
            var off = backend is not null and not "bird";
            if (evidence.SameHost == true || !evidence.Ends.All(e => e.Node.Length > 0) || (!off && end.Bgp.Value is not { IPv4.IsRunning: false }))
            {
                continue;
            }

            yield return Found(
                Proof.Proven, end.HostName,
                off ? $"{end.HostName} exchanges no routes with other hosts: its networking backend is {backend}."
                    : $"{end.HostName} exchanges no routes with other hosts: BIRD does not run there.") with
            {
                For =
                [
                    off ? new("CALICO_NETWORKING_BACKEND", backend!, "bird", "environment of calico-node")
                        : new("BIRD", end.Bgp.Value!.IPv4.Problem ?? "not running", "running", $"calico-node on {end.HostName}"),
                ],
                FixNow = off ? "Deploy calico-node with the backend bird." : "Restart calico-node; if BIRD ends again, its log names what is wrong.",
                Command = off ? "" : "docker restart calico-node",
                Mend = off ? new CauseMend.DeployNode(end.Host!.Name)
                    : end.CalicoNode is { } node ? new CauseMend.RestartContainer(end.Host!.Name, node.Id) : null,
            };
        }
    }
}
