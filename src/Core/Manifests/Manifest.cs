using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Manifests;

/// <summary>What is wrong with a manifest.</summary>
/// <param name="Field">The field within its resource, as in <see cref="FieldError"/>; empty for the document as such.</param>
/// <param name="Reason">Why, in calicoctl's words where it has some.</param>
/// <param name="Line">Line of the text, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public sealed record ManifestError(string Field, string Reason, int Line, int Column);

/// <summary>What is legal in a manifest but will surprise.</summary>
/// <param name="Document">The document, from 1.</param>
/// <param name="Line">Line of the text, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Text">What, as a sentence.</param>
public sealed record ManifestNote(int Document, int Line, int Column, string Text);

/// <summary>One resource of a manifest, or what stands where one should be.</summary>
public sealed record ManifestItem
{
    /// <summary>The document, from 1.</summary>
    public required int Document { get; init; }

    /// <summary>Its place within the document, such as <c>items[2]</c> or <c>[0]</c>; empty when it is the whole document.</summary>
    public string Path { get; init; } = "";

    /// <summary>Line of the text, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>Column, from 1.</summary>
    public required int Column { get; init; }

    /// <summary>Its kind as written; empty when it has none.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Its name as far as it can be read, for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The resource; null with errors of parsing.</summary>
    public object? Resource { get; init; }

    /// <summary>What is wrong with it, parsing or validation; empty when nothing is.</summary>
    public ImmutableArray<ManifestError> Errors { get; init; } = [];

    /// <summary>What is wrong with it and noticed only when its turn comes, as by calicoctl: what stands before it is written.</summary>
    public ImmutableArray<ManifestError> Late { get; init; } = [];
}

/// <summary>A manifest as read: resources in the order of the text, with everything that is wrong. Immutable.</summary>
/// <param name="Text">The text.</param>
/// <param name="Items">Its resources.</param>
/// <param name="Notes">Traps.</param>
public sealed record Manifest(string Text, ImmutableArray<ManifestItem> Items, ImmutableArray<ManifestNote> Notes)
{
    /// <summary>Whether every resource can be read and is valid.</summary>
    public bool IsValid => Items.All(i => i.Errors.IsEmpty);

    /// <summary>Whether moreover none will be refused for what it lacks once its turn comes.</summary>
    public bool IsComplete => IsValid && Items.All(i => i.Late.IsEmpty);
}
