using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Policies and rules that do nothing, or something else than they look like.</summary>
public sealed class RulesWithoutEffect : IProblemCheck
{
    private const string OnlyLogs = "policy.only-logs";
    private const string SelectsNothing = "policy.selects-nothing";
    private const string NeverMatches = "rule.never-matches";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [OnlyLogs, SelectsNothing, NeverMatches];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var calico = input.Snapshot.Calico;
        var policies = PolicyViews.AllIn(calico, input.Classes ?? EndpointClasses.From(calico)).Where(p => p.Rejected is null).ToArray();
        return
        [
            .. FewOf.Name(
                policies.Where(p => p.Governs > 0 && !RuleLint.OnlyLogs(p.Policy).IsEmpty),
                p => new(
                    OnlyLogs, ProblemSeverity.Attention, new(SubjectKind.Policy, p.Policy.Name),
                    $"The policy {p.Policy.Name} only logs, and so drops everything",
                    $"What no rule of a policy decides is dropped: nothing passes in {string.Join(" and ", RuleLint.OnlyLogs(p.Policy))}. "
                    + "Add a rule that allows or passes."),
                n => $"{n} more policies only log, and so drop everything"),
            .. FewOf.Name(
                policies.Where(p => p.Governs == 0),
                p => new(
                    SelectsNothing, ProblemSeverity.Note, new(SubjectKind.Policy, p.Policy.Name), $"The policy {p.Policy.Name} selects no endpoint",
                    p.OnlyHosts ? "It counts for host endpoints alone, and none matches its selector." : "None matches its selector now."),
                n => $"{n} more policies select no endpoint"),
            .. FewOf.Name(
                (input.Shadowed.IsDefault ? RuleLint.Shadowed(calico) : input.Shadowed).GroupBy(w => w.Subject).ToArray(),
                rules => new(
                    NeverMatches, ProblemSeverity.Note,
                    new(rules.Key.Kind == KindNames.Policy ? SubjectKind.Policy : SubjectKind.Profile, rules.Key.Name),
                    $"A rule of the {rules.Key.Kind} {rules.Key.Name} can never match", $"{rules.First().Field}: {rules.First().Message}"),
                n => $"Rules of {n} more policies or profiles can never match"),
        ];
    }
}
