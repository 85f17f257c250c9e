using System.Diagnostics.CodeAnalysis;

namespace CalicoConsole.Core.Selectors;

/// <summary>Why a text is not a selector.</summary>
/// <param name="Position">Index of the character at which it goes wrong; the text's length when it ends too early.</param>
/// <param name="Reason">What was expected, for people.</param>
public sealed record SelectorError(int Position, string Reason);

/// <summary>A selector of Calico v2.6 (docs/calico-v1.md#selectors; libcalico-go 1.7.3 lib/selector). Immutable, thread-safe.</summary>
public sealed class Selector
{
    internal Selector(string text, SelectorNode root) => (Text, Root) = (text, root);

    /// <summary>The text as typed; this is what is stored.</summary>
    public string Text { get; }

    /// <summary>The root of its parts.</summary>
    public SelectorNode Root { get; }

    /// <summary>The canonical text, equal for texts that parse alike.</summary>
    public string Canonical => Root.Canonical;

    /// <summary>Parses a text; empty means all. Never throws.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Selector? selector, [NotNullWhen(false)] out SelectorError? error)
    {
        var parser = new SelectorParser(text);
        selector = parser.TryParse(out var root) ? new Selector(text, root) : null;
        error = parser.Error;
        return selector is not null;
    }

    /// <summary>Whether it holds for labels.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) => Root.Matches(labels);

    /// <summary>Whether it names a label.</summary>
    public bool Names(string label) => Root.Names(label);

    /// <inheritdoc/>
    public override string ToString() => Canonical;
}
