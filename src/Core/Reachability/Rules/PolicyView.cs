using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>A policy in its place among the others, with what it selects and whether Felix takes it.</summary>
/// <param name="Stored">The policy with its key.</param>
/// <param name="Position">Its place in the order of evaluation, from 1.</param>
/// <param name="Selector">Its selector; null when that cannot be read.</param>
/// <param name="Rejected">Why Felix treats it as absent; null when it takes it.</param>
/// <param name="Workloads">How many workload endpoints its selector matches.</param>
/// <param name="HostEndpoints">How many host endpoints its selector matches.</param>
public sealed record PolicyView(Stored<Policy> Stored, int Position, Selector? Selector, string? Rejected, int Workloads, int HostEndpoints)
{
    /// <summary>The policy.</summary>
    public Policy Policy => Stored.Value;

    /// <summary>Whether it is for host endpoints alone: workloads are not touched by doNotTrack and preDNAT policies.</summary>
    public bool OnlyHosts => Policy.DoNotTrack || Policy.PreDnat;

    /// <summary>Why Felix, although it takes the policy, cannot program it; null when it can.</summary>
    public string? Unprogrammable => Rejected is null ? UnprogrammableRules.For(Policy) : null;

    /// <summary>How many endpoints it governs: none when Felix treats it as absent.</summary>
    public int Governs => Rejected is not null ? 0 : OnlyHosts ? HostEndpoints : Workloads + HostEndpoints;
}

/// <summary>Policies as Felix 2.6 goes through them (docs/calico-v1.md#how-felix-decides). Pure.</summary>
public static class PolicyViews
{
    /// <summary>Every policy in the order of evaluation: by order, those without one last, then by name bytewise.</summary>
    public static ImmutableArray<PolicyView> AllIn(CalicoState state, EndpointClasses classes)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. state.Policies.Values.OrderBy(p => p.Value.Order ?? double.PositiveInfinity).ThenBy(p => p.Value.Name, StringComparer.Ordinal)
            .Select((p, i) => AllIn(p, i + 1, classes))];
    }

    /// <summary>Why Felix 2.6 treats a policy as absent; null when it takes it. One bad rule is enough.</summary>
    public static string? Rejected(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return !Selector.TryParse(policy.Selector, out _, out var error) ? $"its selector cannot be read: {error.Reason} at position {error.Position + 1}"
            : Rule("ingress", policy.Ingress) ?? Rule("egress", policy.Egress)
            ?? (Governs(policy, "ingress") || Governs(policy, "egress")
                ? null : $"its types name neither ingress nor egress: {string.Join(", ", policy.Types)}");
    }

    /// <summary>Whether a policy decides a direction: what its types leave out, its rules do not bring back.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="direction">ingress or egress.</param>
    public static bool Governs(Policy policy, string direction)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Types.IsDefaultOrEmpty || policy.Types.Contains(direction, StringComparer.OrdinalIgnoreCase);
    }

    private static PolicyView AllIn(Stored<Policy> stored, int position, EndpointClasses classes) =>
        Selector.TryParse(stored.Value.Selector, out var selector, out _)
            ? new(stored, position, selector, Rejected(stored.Value), classes.Workloads(selector), classes.HostEndpoints(selector))
            : new(stored, position, null, Rejected(stored.Value), 0, 0);

    private static string? Rule(string list, ImmutableArray<Rule> rules)
    {
        for (var i = 0; i < rules.Length; i++)
        {
            if (FelixRuleCheck.Problem(rules[i]) is { } problem)
            {
                return $"{list} rule {i + 1}: {problem}";
            }
        }

        return null;
    }
}
