using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D44: the node's BGP address is a bridge's.</summary>
public sealed class NodeAddressWrong : Cause
{
    /// <inheritdoc/>
    public override string Id => "D44";

    /// <inheritdoc/>
    public override string Code => "node-ip-wrong";

    /// <inheritdoc/>
    public override string Title => "The node told its peers an address of a bridge";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 88;

    /// <inheritdoc/>
    public override string Why =>
        "Autodetection takes the first address that it finds and skips docker0 and the like, but not the br-… bridges of Docker's networks "
        + "nor networks behind NAT: peers then dial an address that leads nowhere.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Host is not null).DistinctBy(e => e.Host!.Name))
        {
            if (evidence.Snapshot.Calico.Nodes.GetValueOrDefault(end.Node)?.Value.IPv4 is not { } stored
                || end.Machine.Value?.Addresses is not { IsDefault: false } addresses)
            {
                continue;
            }

            var owner = addresses.FirstOrDefault(a => a.Address.Address == stored.Address).Interface;
            if (owner is not null && (owner.StartsWith("br-", StringComparison.Ordinal) || owner.StartsWith("docker", StringComparison.Ordinal)
                || owner.StartsWith("virbr", StringComparison.Ordinal)))
            {
                yield return Found(Proof.Probable, end.HostName, $"{end.HostName} tells its peers {stored.Address}, an address of the bridge {owner}.") with
                {
                    For = [new("BGP address of the node", $"{stored.Address} on {owner}", "an address that the other hosts reach", "etcd and the host")],
                    Explains = evidence.SameHost == false,
                    FixNow = "Deploy calico-node with the address that the other hosts reach.",
                    Mend = new CauseMend.DeployNode(end.Host!.Name),
                };
            }
        }
    }
}
