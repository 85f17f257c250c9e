namespace CalicoConsole.Core.Problems;

/// <summary>Every check, and what they find together.</summary>
public static class ProblemChecks
{
    /// <summary>All checks of this assembly, by their names. A check is found by what it is, so that a new one is one new file.</summary>
    public static ImmutableArray<IProblemCheck> All { get; } =
    [
        .. typeof(IProblemCheck).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IProblemCheck)))
            .OrderBy(t => t.FullName, StringComparer.Ordinal)
            .Select(t => (IProblemCheck)Activator.CreateInstance(t)!),
    ];

    /// <summary>What is wrong with a cluster, worst first; what another problem explains stands right after it.</summary>
    public static ImmutableArray<Problem> Run(ProblemInput input) => ProblemOrder.Arrange(All.SelectMany(c => c.Find(input)));
}
