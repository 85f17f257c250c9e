using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Policies that Felix treats as absent.</summary>
public sealed class RefusedPolicies : IProblemCheck
{
    private const string Refused = "policy.refused";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Refused];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FewOf.Name(
            input.Snapshot.Calico.Policies.Values.Select(p => (p.Value.Name, Reason: PolicyViews.Rejected(p.Value))).Where(p => p.Reason is not null),
            p => new(
                Refused, ProblemSeverity.Broken, new(SubjectKind.Policy, p.Name), $"Felix treats the policy {p.Name} as absent",
                $"{char.ToUpperInvariant(p.Reason![0])}{p.Reason[1..]}."),
            n => $"Felix treats {n} more policies as absent");
    }
}
