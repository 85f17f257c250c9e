using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>A column of <c>calicoctl get</c>: its heading, whether only the wide table has it, and what stands below.</summary>
internal sealed record KindColumn(string Heading, bool WideOnly, Func<object, CalicoState, string> Cell);

/// <summary>The rules of a resource.</summary>
internal sealed record KindRules(ResourceId Id, ImmutableArray<Rule> Ingress, ImmutableArray<Rule> Egress);

/// <summary>What follows from a change, in sentences for the review.</summary>
internal sealed record Effects
{
    /// <summary>Nothing worth a word.</summary>
    public static Effects None { get; } = new();

    /// <summary>What will be.</summary>
    public ImmutableArray<string> Consequences { get; init; } = [];

    /// <summary>What to beware of.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>How a resource is deleted that is nothing but its key.</summary>
internal sealed record Deletion
{
    /// <summary>Why calicoctl deletes no such resource; null when it does.</summary>
    public string? Refusal { get; init; }

    /// <summary>What <c>calicoctl delete</c> needs beside kind and name.</summary>
    public ImmutableArray<string> Flags { get; init; } = [];

    /// <summary>How many of the directories above its key go with it when they are empty.</summary>
    public int EmptyParents { get; init; }

    /// <summary>What follows.</summary>
    public Effects Effects { get; init; } = Effects.None;
}
