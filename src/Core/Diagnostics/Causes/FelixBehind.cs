using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D05: the endpoint's interface is there and Felix's part of it is not.</summary>
public sealed class FelixBehind : Cause
{
    /// <inheritdoc/>
    public override string Id => "D05";

    /// <inheritdoc/>
    public override string Code => "felix-behind";

    /// <inheritdoc/>
    public override string Title => "Felix runs and has not programmed this endpoint";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Outage;

    /// <inheritdoc/>
    public override int Step => 64;

    /// <inheritdoc/>
    public override string Why =>
        "Felix has lost its watch of etcd, waits for the lock of iptables, or logs an error for this endpoint: the chain, the route or the "
        + "settings of the interface are not there.";

    /// <inheritdoc/>
    public override ImmutableArray<string> EffectOf => ["interface-prefix", "felix-down", "rpf-loose", "name-mismatch", "felix-cannot-program"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        foreach (var end in evidence.Ends.Where(e => e is { Endpoint: not null, Host: not null, Interface.Length: > 0 }))
        {
            var chains = end.Rules.Value?.Rules.Any(r => r.Chain == $"cali-tw-{end.Interface}");
            var answers = end.Machine.Value?.Parameter($"ipv4/conf/{end.Interface}/proxy_arp");
            if (end.CalicoNode is not { State: "running" } node || end.FelixRuns == false || end.Machine.Value?.Has(end.Interface) != true
                || (chains != false && answers is not "0"))
            {
                continue;
            }

            yield return Found(Proof.Proven, end.Name, $"Felix on {end.HostName} has not set up {evidence.NameOf(end)}: it is cut off until Felix does.") with
            {
                For =
                [
                    .. chains == false
                        ? [new EvidenceLine($"chain cali-tw-{end.Interface}", "not there", "there", $"iptables of {end.HostName}")]
                        : Array.Empty<EvidenceLine>(),
                    .. answers == "0"
                        ? [new EvidenceLine($"proxy_arp of {end.Interface}", "0", "1", $"kernel of {end.HostName}")]
                        : Array.Empty<EvidenceLine>(),
                    .. end.FelixLog.Value?.LastError(end.Interface) is { } said
                        ? [new EvidenceLine("Felix says", said, "", $"log of Felix on {end.HostName}")]
                        : Array.Empty<EvidenceLine>(),
                ],
                FixNow = "Restart calico-node, which programs everything anew; what is programmed stays meanwhile.",
                Command = ShellCommand.Join(["docker", "exec", CalicoNames.NodeContainer, "sv", "restart", "/etc/service/enabled/felix"]),
                Mend = new CauseMend.RestartContainer(end.Host!.Name, node.Id),
            };
        }
    }
}
