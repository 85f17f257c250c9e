namespace CalicoConsole.Core.Counters;

/// <summary>Packets and their bytes.</summary>
/// <param name="Packets">How many.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct Hits(long Packets, long Bytes)
{
    /// <summary>Both together.</summary>
    public static Hits operator +(Hits left, Hits right) => new(left.Packets + right.Packets, left.Bytes + right.Bytes);

    /// <summary>What came since an earlier count; everything there is where the kernel began anew.</summary>
    public Hits Since(Hits before) => Packets < before.Packets || Bytes < before.Bytes ? this : new(Packets - before.Packets, Bytes - before.Bytes);
}

/// <summary>A rule of a policy's or profile's chain, as far as it can be told whose it is.</summary>
/// <param name="Hits">What it counted.</param>
/// <param name="Shape">What can be seen of it.</param>
public readonly record struct KernelRule(Hits Hits, RuleShape Shape);

/// <summary>What can be seen of a rule in the kernel, and be said of it before it is there.</summary>
/// <param name="Target">What it does: <c>MARK</c>, <c>RETURN</c>, <c>DROP</c> or <c>LOG</c>.</param>
public sealed record RuleShape(string Target)
{
    /// <summary>Its protocol, where that is TCP, UDP or ICMP; empty for every other.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Its source ports, as they are written.</summary>
    public string SourcePorts { get; init; } = "";

    /// <summary>Its destination ports, as they are written.</summary>
    public string DestinationPorts { get; init; } = "";

    /// <summary>Whether it asks for a set of sources.</summary>
    public bool SourceSet { get; init; }

    /// <summary>Whether it asks for a set of destinations.</summary>
    public bool DestinationSet { get; init; }
}
