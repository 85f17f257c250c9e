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
        ProblemSeverity.Note => ChipState.Note,
    };

    /// <summary>A severity in a word.</summary>
    public static string Word(ProblemSeverity severity) => severity switch
    {
        ProblemSeverity.Broken => "broken",
        ProblemSeverity.Stale => "stale",
        ProblemSeverity.Attention => "attention",
        ProblemSeverity.Note => "note",
    };

    /// <summary>How many problems there are, those that were only counted as well; what is only worth knowing is none.</summary>
    public static long Count(ImmutableArray<Problem> problems) => problems.Where(p => p.Severity != ProblemSeverity.Note).Sum(p => (long)p.Count);

    /// <summary>How many things there are that are only worth knowing, such as <c>; 3 notes</c>; empty when there is none.</summary>
    private static string Notes(ImmutableArray<Problem> problems) => problems.Where(p => p.Severity == ProblemSeverity.Note).Sum(p => (long)p.Count) switch
    {
        0 => "",
        1 => "; 1 note",
        var notes => $"; {notes.Grouped()} notes",
    };

    /// <summary>The number for a badge, with two digits at most.</summary>
    public static string Badge(ImmutableArray<Problem> problems) => Count(problems) is var count and <= Most
        ? count.ToString(CultureInfo.InvariantCulture) : $"{Most}+";

    /// <summary>How many there are, as the badge says it, and how many of each severity: <c>3 problems: 2 broken, 1 attention</c>.</summary>
    public static string Summary(ImmutableArray<Problem>? problems) => problems switch
    {
        null => "Problems: looking",
        { } none when Count(none) == 0 => $"Problems: none found{Notes(none)}",
        { } some => $"{Badge(some)} {(Count(some) == 1 ? "problem" : "problems")}: {string.Join(", ", some.Where(p => p.Severity != ProblemSeverity.Note)
            .GroupBy(p => p.Severity).OrderBy(g => g.Key).Select(g => $"{g.Sum(p => (long)p.Count).Grouped()} {Word(g.Key)}"))}{Notes(some)}",
    };
}
