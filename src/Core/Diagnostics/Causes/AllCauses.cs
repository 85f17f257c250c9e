namespace CalicoConsole.Core.Diagnostics.Causes;

/// <summary>Every cause of this assembly. A cause is found by what it is, so that a new one is one new file.</summary>
public static class AllCauses
{
    /// <summary>All causes, by their numbers.</summary>
    public static ImmutableArray<Cause> InOrder { get; } =
    [
        .. typeof(Cause).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(Cause)))
            .Select(t => (Cause)Activator.CreateInstance(t)!)
            .OrderBy(c => c.Id, StringComparer.Ordinal),
    ];
}
