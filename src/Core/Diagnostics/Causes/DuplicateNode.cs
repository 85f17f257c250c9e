using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D45: a shared BGP address, or two hosts of one name.</summary>
public sealed class DuplicateNode : Cause
{
    /// <inheritdoc/>
    public override string Id => "D45";

    /// <inheritdoc/>
    public override string Code => "duplicate-node";

    /// <inheritdoc/>
    public override string Title => "Two nodes have one address or one name";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 21;

    /// <inheritdoc/>
    public override string Why => "Machines that were cloned or renamed: calico-node refuses to start, or two machines write to the same keys and routes flap.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var shared in SharedNodeAddress.AllIn(evidence.Snapshot.Calico).Where(s => evidence.Ends.Any(e => s.Nodes.Contains(e.Node))))
        {
            yield return Found(Proof.Proven, shared.Address.ToString(),
                $"{string.Join(" and ", shared.Nodes.Take(3))} have one BGP address, {shared.Address}.") with
            {
                For = [new("nodes with the address", string.Join(", ", shared.Nodes.Take(5)), "one", "etcd")],
                Explains = evidence.SameHost == false,
                FixNow = SharedNodeAddress.Remedy,
            };
        }

        foreach (var end in evidence.Ends.Where(e => e.Host is not null).DistinctBy(e => e.Host!.Name))
        {
            var twin = evidence.Snapshot.Hosts.Values.FirstOrDefault(h => h.Name != end.Host!.Name && h.Info is { } info && end.Host.Info is { } own
                && (info.Name == own.Name || (info.Id == own.Id && info.Id.Length > 0)));
            if (twin is not null)
            {
                yield return Found(Proof.Proven, end.HostName,
                    $"{end.HostName} and {twin.Name} are one node to Calico: their host names or engine ids are the same.") with
                {
                    For =
                    [
                        new("names", $"{end.Host!.Info!.Name}, {twin.Info!.Name}", "different", "Docker"),
                        new("engine ids", $"{end.Host.Info.Id}, {twin.Info.Id}", "different", "Docker"),
                    ],
                    FixForGood = "Give each machine its own name, and remove /etc/docker/key.json of a clone before its engine starts.",
                };
            }
        }
    }
}
