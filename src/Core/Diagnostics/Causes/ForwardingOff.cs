using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D37: forwarding is off on an interface of the way.</summary>
public sealed class ForwardingOff : Cause
{
    /// <inheritdoc/>
    public override string Id => "D37";

    /// <inheritdoc/>
    public override string Code => "ip-forward";

    /// <inheritdoc/>
    public override string Title => "The host does not forward";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 68;

    /// <inheritdoc/>
    public override string Why =>
        "ip_forward set to 0 also clears forwarding of every interface. Felix sets it back on the interfaces of containers alone: what "
        + "enters by the uplink dies. The setting of the interface where a packet comes in decides.";

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e is { IsWorkload: true, Machine.Value: not null }).DistinctBy(e => e.HostName))
        {
            var machine = end.Machine.Value!;
            var uplink = evidence.LeavesHost && machine.PeerRoute is { GoesOn: true } route ? route.Interface : "";
            EvidenceLine[] off =
            [
                .. new[] { "ipv4/ip_forward", $"ipv4/conf/{end.Interface}/forwarding", $"ipv4/conf/{uplink}/forwarding" }.Where(p =>
                    machine.Parameter(p) == "0")
                    .Select(p => new EvidenceLine($"net.{p.Replace('/', '.')}", "0", "1", $"kernel of {end.HostName}")),
            ];
            if (off.Length == 0 || !evidence.IsForwarded)
            {
                continue;
            }

            // ip_forward alone says what new interfaces begin with: those of the way decide.
            var decides = off.Any(l => l.What.StartsWith("net.ipv4.conf", StringComparison.Ordinal));
            yield return Found(decides ? Proof.Proven : Proof.Possible, end.HostName,
                $"{end.HostName} does not forward packets: forwarding is off in its kernel.") with
            {
                For = [.. off],
                Explains = decides,
                FixNow = $"Set net.ipv4.ip_forward=1 on {end.HostName}, for good in a file of /etc/sysctl.d; deploying calico-node sets it once.",
                Command = "sysctl -w net.ipv4.ip_forward=1",
                Mend = end.Host is { } host ? new CauseMend.DeployNode(host.Name) : null,
            };
        }
    }
}
