namespace CalicoConsole.Core.Manifests;

/// <summary>Kinds of YAML tokens.</summary>
internal enum YamlTokenKind
{
    End,
    VersionDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar,
}

/// <summary>A token of a YAML text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Mark">Where it begins.</param>
/// <param name="Text">A scalar's value, an anchor's or alias's name, a tag's suffix, a version.</param>
internal sealed record YamlToken(YamlTokenKind Kind, YamlMark Mark, string Text = "")
{
    /// <summary>A tag's handle.</summary>
    public string Handle { get; init; } = "";

    /// <summary>Whether a scalar is written without quotes or block indicator.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The comment right behind a plain scalar, in its line.</summary>
    public string Comment { get; init; } = "";
}
