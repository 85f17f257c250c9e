using System.Globalization;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

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

        string[] found = [.. planned.Writes.SelectMany(w => For(w, snapshot.Calico))];
        if (found.Length == 0)
        {
            return planned;
        }

        var warnings = found.Select(f => $"{f}. Felix stops updating every host that should have it, and what gets through there is not known.");
        var plan = planned.Plan with { Warnings = planned.Plan.Warnings.InsertRange(0, warnings) };
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
    public static string? FirstOf(IEnumerable<object> resources) =>
        resources.Select(r => Kind.OfResource(r).RulesOf(r)).OfType<KindRules>().SelectMany(r => For(r, null)).FirstOrDefault();

    private static IEnumerable<string> For(KeyWrite write, CalicoState state)
    {
        if (write.Value is not { } value)
        {
            return [];
        }

        var key = V1Key.Parse(write.Key);
        return Kind.All.Select(k => k.RulesIn(key, value)).OfType<KindRules>()
            .SelectMany(r => For(r, state.FindResource(r.Id) is { } was ? Kind.OfResource(was.Value).RulesOf(was.Value) : null));
    }

    private static IEnumerable<string> For(KindRules written, KindRules? before)
    {
        var what = $"{KindWords.For(written.Id.Kind)} {written.Id.Name}";
        var known = (before is null ? [] : before.Ingress.Concat(before.Egress)).Select(RuleCodec.KnownText).ToHashSet(StringComparer.Ordinal);
        foreach (var (rules, direction) in new[] { (written.Ingress, "ingress"), (written.Egress, "egress") })
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
