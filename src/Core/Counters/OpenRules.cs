using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Core.Counters;

/// <summary>
/// The rules that let through what is open from one group to another. A rule counts for all that it lets through, so use can be ruled out and never proved:
/// where a rule that every packet of a kind has to meet was never hit, none of that kind came.
/// </summary>
/// <param name="Kinds">For each kind of traffic all the rules that it has to meet; none when nothing is open.</param>
/// <param name="FromNodes">The nodes of the sending group, whose kernels count rules out of endpoints.</param>
/// <param name="ToNodes">The nodes of the receiving group, whose kernels count rules into endpoints.</param>
public sealed record OpenRules(
    ImmutableArray<ImmutableArray<(RuleListKey List, int Index)>> Kinds, ImmutableArray<string> FromNodes, ImmutableArray<string> ToNodes)
{
    /// <summary>How many flows of a cell are looked at; a cell that needs more is not told.</summary>
    public const int MostFlows = 1000;

    /// <summary>The rules of a cell; null when there are too many kinds of traffic, and for addresses outside.</summary>
    /// <param name="model">The model that the matrix is of.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="from">The sending group.</param>
    /// <param name="to">The receiving group.</param>
    public static OpenRules? For(ReachabilityModel model, ReachabilityMatrix matrix, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(matrix);
        return matrix.OpenFlows(from, to, MostFlows) is { } flows
            ? new OpenRules(
                [.. flows.Select(f => Deciding(model, f)).DistinctBy(r => string.Join('\n', r.Select(s => $"{s.List} {s.Index}")), StringComparer.Ordinal)],
                [.. matrix.NodesOf(from)],
                [.. matrix.NodesOf(to)])
            : null;
    }

    /// <summary>Whether none of it was ever used.</summary>
    /// <param name="count">What is known of a rule; null when it is not stored.</param>
    public bool NeverUsed(Func<RuleListKey, int, RuleCount?> count)
    {
        ArgumentNullException.ThrowIfNull(count);
        return !Kinds.IsEmpty && Kinds.All(kind => kind.Any(rule => count(rule.List, rule.Index) is { NeverHit: true } known
            && !known.NotRead.Intersect(rule.List.Egress ? FromNodes : ToNodes, StringComparer.Ordinal).Any()));
    }

    /// <summary>The rules that a flow which is let through has to meet.</summary>
    internal static ImmutableArray<(RuleListKey List, int Index)> Deciding(ReachabilityModel model, Flow flow) =>
    [
        .. model.Explain(flow).Trace
            .Where(s => s is { RuleIndex: not null, Tier: "", Subject: TraceSubject.Policy or TraceSubject.Profile })
            .Select(s => (new RuleListKey(s.Subject == TraceSubject.Policy, s.Name, s.Direction == FlowDirection.Egress), s.RuleIndex!.Value)),
    ];
}
