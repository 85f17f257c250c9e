using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D50: a second endpoint has the address.</summary>
public sealed class StaleEndpoint : Cause
{
    /// <inheritdoc/>
    public override string Id => "D50";

    /// <inheritdoc/>
    public override string Code => "stale-endpoint";

    /// <inheritdoc/>
    public override string Title => "Two endpoints claim one address";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 18;

    /// <inheritdoc/>
    public override string Why =>
        "An endpoint that was left behind still stands under its address: two hosts, or two interfaces, claim it, and routes and neighbours "
        + "of the wrong one win.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Endpoint is not null))
        {
            WorkloadEndpoint[] others = [.. evidence.Snapshot.Calico.WorkloadEndpoints.Values.Select(e => e.Value)
                .Where(e => e.Id != end.Endpoint!.Id && e.IPv4Nets.Any(n => n.Address == end.Address)).Take(3)];
            if (others is not [var other, ..])
            {
                continue;
            }

            var stale = LeftBehindEndpoints.Find(evidence.Snapshot).FirstOrDefault(e => e.Id == other.Id);
            yield return Found(Proof.Proven, end.Address.ToString(), $"Two endpoints claim {end.Address}, the address of {evidence.NameOf(end)}.") with
            {
                For =
                [
                    new("endpoint asked about", FlowEnds.NameOf(end.Endpoint!.Id), "the only one", "etcd"),
                    new("another one", $"{FlowEnds.NameOf(other.Id)}{(stale is null ? "" : ", whose container does not run")}", "none", "etcd"),
                ],
                FixNow = stale is not null ? "Delete the endpoint that was left behind; the address stays with the one that runs."
                    : "Give one of the two another address.",
                Mend = stale is not null ? new CauseMend.DeleteEndpoint(stale.Id) : null,
            };
        }
    }
}
