using CalicoConsole.Core.Diagnostics.Evidence;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D06: the host cannot answer the container's question for its gateway.</summary>
public sealed class ProxyArpOff : Cause
{
    /// <inheritdoc/>
    public override string Id => "D06";

    /// <inheritdoc/>
    public override string Code => "proxy-arp-off";

    /// <inheritdoc/>
    public override string Title => "The host does not answer for 169.254.1.1";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 66;

    /// <inheritdoc/>
    public override string Why =>
        "A container asks by ARP for its gateway 169.254.1.1, and the host answers for it by proxy ARP: only while proxy_arp is on, its "
        + "delay is 0, and the host has a route to that address by another interface.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["interface-prefix", "felix-down", "rpf-loose", "felix-behind", "name-mismatch"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e is { Host: not null, Interface.Length: > 0 } && e.Machine.Value is not null))
        {
            var machine = end.Machine.Value!;
            var lines = new List<EvidenceLine>();
            if (machine.GatewayRoute is { } route && (!route.GoesOn || route.Interface == end.Interface))
            {
                lines.Add(new("route to 169.254.1.1", route.Text, "by another interface, such as the default route", $"routes of {end.HostName}"));
            }

            if (machine.Parameter($"ipv4/neigh/{end.Interface}/proxy_delay") is { } delay and not "0")
            {
                lines.Add(new($"proxy_delay of {end.Interface}", delay, "0", $"kernel of {end.HostName}"));
            }

            if (machine.Parameter($"ipv4/conf/{end.Interface}/proxy_arp") == "0")
            {
                lines.Add(new($"proxy_arp of {end.Interface}", "0", "1", $"kernel of {end.HostName}"));
            }

            var silent = (end.InsideAfterLocal.Value ?? end.Inside.Value)?.GatewayMac is "00:00:00:00:00:00";
            if (lines.Count == 0)
            {
                continue;
            }

            yield return Found(
                silent ? Proof.Proven : Proof.Probable, end.Name,
                $"{evidence.NameOf(end)} gets no answer when it asks for its gateway 169.254.1.1, so it can send nothing.") with
            {
                For =
                [
                    .. silent ? [new EvidenceLine("169.254.1.1 in the container's ARP table", "not answered", "the host's MAC", "inside the container")]
                        : Array.Empty<EvidenceLine>(),
                    .. lines,
                ],
                Against = silent ? [] : ["the container's own ARP table does not show that the question went unanswered"],
                FixNow = lines.Any(l => l.What.StartsWith("route", StringComparison.Ordinal))
                    ? $"Give {end.HostName} a default route, or a route to 169.254.1.1 by its uplink."
                    : "Restart calico-node: Felix sets both again.",
                Command = lines.Any(l => l.What.StartsWith("route", StringComparison.Ordinal)) ? "ip route add 169.254.1.1/32 dev <uplink>"
                    : "docker restart calico-node",
            };
        }
    }
}
