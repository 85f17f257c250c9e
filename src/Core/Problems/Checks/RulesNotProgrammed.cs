using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Policies and profiles with a rule that Felix takes but cannot program.</summary>
public sealed class RulesNotProgrammed : IProblemCheck
{
    private const string Unprogrammable = "rule.unprogrammable";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Unprogrammable];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FewOf.Name(
            UnprogrammableRules.For(input.Snapshot.Calico),
            r => new(
                Unprogrammable, ProblemSeverity.Broken, new(r.Resource.Kind == KindNames.Policy ? SubjectKind.Policy : SubjectKind.Profile, r.Resource.Name),
                $"Felix cannot program a rule of the {r.Resource.Kind} {r.Resource.Name}",
                $"{r.Reason}. It stops updating the hosts that should have it, and what gets through there is not known."),
            n => $"Felix cannot program rules of {n} more policies or profiles");
    }
}
