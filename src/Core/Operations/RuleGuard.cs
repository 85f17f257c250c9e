using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>
/// Looks for rules that a planned change writes and Felix cannot program (calicoctl takes them, the kernel does not), whatever operation it comes from: they
/// are told from
/// the planned writes. Saving one in a profile or policy of its own is refused unless <see cref="Operation.EvenIfUnprogrammable"/> agrees; a manifest is taken
/// as calicoctl
/// takes it, with a warning. What was stored already is not asked about again. Pure.
/// </summary>
public static class RuleGuard
{
    /// <summary>The field that errors name, which is also how the API spells the agreement.</summary>
    public const string Field = "evenIfUnprogrammable";

    /// <summary>The plan with what it says of such rules.</summary>
    public static PlannedOperation Check(Operation operation, PlannedOperation planned, ClusterSnapshot snapshot)
    {
        if (!planned.Plan.Errors.IsEmpty)
        {
            return planned;
        }

        string[] found = [.. planned.Writes.SelectMany(w => Of(w, snapshot.Calico))];
        if (found.Length == 0)
        {
            return planned;
        }

        var plan = planned.Plan with
        {
            Warnings =
            planned.Plan.Warnings.InsertRange(0,
            found.Select(f => $"{f}. Felix stops updating every host that should have it, and what gets through there is not known."))
        };
        if (operation.EvenIfUnprogrammable)
        {
            return planned with { Plan = plan with { Consents = plan.Consents.Add($"{Field}: {string.Join("; ", found)}") } };
        }

        return operation is WriteResource
            ? new PlannedOperation(
                new Plan
                {
                    Errors = [new FieldError(Field, $"{found[0]}. Fix the rule, or agree to that with {Field}")],
                    Warnings = plan.Warnings,
                    ProposedAddress = plan.ProposedAddress,
                }, [])
            : planned with { Plan = plan };
    }

    /// <summary>What Felix cannot program of some resources, as a sentence about the first such rule; null when it can program all.</summary>
    public static string? FirstOf(IEnumerable<object> resources) => resources.SelectMany(r => r switch
    {
        Policy policy => Of($"policy {policy.Name}", policy.Ingress, policy.Egress, []),
        Profile profile => Of($"profile {profile.Name}", profile.Ingress, profile.Egress, []),
        _ => [],
    }).FirstOrDefault();

    private static IEnumerable<string> Of(KeyWrite write, CalicoState state) => (write.Value, V1Key.Parse(write.Key)) switch
    {
        ({ } value, V1Key.Policy { Tier: V1Keys.DefaultTier } policy) when PolicyCodec.Decode(policy.Name, value.Span).Value is { } written =>
            Of($"policy {policy.Name}", written.Ingress, written.Egress, state.Policies.GetValueOrDefault(policy.Name)?.Value is { } was
                ? [.. was.Ingress, .. was.Egress] : []),
        ({ } value, V1Key.ProfileKey { Part: ProfilePart.Rules } profile) when ProfileCodec.DecodeRules(value.Span).Value is { } written =>
            Of($"profile {profile.Name}", written.Ingress, written.Egress, state.Profiles.GetValueOrDefault(profile.Name)?.Value is { } was
                ? [.. was.Ingress, .. was.Egress] : []),
        _ => [],
    };

    private static IEnumerable<string> Of(string what, ImmutableArray<Rule> ingress, ImmutableArray<Rule> egress, ImmutableArray<Rule> before)
    {
        var known = before.Select(RuleCodec.KnownText).ToHashSet(StringComparer.Ordinal);
        foreach (var (rules, direction) in new[] { (ingress, "ingress"), (egress, "egress") })
        {
            for (var i = 0; i < rules.Length; i++)
            {
                if (FelixRuleCheck.Problem(rules[i]) is null && FelixRuleCheck.Unprogrammable(rules[i]) is { } problem
                    && !known.Contains(RuleCodec.KnownText(rules[i])))
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"Felix cannot program {direction} rule {i + 1} of {what}: {problem}");
                }
            }
        }
    }
}
