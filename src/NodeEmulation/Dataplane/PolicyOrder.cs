using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>A policy that Felix takes, with its parsed selector.</summary>
internal sealed record GoverningPolicy(Policy Policy, Selector Selector)
{
    /// <summary>Whether it governs a direction: no types mean both, and upper or lower case is the same.</summary>
    public bool Governs(bool egress) => Policy.Types.IsDefaultOrEmpty || Policy.Types.Contains(egress ? "egress" : "ingress", StringComparer.OrdinalIgnoreCase);
}

/// <summary>The policies that are asked in table filter in the order of their evaluation: by order, those without one last, then by name, bytewise (section 5.1).</summary>
internal sealed class PolicyOrder
{
    private PolicyOrder(ImmutableArray<GoverningPolicy> all) => All = all;

    public ImmutableArray<GoverningPolicy> All { get; }

    /// <summary>Sorts them. One that Felix refuses is absent, and said among the problems; untracked and preDNAT ones, which are asked in other tables, are left out.</summary>
    public static PolicyOrder Of(ImmutableArray<Policy> policies, ImmutableArray<string>.Builder problems)
    {
        var taken = ImmutableArray.CreateBuilder<GoverningPolicy>();
        foreach (var policy in policies.Where(p => !p.DoNotTrack && !p.PreDnat)
            .OrderBy(p => p.Order ?? double.PositiveInfinity).ThenBy(p => p.Name, StringComparer.Ordinal))
        {
            if (!Selector.TryParse(policy.Selector, out var selector, out var error))
            {
                problems.Add($"policy {policy.Name} counts as absent: '{policy.Selector}' is no selector: {error.Reason}");
            }
            else if (policy.Ingress.Concat(policy.Egress).Select(RuleCheck.Problem).FirstOrDefault(p => p is not null) is { } problem)
            {
                problems.Add($"policy {policy.Name} counts as absent: {problem}");
            }
            else
            {
                taken.Add(new GoverningPolicy(policy, selector));
            }
        }

        return new PolicyOrder(taken.ToImmutable());
    }

    /// <summary>Those that select an endpoint with these labels, in order.</summary>
    public ImmutableArray<GoverningPolicy> Where(IReadOnlyDictionary<string, string> labels) => [.. All.Where(p => p.Selector.Matches(labels))];
}
