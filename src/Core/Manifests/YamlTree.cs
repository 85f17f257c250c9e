namespace CalicoConsole.Core.Manifests;

/// <summary>A node of a YAML document with where it stands.</summary>
internal abstract class YamlTreeNode(YamlMark start)
{
    /// <summary>Line of the document, from 1.</summary>
    public int Line { get; } = start.Line + 1;

    /// <summary>Column, from 1.</summary>
    public int Column { get; } = start.Column + 1;

    /// <summary>Its explicit tag; empty when there is none.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Its anchor; empty when there is none.</summary>
    public string Anchor { get; init; } = "";

    /// <summary>The node itself, of an alias what it names.</summary>
    public virtual YamlTreeNode Real => this;
}

/// <summary>A scalar as written.</summary>
internal sealed class YamlTreeScalar(YamlMark start, string text, bool isPlain) : YamlTreeNode(start)
{
    public string Text { get; } = text;

    /// <summary>Whether it is plain, so that YAML 1.1 may take it for something else than a text.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>The comment right behind it when it is plain; empty when there is none.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Whether nothing stands there: the value of what is written <c>name:</c>.</summary>
    public bool IsMissing { get; init; }
}

/// <summary>A mapping, repeats included, in the order written.</summary>
internal sealed class YamlTreeMap(YamlMark start) : YamlTreeNode(start)
{
    public List<(YamlTreeNode Key, YamlTreeNode Value)> Members { get; } = [];
}

/// <summary>A sequence.</summary>
internal sealed class YamlTreeList(YamlMark start) : YamlTreeNode(start)
{
    public List<YamlTreeNode> Items { get; } = [];
}

/// <summary>
/// An alias. Of several anchors of one name the last one of the document counts, wherever the alias stands, as for go-yaml; it may be what the
/// alias is in.
/// </summary>
internal sealed class YamlTreeAlias(YamlMark start, string name) : YamlTreeNode(start)
{
    private YamlTreeNode? _target;

    public string Name { get; } = name;

    public override YamlTreeNode Real => _target ?? throw new InvalidOperationException("the document is still being read");

    public void Resolve(IReadOnlyDictionary<string, YamlTreeNode> anchors) =>
        _target = anchors.TryGetValue(Name, out var target) ? target : throw new YamlFormatException($"unknown anchor '{Name}' referenced", Line, Column);
}
