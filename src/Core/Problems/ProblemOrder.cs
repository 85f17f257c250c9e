namespace CalicoConsole.Core.Problems;

/// <summary>The order in which problems are read.</summary>
public static class ProblemOrder
{
    /// <summary>
    /// Worst first; a problem that another one explains follows that one, and lifts it to its own severity. Where the other was not found, or problems explain
    /// each other in a circle, it stands by itself.
    /// </summary>
    public static ImmutableArray<Problem> Arrange(IEnumerable<Problem> found)
    {
        Problem[] all = [.. found];
        var byKey = all.GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.First());
        var effects = all.Where(p => !IsRoot(p, byKey)).ToLookup(p => p.CausedBy!);
        return
        [
            .. all.Where(p => IsRoot(p, byKey)).Select(p => WithEffects(p, effects).ToArray())
                .OrderBy(group => group.Min(p => p.Severity)).SelectMany(group => group),
        ];
    }

    /// <summary>Whether a problem of an arranged list is shown beneath the one that explains it.</summary>
    public static bool IsEffect(Problem problem, ImmutableArray<Problem> arranged)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.CausedBy is not null && !IsRoot(problem, arranged.GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.First()));
    }

    private static bool IsRoot(Problem problem, Dictionary<ProblemKey, Problem> byKey)
    {
        var (at, steps) = (problem, 0);
        while (at.CausedBy is { } key && byKey.TryGetValue(key, out var cause))
        {
            (at, steps) = (cause, steps + 1);
            if (steps > byKey.Count)
            {
                return true;
            }
        }

        return steps == 0;
    }

    private static IEnumerable<Problem> WithEffects(Problem problem, ILookup<ProblemKey, Problem> effects) =>
        effects[problem.Key].SelectMany(e => WithEffects(e, effects)).Prepend(problem);
}
