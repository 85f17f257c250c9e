using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Problems;

namespace CalicoConsole.Web.Kit;

/// <summary>How bad problems are, as chips, words and numbers. Pure.</summary>
internal static class ProblemWords
{
    private const int Most = 99;

    /// <summary>How a severity looks.</summary>
    public static ChipState State(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Broken => ChipState.Broken,
        ProblemSeverity.Stale => ChipState.Stale,
        ProblemSeverity.Attention => ChipState.Attention,
    };

    /// <summary>A severity in a word.</summary>
    public static string Word(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Broken => "broken",
        ProblemSeverity.Stale => "stale",
        ProblemSeverity.Attention => "attention",
    };

    /// <summary>How many problems there are, those that were only counted as well.</summary>
    public static long Count(ImmutableArray<Problem> problems) => problems.Sum(p => (long)p.Count);

    /// <summary>The number for a badge, with two digits at most.</summary>
    public static string Badge(ImmutableArray<Problem> problems) => Count(problems) is var count and <= Most
        ? count.ToString(CultureInfo.InvariantCulture) : $"{Most}+";

    /// <summary>How many there are, as the badge says it, and how many of each severity: <c>3 problems: 2 broken, 1 attention</c>.</summary>
    public static string Summary(ImmutableArray<Problem>? problems) => problems switch
    {
        null => "Problems: looking",
        { IsEmpty: true } => "Problems: none found",
        { } some => $"{Badge(some)} {(Count(some) == 1 ? "problem" : "problems")}: {string.Join(", ", some.GroupBy(p => p.Severity).OrderBy(g => g.Key)
            .Select(g => $"{g.Sum(p => (long)p.Count).Grouped()} {Word(g.Key)}"))}",
    };
}
