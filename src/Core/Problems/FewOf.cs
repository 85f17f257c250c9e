using System.Globalization;

namespace CalicoConsole.Core.Problems;

/// <summary>Keeps what a check answers small: the first few of a kind are named, the rest are counted.</summary>
public static class FewOf
{
    /// <summary>How many of one code are named one by one.</summary>
    public const int Named = 5;

    /// <summary>The first few, then one problem that counts the others.</summary>
    /// <param name="found">Everything that was found.</param>
    /// <param name="name">The problem of one.</param>
    /// <param name="rest">Title, for a number in words, of the others: code, severity and kind are those of the first of them.</param>
    public static IEnumerable<Problem> Name<T>(IEnumerable<T> found, Func<T, Problem> name, Func<string, string> rest)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(rest);
        var all = found as IReadOnlyList<T> ?? [.. found];
        foreach (var item in all.Take(Named))
        {
            yield return name(item);
        }

        if (all.Count > Named)
        {
            var next = name(all[Named]);
            yield return Counted(next.Code, next.Severity, next.Subject.Kind, all.Count - Named, rest);
        }
    }

    /// <summary>One problem that stands for several, in words such as <c>12 more keys cannot be read</c>.</summary>
    public static Problem Counted(string code, ProblemSeverity severity, SubjectKind kind, int count, Func<string, string> title, string? why = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        return new(code, severity, ProblemSubject.Several(kind), title(InWords(count)), why) { Count = count };
    }

    /// <summary>A number with its thousands apart.</summary>
    public static string InWords(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
