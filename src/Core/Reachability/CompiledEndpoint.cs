using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>Rules of a policy or profile, by direction and IP version.</summary>
internal sealed record CompiledRules(string Name, string? Problem, CompiledRule[] Ingress4, CompiledRule[] Egress4, CompiledRule[] Ingress6, CompiledRule[] Egress6)
{
    public CompiledRule[] Of(FlowDirection direction, bool ipv6) => (direction, ipv6) switch
    {
        (FlowDirection.Ingress, false) => Ingress4,
        (FlowDirection.Egress, false) => Egress4,
        (FlowDirection.Ingress, true) => Ingress6,
        _ => Egress6,
    };

    public static CompiledRules Of(string name, ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress, string? problem, AddressSets sets) => problem is not null
        ? new CompiledRules(name, problem, [], [], [], [])
        : new CompiledRules(
            name, null, CompiledRule.Compile(ingress, sets, false), CompiledRule.Compile(egress, sets, false), CompiledRule.Compile(ingress, sets, true), CompiledRule.Compile(egress, sets, true));

    public static string? ProblemOf(ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress)
    {
        foreach (var (rules, words) in new[] { (ingress, "ingress"), (egress, "egress") })
        {
            for (var i = 0; i < rules.Length; i++)
            {
                if (FelixRuleCheck.Problem(rules[i]) is { } problem)
                {
                    return $"Felix refuses {words} rule {(i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)}: {problem}";
                }
            }
        }

        return null;
    }
}

/// <summary>A workload endpoint with what governs it.</summary>
internal sealed record CompiledEndpoint(WorkloadEndpoint Endpoint, bool Enforced, CompiledRules[] IngressPolicies, CompiledRules[] EgressPolicies, CompiledRules[] Profiles)
{
    public bool IsActive => Endpoint.State == "active";

    public CompiledRules[] Policies(FlowDirection direction) => direction == FlowDirection.Ingress ? IngressPolicies : EgressPolicies;
}
