using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>What becomes, or became, of a resource of a manifest.</summary>
public enum DocumentOutcome
{
    /// <summary>Made by <c>create</c>.</summary>
    Created,

    /// <summary>Made or replaced by <c>apply</c>.</summary>
    Applied,

    /// <summary>Replaced by <c>replace</c>.</summary>
    Replaced,

    /// <summary>Deleted.</summary>
    Deleted,

    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>Not valid, or not allowed by what is there.</summary>
    Refused,

    /// <summary>Tried, and failed.</summary>
    Failed,

    /// <summary>Not tried, because one before it was refused or failed, or somebody stopped it.</summary>
    Skipped,
}

/// <summary>A resource of a manifest with what becomes or became of it.</summary>
public sealed record DocumentResult
{
    /// <summary>The resource as it stands in the manifest, with its place.</summary>
    public required ManifestItem Item { get; init; }

    /// <summary>Its identity; null when it cannot be read.</summary>
    public ResourceId? Id { get; init; }

    /// <summary>Its step in progress.</summary>
    public required string Step { get; init; }

    /// <summary>What becomes of it.</summary>
    public required DocumentOutcome Outcome { get; init; }

    /// <summary>Everything that stands against it; the first one is the reason.</summary>
    public ImmutableArray<FieldError> Errors { get; init; } = [];

    /// <summary>Its keys before and after; those that stay the same left out.</summary>
    public ImmutableArray<DocumentChange> Changes { get; init; } = [];

    /// <summary>Whether nothing of it is there before.</summary>
    public bool IsNew => !Changes.IsEmpty && Changes.All(c => c.Before is null);
}
