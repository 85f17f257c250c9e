using System.Globalization;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Base of the causes that the rules themselves give: the computed verdict denies, and its deciding step tells them apart.</summary>
public abstract class RulesDenyCause : Cause
{
    /// <inheritdoc/>
    public override int Step => 50;

    /// <inheritdoc/>
    public override IEnumerable<CauseFinding> Judge(DiagnosisEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        // What was measured goes before what was computed: rules that deny and a packet that arrives are no cause but an alarm of their own.
        return evidence.Computed is { Allowed: false, Unknown: null } verdict && verdict.Trace.LastOrDefault(s => s.Outcome == TraceOutcome.Denied) is { } step
            && IsMine(evidence, step) && evidence.Test.Value is not { Answered: > 0 }
            ? [Denied(evidence, verdict, step)]
            : [];
    }

    /// <summary>Whether the deciding step is of this cause.</summary>
    protected abstract bool IsMine(DiagnosisEvidence evidence, TraceStep step);

    /// <summary>The headline of a verdict that a step decided.</summary>
    protected abstract string Headline(DiagnosisEvidence evidence, TraceStep step);

    /// <summary>The change that mends it.</summary>
    protected virtual CauseMend? MendFor(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return new CauseMend.AllowByRule(evidence.From.Name, evidence.To.Name, evidence.Question.Kind, evidence.Question.Port);
    }

    /// <summary>What the change is, in words.</summary>
    protected virtual string Fix => "Allow it by a rule: Reachability suggests the smallest ones and shows who else would gain access. A rule can be "
        + "taken out again.";

    /// <summary>The end whose rules decided.</summary>
    protected static EndEvidence Side(DiagnosisEvidence evidence, TraceStep step)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(step);
        return step.Direction == FlowDirection.Egress ? evidence.From : evidence.To;
    }

    private CauseFinding Denied(DiagnosisEvidence evidence, Verdict verdict, TraceStep step)
    {
        var side = Side(evidence, step);
        var drops = Drops(side);
        return Found(evidence.Failed ? Proof.Proven : Proof.Probable, side.Name, Headline(evidence, step)) with
        {
            For =
            [
                new("what the rules say", $"{evidence.Question.Traffic} from {evidence.NameOf(evidence.From)} to {evidence.NameOf(evidence.To)} is "
                    + $"denied {Where(evidence, step)}",
                    "allowed", "rules of the datastore"),
                .. verdict.NearMisses.Take(1).Select(m => new EvidenceLine(
                    "closest rule", string.Create(CultureInfo.InvariantCulture,
                        $"rule {m.RuleIndex + 1} of {m.Name}, but {string.Join(" and ", m.Failed.Select(f => f.Reason))}"),
                    "", "rules of the datastore")),
                .. drops.Take(1).Select(d => new EvidenceLine(
                    "packets dropped during the test", string.Create(CultureInfo.InvariantCulture,
                        $"{Counted.Format((int)d.Grown, "packet")} in chain {d.Rule.Chain}"), "none",
                    $"iptables of {side.HostName}")),
                .. evidence.Failed ? [new EvidenceLine("test", evidence.Test.Value!.Said, "answered", $"inside {evidence.NameOf(evidence.From)}")]
                    : Array.Empty<EvidenceLine>(),
            ],
            Against = evidence.Test.Value is null ? [$"it was not tried: {evidence.Test.Missing}"] : [],
            FixNow = Fix,
            Mend = MendFor(evidence, step),
        };
    }

    private static IEnumerable<(CountedRule Rule, long Grown)> Drops(EndEvidence side) =>
        side.Rules.Value is { } before && side.RulesAfter.Value is { } after
            ? after.DroppedSince(before, 1).Where(d => d.Rule.IsFelix && side.Interface.Length > 0 && d.Rule.Chain.EndsWith(side.Interface,
                StringComparison.Ordinal))
            : [];

    private static string Where(DiagnosisEvidence evidence, TraceStep step)
    {
        var side = evidence.NameOf(Side(evidence, step));
        var way = step.Direction == FlowDirection.Egress ? $"out of {side}" : $"into {side}";
        return step switch
        {
            { Subject: TraceSubject.Policy, RuleIndex: { } index } => string.Create(CultureInfo.InvariantCulture,
                $"{way}: rule {index + 1} of policy {step.Name} denies"),
            { Subject: TraceSubject.Profile, RuleIndex: { } index } => string.Create(CultureInfo.InvariantCulture,
                $"{way}: rule {index + 1} of profile {step.Name} denies"),
            { Reason: { } reason } => $"{way}: {reason}",
            _ => way,
        };
    }
}
