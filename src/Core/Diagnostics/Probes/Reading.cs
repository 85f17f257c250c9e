namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>What a probe brought: a value, or why there is none. What could not be read stays unknown and proves nothing.</summary>
/// <param name="Value">What was read; null when it could not be.</param>
/// <param name="Missing">Why there is no value, as a clause without a full stop; empty when there is one.</param>
public sealed record Reading<T>(T? Value, string Missing)
    where T : class
{
    /// <summary>Whether it was wanted and could not be had.</summary>
    public bool Failed => Value is null && Missing != Reading.NotAskedWords;
}

/// <summary>Makes readings.</summary>
public static class Reading
{
    /// <summary>Stands for a reading that nobody wanted.</summary>
    internal const string NotAskedWords = "not asked";

    /// <summary>Something that was read.</summary>
    public static Reading<T> Known<T>(T value)
        where T : class => new(value, "");

    /// <summary>Something that could not be read.</summary>
    /// <param name="why">A clause without a full stop.</param>
    public static Reading<T> Unknown<T>(string why)
        where T : class => new(null, why);

    /// <summary>Nobody asked, because an earlier answer made it needless or the end has nothing to ask.</summary>
    public static Reading<T> NotAsked<T>()
        where T : class => new(null, NotAskedWords);
}
