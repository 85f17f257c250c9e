using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Cause D35: a rule that is not Felix's counts the packets of the test, or packets to the host are denied by configuration.</summary>
public sealed class HostActionDenies : Cause
{
    /// <inheritdoc/>
    public override string Id => "D35";

    /// <inheritdoc/>
    public override string Code => "host-firewall";

    /// <inheritdoc/>
    public override string Title => "The host's own firewall drops it";

    /// <inheritdoc/>
    public override CauseImpact Impact => CauseImpact.Partial;

    /// <inheritdoc/>
    public override int Step => 80;

    /// <inheritdoc/>
    public override string Why =>
        "Felix puts its jump first and accepts what its rules allow, unless ChainInsertMode is append or another tool put rules above. What "
        + "a container sends to its own host goes by DefaultEndpointToHostAction and then by the host's INPUT.";

    private static readonly string[] BuiltIn = ["FORWARD", "INPUT"];

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (evidence.Computed?.Trace.LastOrDefault(s => s.Outcome == TraceOutcome.Denied) is { Subject: TraceSubject.EndpointToHost } step
            && !evidence.Computed.Allowed
            && evidence.Test.Value is not { Answered: > 0 })
        {
            yield return Found(
                evidence.Failed ? Proof.Proven : Proof.Probable, evidence.From.HostName,
                $"{evidence.NameOf(evidence.From)} may not talk to its own host: {step.Reason}.") with
            {
                For = [new("what counts for packets to the host", step.Reason ?? "denied", "RETURN or ACCEPT", "configuration of Felix")],
                FixNow = $"Set DefaultEndpointToHostAction of {evidence.From.Node} to RETURN, as calico-node does: the host's own INPUT decides then.",
                Mend = new CauseMend.SetFelix(evidence.From.Node, "DefaultEndpointToHostAction", "RETURN"),
            };
        }

        // Both ends' machines may be one: its rules are read once.
        foreach (var end in evidence.Ends.Where(e => e.Host is not null).DistinctBy(e => e.Host!.Name))
        {
            if (!evidence.Failed || end.Rules.Value is not { } before || end.RulesAfter.Value is not { } after)
            {
                continue;
            }

            var least = Math.Max(1, evidence.Test.Value!.Sent);
            var foreign = after.DroppedSince(before, least).FirstOrDefault(d => !d.Rule.IsFelix);
            var chain = BuiltIn.FirstOrDefault(c => after.DefaultDropsSince(before, c) >= least);
            if (foreign.Rule is null && chain is null)
            {
                continue;
            }

            yield return Found(Proof.Proven, end.HostName,
                $"The firewall of {end.HostName} drops it, not Calico: the packets end in {foreign.Rule?.Chain ?? chain}.") with
            {
                For =
                [
                    foreign.Rule is { } rule
                        ? new("rule that dropped", $"{rule.Text} ({Counted.Format((int)foreign.Grown, "packet")} more during the test)", "none",
                            $"iptables of {end.HostName}")
                        : new($"default of {chain}", $"DROP ({Counted.Format((int)after.DefaultDropsSince(before, chain!), "packet")} more during the test)",
                            "not reached",
                            $"iptables of {end.HostName}"),
                ],
                FixNow = "Let the pool's addresses through in that firewall (firewalld: put cali+ into a zone that accepts; ufw: allow routed), or set "
                    + "ChainInsertMode to insert.",
            };
        }
    }
}
