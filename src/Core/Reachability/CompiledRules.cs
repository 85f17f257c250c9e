using System.Globalization;
using System.Runtime.CompilerServices;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability;

/// <summary>Rules of a policy or profile, by direction and IP version. Compared by identity: one object as long as the resource is the same.</summary>
internal sealed class CompiledRules
{
    private readonly CompiledRule[][] _rules;

    private readonly ImmutableArray<Rule> _ingress;
    private readonly ImmutableArray<Rule> _egress;

    private CompiledRules(string name, string? problem, CompiledRule[][] rules, ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress) =>
        (Name, Problem, _rules, _ingress, _egress) = (name, problem, rules, ingress, egress);

    public string Name { get; }

    /// <summary>The rules as stored.</summary>
    public ImmutableArray<Rule> Stored(FlowDirection direction) => direction == FlowDirection.Ingress ? _ingress : _egress;

    /// <summary>Why Felix does not take them; null when it does.</summary>
    public string? Problem { get; }

    public CompiledRule[] Of(FlowDirection direction, bool ipv6) => _rules[(direction == FlowDirection.Ingress ? 0 : 1) + (ipv6 ? 2 : 0)];

    public static CompiledRules Of(Policy policy, RuleCatalog catalog) => new(policy.Name, null, Compile(policy.Ingress, policy.Egress, catalog), policy.Ingress, policy.Egress);

    public static CompiledRules Of(Profile profile, RuleCatalog catalog) =>
        (profile.HasRules ? ProblemOf(profile.Ingress, profile.Egress) : "the profile has no rules key that can be read") is { } problem
            ? new(profile.Name, problem, [[], [], [], []], profile.Ingress, profile.Egress)
            : new(profile.Name, null, Compile(profile.Ingress, profile.Egress, catalog), profile.Ingress, profile.Egress);

    public static CompiledRules Missing(string name) => new(name, "there is no such profile", [[], [], [], []], [], []);

    /// <summary>The first rule that Felix refuses, with its reason; null when it takes all.</summary>
    public static string? ProblemOf(ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress)
    {
        foreach (var (rules, words) in new[] { (ingress, "ingress"), (egress, "egress") })
        {
            for (var i = 0; i < rules.Length; i++)
            {
                if (FelixRuleCheck.Problem(rules[i]) is { } problem)
                {
                    return $"Felix refuses {words} rule {(i + 1).ToString(CultureInfo.InvariantCulture)}: {problem}";
                }
            }
        }

        return null;
    }

    private static CompiledRule[][] Compile(ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress, RuleCatalog catalog) =>
    [
        CompiledRule.Compile(ingress, catalog, false), CompiledRule.Compile(egress, catalog, false),
        CompiledRule.Compile(ingress, catalog, true), CompiledRule.Compile(egress, catalog, true),
    ];
}

/// <summary>A profile with its compiled rules.</summary>
internal sealed record ProfileEntry(Profile Profile, CompiledRules Rules);

/// <summary>A policy with its compiled rules.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="SelectorSet">The set of what it selects; -1 when Felix refuses the policy, which is then absent.</param>
/// <param name="Rules">Its rules; empty when Felix refuses it.</param>
/// <param name="Problem">Why Felix refuses it; null when it does not.</param>
internal sealed record PolicyEntry(Policy Policy, int SelectorSet, CompiledRules Rules, string? Problem)
{
    public static PolicyEntry Of(Policy policy, RuleCatalog catalog)
    {
        var problem = !Selector.TryParse(policy.Selector, out _, out var error)
            ? $"its selector cannot be read: {error.Reason}"
            : CompiledRules.ProblemOf(policy.Ingress, policy.Egress);
        return problem is not null
            ? new PolicyEntry(policy, -1, CompiledRules.Missing(policy.Name), problem)
            : new PolicyEntry(policy, catalog.OfSelector(policy.Selector), CompiledRules.Of(policy, catalog), null);
    }

    public bool Governs(FlowDirection direction) =>
        Policy.Types.IsDefaultOrEmpty || Policy.Types.Any(t => string.Equals(t, direction == FlowDirection.Ingress ? "ingress" : "egress", StringComparison.OrdinalIgnoreCase));

    /// <summary>The order in which Felix evaluates: by order, none last; then by name, bytewise.</summary>
    public static int Compare(PolicyEntry a, PolicyEntry b)
    {
        var byOrder = (a.Policy.Order ?? double.PositiveInfinity).CompareTo(b.Policy.Order ?? double.PositiveInfinity);
        return byOrder != 0 ? byOrder : string.CompareOrdinal(a.Policy.Name, b.Policy.Name);
    }
}

/// <summary>Which policies evaluate a packet.</summary>
internal enum PolicyStage
{
    /// <summary>Neither untracked nor preDNAT: of workloads and hosts.</summary>
    Normal,

    /// <summary>DoNotTrack policies of a host endpoint.</summary>
    Untracked,

    /// <summary>PreDNAT policies of a host endpoint.</summary>
    PreDnat,
}

/// <summary>What governs one direction of an endpoint: policies in order, then profiles in order. Equal when they are the same, in order.</summary>
internal sealed class Governance : IEquatable<Governance>
{
    private readonly int _hash;

    public Governance(FlowDirection direction, CompiledRules[] policies, CompiledRules[] profiles)
    {
        (Direction, Policies, Profiles) = (direction, policies, profiles);
        var hash = new HashCode();
        hash.Add(direction);
        foreach (var rules in policies)
        {
            hash.Add(RuntimeHelpers.GetHashCode(rules));
        }

        hash.Add(policies.Length);
        foreach (var rules in profiles)
        {
            hash.Add(RuntimeHelpers.GetHashCode(rules));
        }

        _hash = hash.ToHashCode();
    }

    public FlowDirection Direction { get; }

    public CompiledRules[] Policies { get; }

    public CompiledRules[] Profiles { get; }

    public bool Equals(Governance? other) => other is not null && _hash == other._hash && Direction == other.Direction
        && Policies.AsSpan().SequenceEqual(other.Policies) && Profiles.AsSpan().SequenceEqual(other.Profiles);

    public override bool Equals(object? obj) => obj is Governance other && Equals(other);

    public override int GetHashCode() => _hash;
}
