using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D46: the address in etcd is not the host's.</summary>
public sealed class NodeAddressChanged : Cause
{
    /// <inheritdoc/>
    public override string Id => "D46";

    /// <inheritdoc/>
    public override string Code => "node-ip-changed";

    /// <inheritdoc/>
    public override string Title => "The node's stored address is on none of its interfaces";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 87;

    /// <inheritdoc/>
    public override string Why =>
        "BIRD uses the stored address as the source of its sessions: after a change by DHCP they stay down, the list of all hosts is wrong, "
        + "and IPIP is dropped.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e.Host is not null).DistinctBy(e => e.Host!.Name))
        {
            if (evidence.Snapshot.Calico.Nodes.GetValueOrDefault(end.Node)?.Value.IPv4 is not { } stored
                || end.Machine.Value?.Addresses is not { IsDefault: false } addresses
                || addresses.Any(a => a.Address.Address == stored.Address))
            {
                continue;
            }

            var has = addresses.Where(a => a.Interface is not ("lo" or "docker0") && !a.Interface.StartsWith("cali", StringComparison.Ordinal))
                .Select(a => $"{a.Address.Address} on {a.Interface}");
            yield return Found(Proof.Proven, end.HostName,
                $"{end.HostName} has another address than Calico knows: {stored.Address} is on none of its interfaces.") with
            {
                For = [new("BGP address of the node", stored.Address.ToString(), string.Join(", ", has.Take(4)), "etcd and the host's interfaces")],
                Explains = evidence.SameHost != true,
                FixNow = "Deploy calico-node again with the address that the host has now.",
                Mend = new CauseMend.DeployNode(end.Host!.Name),
            };
        }
    }
}
