using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>Finds rules that can never match because earlier ones of the same list take everything that they would. Sound, not complete. Pure.</summary>
internal static class RuleShadow
{
    /// <summary>The earlier rules, in words; null when the rule can match.</summary>
    public static string? By(ReachabilityModel model, ImmutableArray<Rule> rules, int index)
    {
        var by = new SortedSet<int>();
        var exists = false;
        foreach (var ipv6 in new[] { false, true })
        {
            if (!CompiledRule.ExistsIn(rules[index], ipv6))
            {
                continue;
            }

            exists = true;
            var space = TrafficSpace.From(rules.Take(index + 1).Where(r => FelixRuleCheck.Problem(r) is null), [], ipv6);
            var compiled = CompiledRule.Compile([.. rules.Take(index + 1)], model.Catalog, ipv6);
            var rule = compiled[^1];
            var left = (ulong[])space.MaskOf(rule).Clone();
            if (IsNone(left))
            {
                continue;
            }

            foreach (var earlier in compiled[..^1].Where(e => e.Action != RuleAction.Log && FelixRuleCheck.Problem(e.Rule) is null))
            {
                if (Covers(earlier.Rule.Source, rule.Rule.Source, ipv6) && Covers(earlier.Rule.Destination, rule.Rule.Destination, ipv6))
                {
                    var mask = space.MaskOf(earlier);
                    var takes = false;
                    for (var i = 0; i < left.Length; i++)
                    {
                        takes |= (left[i] & mask[i]) != 0;
                        left[i] &= ~mask[i];
                    }

                    if (takes)
                    {
                        by.Add(earlier.Index);
                    }
                }
            }

            if (!IsNone(left))
            {
                return null;
            }
        }

        return !exists || by.Count == 0
            ? null
            : $"rule{(by.Count == 1 ? "" : "s")} {string.Join(by.Count == 2 ? " and " : ", ", by.Select(i => (i + 1).ToString(CultureInfo.InvariantCulture)))}";
    }

    private static bool IsNone(ulong[] set) => set.All(static word => word == 0);

    /// <summary>Whether every address that the second side matches is matched by the first. Ports are the traffic's.</summary>
    private static bool Covers(RuleEntity wide, RuleEntity narrow, bool ipv6)
    {
        var (nets, own) = (For(RuleCatalog.Nets(wide), ipv6), For(RuleCatalog.Nets(narrow), ipv6));
        var (notNets, notOwn) = (For(RuleCatalog.NotNets(wide), ipv6), For(RuleCatalog.NotNets(narrow), ipv6));
        return (nets.Length == 0 || (own.Length > 0 && own.All(o => nets.Any(n => n.Contains(o)))))
            && notNets.All(n => notOwn.Any(o => o.Contains(n)) || (own.Length > 0 && own.All(o => !o.Overlaps(n))))
            && Named(wide.Tag, wide.Selector).All(w => Named(narrow.Tag, narrow.Selector).Contains(w))
            && Named(wide.NotTag, wide.NotSelector).All(w => Named(narrow.NotTag, narrow.NotSelector).Contains(w));
    }

    private static Cidr[] For(ImmutableArray<Cidr> nets, bool ipv6) => [.. nets.Where(n => n.IsIPv6 == ipv6)];

    private static IEnumerable<string> Named(string tag, string selector)
    {
        if (tag.Length > 0)
        {
            yield return new SelectorNode.Has(tag).Canonical;
        }

        if (selector.Length > 0 && Selector.TryParse(selector, out var parsed, out _))
        {
            yield return parsed.Canonical;
        }
    }
}
