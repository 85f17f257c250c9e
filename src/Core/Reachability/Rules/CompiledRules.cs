using System.Globalization;
using System.Runtime.CompilerServices;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>Rules of a policy or profile, by direction and IP version. Compared by identity: one object as long as the resource is the same.</summary>
internal sealed class CompiledRules
{
    private readonly CompiledRule[][] _rules;

    private readonly ImmutableArray<Rule> _ingress;
    private readonly ImmutableArray<Rule> _egress;

    private CompiledRules(string name, string? problem, CompiledRule[][] rules, ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress) =>
        (Name, Problem, _rules, _ingress, _egress) = (name, problem, rules, ingress, egress);

    public string Name { get; }

    /// <summary>The tier of a policy; empty for Calico's own tier and for profiles.</summary>
    public string Tier { get; private init; } = "";

    /// <summary>The rules as stored.</summary>
    public ImmutableArray<Rule> Stored(FlowDirection direction) => direction == FlowDirection.Ingress ? _ingress : _egress;

    /// <summary>Why Felix does not take them; null when it does.</summary>
    public string? Problem { get; }

    public CompiledRule[] For(FlowDirection direction, bool ipv6) => _rules[(direction == FlowDirection.Ingress ? 0 : 1) + (ipv6 ? 2 : 0)];

    /// <summary>Why Felix cannot program them for an IP version; null when it can.</summary>
    public string? Unprogrammable(bool ipv6)
    {
        foreach (var (rules, words) in new[] { (_ingress, "ingress"), (_egress, "egress") })
        {
            for (var i = 0; i < rules.Length; i++)
            {
                if (FelixRuleCheck.Unprogrammable(rules[i], ipv6) is { } problem)
                {
                    return $"{words} rule {(i + 1).ToString(CultureInfo.InvariantCulture)} cannot be programmed: {problem}";
                }
            }
        }

        return null;
    }

    public static CompiledRules From(Policy policy, RuleCatalog catalog, string tier = "") =>
        new(policy.Name, null, Compile(policy.Ingress, policy.Egress, catalog), policy.Ingress, policy.Egress) { Tier = tier };

    public static CompiledRules From(Profile profile, RuleCatalog catalog) =>
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
internal sealed record ProfileEntry(Profile Profile, CompiledRules Rules)
{
    /// <summary>Why nobody can say what Felix does with it, by IP version; null where it is known.</summary>
    public (string? IPv4, string? IPv6) Doubt { get; } = Rules.Problem is null ? Doubts.For(Rules, Profile.Doubt, $"profile {Profile.Name}") : default;
}

/// <summary>Reasons why a verdict is unknown.</summary>
internal static class Doubts
{
    public static (string? IPv4, string? IPv6) For(CompiledRules rules, string? doubt, string what) =>
        doubt is null ? (For(rules, what, false), For(rules, what, true)) : ($"{what}: {doubt}", $"{what}: {doubt}");

    private static string? For(CompiledRules rules, string what, bool ipv6) =>
        rules.Unprogrammable(ipv6) is { } problem ? $"{what}: {problem}. Felix stops updating the hosts that should have it" : null;
}

/// <summary>A policy with its compiled rules.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="SelectorSet">The set of what it selects; -1 when Felix refuses the policy, which is then absent.</param>
/// <param name="Rules">Its rules; empty when Felix refuses it.</param>
/// <param name="Problem">Why Felix refuses it; null when it does not.</param>
internal sealed record PolicyEntry(Policy Policy, int SelectorSet, CompiledRules Rules, string? Problem)
{
    /// <summary>The tier that its key names; empty for Calico's own.</summary>
    public string Tier { get; init; } = "";

    /// <summary>Why nobody can say what Felix does with it, by IP version; null where it is known.</summary>
    public (string? IPv4, string? IPv6) Doubt { get; init; }

    public static PolicyEntry From(Policy policy, RuleCatalog catalog, string tier = "")
    {
        if (PolicyViews.Rejected(policy) is { } problem)
        {
            return new PolicyEntry(policy, -1, CompiledRules.Missing(policy.Name), problem) { Tier = tier };
        }

        var rules = CompiledRules.From(policy, catalog, tier);
        return new PolicyEntry(policy, catalog.OfSelector(policy.Selector), rules, null)
        {
            Tier = tier,
            Doubt = Doubts.For(rules, policy.Doubt, $"policy {policy.Name}{(tier.Length > 0 ? $" of tier {tier}" : "")}"),
        };
    }

    public bool Governs(FlowDirection direction) =>
        Policy.Types.IsDefaultOrEmpty || Policy.Types.Any(
            t => string.Equals(t, direction == FlowDirection.Ingress ? "ingress" : "egress", StringComparison.OrdinalIgnoreCase));

    /// <summary>The order in which Felix evaluates: by order, none last; then by name, bytewise.</summary>
    public static int Compare(PolicyEntry a, PolicyEntry b)
    {
        var byOrder = (a.Policy.Order ?? double.PositiveInfinity).CompareTo(b.Policy.Order ?? double.PositiveInfinity);
        var byName = byOrder != 0 ? byOrder : GoJson.ByteOrder.Compare(a.Policy.Name, b.Policy.Name);
        return byName != 0 ? byName : string.CompareOrdinal(a.Tier, b.Tier);
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
    private readonly (string? IPv4, string? IPv6) _doubt;

    public Governance(FlowDirection direction, CompiledRules[] policies, CompiledRules[] profiles, (string? IPv4, string? IPv6) doubt)
    {
        (Direction, Policies, Profiles, _doubt) = (direction, policies, profiles, doubt);
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

    /// <summary>Why nobody can say what Felix does with the endpoint's packets of an IP version; null when it is known.</summary>
    public string? DoubtOf(bool ipv6) => ipv6 ? _doubt.IPv6 : _doubt.IPv4;

    public bool Equals(Governance? other) => other is not null && _hash == other._hash && Direction == other.Direction && _doubt == other._doubt
        && Policies.AsSpan().SequenceEqual(other.Policies) && Profiles.AsSpan().SequenceEqual(other.Profiles);

    public override bool Equals(object? obj) => obj is Governance other && Equals(other);

    public override int GetHashCode() => _hash;
}

/// <summary>What a host endpoint does before its normal policies: doNotTrack policies before connection tracking, preDNAT ones after it.</summary>
/// <param name="UntrackedIngress">DoNotTrack policies of what comes in.</param>
/// <param name="UntrackedEgress">DoNotTrack policies of what goes out.</param>
/// <param name="PreDnat">PreDNAT policies of what comes in.</param>
/// <param name="HasPreDnatEgress">Whether a preDNAT policy governs only what goes out: it does nothing, but Felix makes the chain.</param>
internal sealed record HostStages(Governance UntrackedIngress, Governance UntrackedEgress, Governance PreDnat, bool HasPreDnatEgress)
{
    /// <summary>Whether Felix makes the chain of preDNAT policies, which drops what connection tracking calls INVALID.</summary>
    public bool HasPreDnat => HasPreDnatEgress || PreDnat.Policies.Length > 0;
}
