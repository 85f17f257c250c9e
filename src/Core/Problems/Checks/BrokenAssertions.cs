using CalicoConsole.Core.Reachability.Assertions;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Reachability assertions that do not hold, or cannot be read.</summary>
public sealed class BrokenAssertions : IProblemCheck
{
    private const string Broken = "assertion.broken";
    private const string Unreadable = "assertion.unreadable";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Broken, Unreadable];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FewOf.Name(
            input.Assertions.Where(a => a.State == AssertionState.Broken),
            a => NameOf(Broken, a, "is broken"),
            n => $"{n} more assertions are broken")
            .Concat(FewOf.Name(
                input.Assertions.Where(a => a.State == AssertionState.Unreadable),
                a => NameOf(Unreadable, a, "cannot be read"),
                n => $"{n} more assertions cannot be read"));
    }

    private static Problem NameOf(string code, AssertionResult result, string how) => new(
        code, ProblemSeverity.Broken, new(SubjectKind.Assertion, result.Name), $"The assertion {result.Name} {how}",
        $"{result.Assertion?.Sentence} {result.Sentence}".Trim());
}
