using System.Globalization;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>What is odd about stored rules, whoever has them: looked at in the rules alone, without any endpoint. Pure.</summary>
public static class RuleLint
{
    /// <summary>Rules that can never match, since earlier ones of the same list take all that they would; policies first, each kind by name.</summary>
    public static ImmutableArray<ReachabilityWarning> Shadowed(CalicoState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var model = new ReachabilityModel(new ReachabilityInput());
        return
        [
            .. state.Policies.Values.Select(p => p.Value).OrderBy(p => p.Name, StringComparer.Ordinal)
                .SelectMany(p => Shadowed(model, ResourceId.From(p), p.Ingress, p.Egress)),
            .. state.Profiles.Values.Select(p => p.Value).OrderBy(p => p.Name, StringComparer.Ordinal)
                .SelectMany(p => Shadowed(model, ResourceId.From(p), p.Ingress, p.Egress)),
        ];
    }

    /// <summary>
    /// The directions, <c>ingress</c> and <c>egress</c>, in which a policy has rules that only log: it lets nothing through there, since what no rule decides
    /// is dropped behind a policy.
    /// </summary>
    public static ImmutableArray<string> OnlyLogs(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return
        [
            .. new[] { ("ingress", policy.Ingress), ("egress", policy.Egress) }
                .Where(d => PolicyViews.Governs(policy, d.Item1) && d.Item2.Length > 0 && d.Item2.All(r => r.Action == "log")).Select(d => d.Item1),
        ];
    }

    /// <summary>Rules of one resource that can never match.</summary>
    internal static IEnumerable<ReachabilityWarning> Shadowed(ReachabilityModel model, ResourceId id, ImmutableArray<Rule> ingress,
        ImmutableArray<Rule> egress) =>
        from list in new[] { (Rules: ingress, Field: "spec.ingress"), (Rules: egress, Field: "spec.egress") }
        from index in Enumerable.Range(0, list.Rules.Length)
        where FelixRuleCheck.Problem(list.Rules[index]) is null
        let earlier = RuleShadow.By(model, list.Rules, index)
        where earlier is not null
        select new ReachabilityWarning(ReachabilityWarningKind.Shadowed, id, string.Create(CultureInfo.InvariantCulture, $"{list.Field}[{index}]"),
            $"The rule can never match: {earlier} before it {(IsSeveral(earlier) ? "take" : "takes")} all that it would.");

    private static bool IsSeveral(string rules) => rules.Contains(',', StringComparison.Ordinal) || rules.Contains(" and ", StringComparison.Ordinal);
}
