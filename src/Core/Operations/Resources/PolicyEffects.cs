using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>What follows from writing a policy for the endpoints that it selects, in sentences for the review.</summary>
internal static class PolicyEffects
{
    public static Effects OfWriting(Policy policy, CalicoState state)
    {
        if (!Selector.TryParse(policy.Selector, out var selector, out _))
        {
            return Effects.None;
        }

        var classes = EndpointClasses.From(state);
        var (workloads, hosts) = (classes.Workloads(selector), classes.HostEndpoints(selector));
        var onlyHosts = policy.DoNotTrack || policy.PreDnat;
        var directions = Directions(policy);
        var said = onlyHosts
            ? $"It governs {Counted.Format(hosts, "host endpoint")} at present; workload endpoints are not touched by "
                + $"{(policy.PreDnat ? "preDNAT" : "doNotTrack")} policies."
            : $"It governs {Counted.Format(workloads, "workload endpoint")} and {Counted.Format(hosts, "host endpoint")} at present; there, profiles count no "
                + $"longer for {string.Join(" and ", directions)} unless a rule passes.";
        return new()
        {
            Consequences = [said],
            Warnings = onlyHosts || workloads + hosts == 0
                ? []
                : [.. directions.Where(d => RulesOf(policy, d).IsDefaultOrEmpty).Select(d => WithoutRules(state, classes, policy, selector, d, hosts > 0))],
        };
    }

    /// <summary>
    /// What a policy does in a direction that it governs and has no rules for: it decides nothing, and the packet goes on to the next policy; but a direction
    /// that any policy
    /// governs ends in a drop, and profiles count no longer (docs/calico-v1.md#how-felix-decides).
    /// </summary>
    private static string WithoutRules(CalicoState state, EndpointClasses classes, Policy policy, Selector selector, string direction, bool hosts)
    {
        Selector[] others =
        [
            .. state.Policies.Values.Select(p => p.Value)
                .Where(p => p.Name != policy.Name && !p.DoNotTrack && !p.PreDnat && PolicyViews.Governs(p, direction) && !RulesOf(p, direction).IsDefaultOrEmpty
                    && PolicyViews.Rejected(p) is null)
                .Select(p => Selector.TryParse(p.Selector, out var other, out _) ? other : null).OfType<Selector>(),
        ];
        var all = classes.Count(selector.Matches);
        var decided = classes.Count(l => selector.Matches(l) && others.Any(o => o.Matches(l)));
        var failsafe = hosts ? " (at host endpoints all but the failsafe ports)" : "";
        return (all - decided, decided) switch
        {
            (var dropped, 0) =>
                $"It has no {direction} rules, and no other policy has any for the {Counted.Format(dropped, "endpoint")} that it selects: "
                + $"all {direction} is dropped there{failsafe}.",
            (0, _) =>
                $"It has no {direction} rules, so it decides none itself: other policies do for the {Counted.Format(decided, "endpoint")} that it selects, and "
                + "what none of them allows is dropped.",
            var (dropped, _) =>
                $"It has no {direction} rules: of the {Counted.Format(all, "endpoint")} that it selects, all {direction} is dropped at {dropped}{failsafe}, "
                + $"and other policies decide at {decided}.",
        };
    }

    private static ImmutableArray<Rule> RulesOf(Policy policy, string direction) => direction == "ingress" ? policy.Ingress : policy.Egress;

    private static ImmutableArray<string> Directions(Policy policy) => policy switch
    {
        { Types.IsDefaultOrEmpty: false } => [.. policy.Types.Select(t => t.ToLowerInvariant())],
        { Egress.IsDefaultOrEmpty: true } => ["ingress"],
        { Ingress.IsDefaultOrEmpty: true } => ["egress"],
        _ => ["ingress", "egress"],
    };
}
