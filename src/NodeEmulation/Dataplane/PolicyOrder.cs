using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Where a policy is asked.</summary>
internal enum PolicyStage
{
    /// <summary>Table filter, with connection tracking: the usual ones.</summary>
    Tracked,

    /// <summary>Table raw: <c>doNotTrack</c>, of host endpoints alone.</summary>
    Untracked,

    /// <summary>Table mangle: <c>preDNAT</c>, of host endpoints alone.</summary>
    BeforeDnat,
}

/// <summary>A policy that Felix takes, with its parsed selector.</summary>
internal sealed record GoverningPolicy(Policy Policy, Selector Selector)
{
    /// <summary>Where it is asked. One with both marks, which calicoctl refuses, is asked in table raw.</summary>
    public PolicyStage Stage => Policy.DoNotTrack ? PolicyStage.Untracked : Policy.PreDnat ? PolicyStage.BeforeDnat : PolicyStage.Tracked;

    /// <summary>Whether it governs a direction: no types mean both, and upper or lower case is the same.</summary>
    public bool Governs(bool egress) => Policy.Types.IsDefaultOrEmpty || Policy.Types.Contains(egress ? "egress" : "ingress", StringComparer.OrdinalIgnoreCase);
}

/// <summary>The policies in the order of their evaluation: by order, those without one last, then by name, bytewise.</summary>
internal sealed class PolicyOrder
{
    private PolicyOrder(ImmutableArray<GoverningPolicy> all) => All = all;

    public ImmutableArray<GoverningPolicy> All { get; }

    /// <summary>Sorts them. One that Felix refuses is absent, and said among the problems.</summary>
    public static PolicyOrder From(ImmutableArray<Policy> policies, ImmutableArray<string>.Builder problems)
    {
        var taken = ImmutableArray.CreateBuilder<GoverningPolicy>();
        foreach (var policy in policies.OrderBy(p => p.Order ?? double.PositiveInfinity).ThenBy(p => p.Name, StringComparer.Ordinal))
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

    /// <summary>Those of a stage that select an endpoint with these labels, in order.</summary>
    public ImmutableArray<GoverningPolicy> Where(PolicyStage stage, IReadOnlyDictionary<string, string> labels) =>
        [.. All.Where(p => p.Stage == stage && p.Selector.Matches(labels))];
}
