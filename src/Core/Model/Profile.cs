namespace CalicoConsole.Core.Model;

/// <summary>A profile (calicoctl 1.6.3 profile; three keys <c>tags</c>, <c>labels</c>, <c>rules</c>).</summary>
public sealed record Profile
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>metadata.tags.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>metadata.labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>spec.ingress.</summary>
    public ImmutableArray<Rule> Ingress { get; init; } = [];

    /// <summary>spec.egress.</summary>
    public ImmutableArray<Rule> Egress { get; init; } = [];

    /// <summary>Whether a <c>rules</c> key exists and can be read: without it Felix denies everything.</summary>
    public bool HasRules { get; init; } = true;

    /// <summary>Why nobody can say what Felix makes of its rules; null of every profile that is shown or written. Only verdicts know such profiles.</summary>
    public string? Doubt { get; init; }

    /// <summary>Unknown members of the rules document.</summary>
    public UnknownMembers Unknown { get; init; }
}
