using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D19: a network of the calico driver with another IPAM driver, or internal.</summary>
public sealed class NetworkOptions : Cause
{
    /// <inheritdoc/>
    public override string Id => "D19";

    /// <inheritdoc/>
    public override string Code => "network-options";

    /// <inheritdoc/>
    public override string Title => "The network has not Calico's address management";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 15;

    /// <inheritdoc/>
    public override string Why => "The calico driver refuses a network whose addresses another driver gives, and options such as --internal, --ip-range "
        + "or --gateway.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return Standing(evidence.Snapshot).Where(f => evidence.Ends.Any(e => e.Container?.Container.Networks.Any(n => n.NetworkName == f.Subject) == true));
    }

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Standing(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Views.Networks.Where(n => n.IsCalico && (n.Network.IpamDriver != CalicoNames.IpamDriver || n.Network.Internal))
            .Select(n => Found(Proof.Proven, n.Network.Name, $"The network {n.Network.Name} was made with options that Calico's plugin refuses") with
            {
                For =
                [
                    new("IPAM driver", n.Network.IpamDriver, CalicoNames.IpamDriver, "Docker"),
                    new("internal", n.Network.Internal ? "yes" : "no", "no", "Docker"),
                ],
                FixForGood = "Create the network anew with driver calico, IPAM driver calico-ipam and no option but a subnet.",
            });
    }
}
