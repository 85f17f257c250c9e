using System.Globalization;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>A stored policy or profile with a rule that Felix takes but cannot program.</summary>
/// <param name="Resource">The policy or profile.</param>
/// <param name="Reason">The rule and what is wrong with it.</param>
public sealed record UnprogrammableRule(ResourceId Resource, string Reason);

/// <summary>Finds them: of each policy and profile that Felix takes, the first. Pure.</summary>
public static class UnprogrammableRules
{
    /// <summary>Policies first, then profiles, by name.</summary>
    public static IEnumerable<UnprogrammableRule> For(CalicoState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Policies.Values.Select(p => p.Value).Where(p => PolicyViews.Rejected(p) is null).Select(p => (Id: ResourceId.From(p), Reason: For(p)))
            .Concat(state.Profiles.Values.Select(p => p.Value).Where(p => p.HasRules && CompiledRules.ProblemOf(p.Ingress, p.Egress) is null)
                .Select(p => (Id: ResourceId.From(p), Reason: For(p.Ingress, p.Egress))))
            .Where(p => p.Reason is not null).Select(p => new UnprogrammableRule(p.Id, p.Reason!));
    }

    /// <summary>The first rule of a policy that Felix cannot program; null when it can program all.</summary>
    public static string? For(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return For(policy.Ingress, policy.Egress);
    }

    private static string? For(ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress)
    {
        foreach (var (rules, words) in new[] { (ingress, "Ingress"), (egress, "Egress") })
        {
            for (var i = 0; i < rules.Length; i++)
            {
                if (FelixRuleCheck.Unprogrammable(rules[i]) is { } problem)
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{words} rule {i + 1}: {problem}");
                }
            }
        }

        return null;
    }
}
