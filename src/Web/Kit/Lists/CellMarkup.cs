using System.Net;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>
/// What a cell of a list shows, as markup: a row that is scrolled into view costs a fraction of the bytes of one that is made of components. It is made of the
/// parts below alone, which write out whatever a stored value holds.
/// </summary>
public readonly record struct CellMarkup
{
    private readonly string? _html;

    private CellMarkup(string html) => _html = html;

    /// <summary>Nothing.</summary>
    public static CellMarkup None => default;

    /// <summary>The markup.</summary>
    public string Html => _html ?? "";

    /// <summary>A text.</summary>
    public static CellMarkup Text(string? text) => string.IsNullOrEmpty(text) ? None : new($"<bdi>{Written(text)}</bdi>");

    /// <summary>A state, as <see cref="StateChip"/> shows it; its picture is one of <see cref="CellIcons"/>.</summary>
    public static CellMarkup State(StateWords state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var name = state.State.ToString().ToLowerInvariant();
        var title = state.Reason is { } reason ? $" title=\"{WebUtility.HtmlEncode(reason)}\"" : "";
        return new($"<span class=\"chip {name}\"{title}><svg aria-hidden=true><use href=\"#{CellIcons.Prefix}{name}\"/></svg>{Written(state.Words)}</span>");
    }

    /// <summary>A link that has the colour of what it leads to.</summary>
    /// <param name="text">Its text, whose colour it has.</param>
    /// <param name="href">Where it leads.</param>
    public static CellMarkup Hued(string text, string href) =>
        new($"<a class=\"tag hue\" style=\"{Hues.Style(text)}\" href=\"{WebUtility.HtmlEncode(href)}\"><bdi>{Written(text)}</bdi></a>");

    /// <summary>A word that marks it.</summary>
    /// <param name="text">The word.</param>
    /// <param name="attention">Whether somebody should look at it.</param>
    public static CellMarkup Tag(string text, bool attention = false) => new($"<span class=\"tag{(attention ? " attention" : "")}\">{Written(text)}</span>");

    /// <summary>One beside the other.</summary>
    public static CellMarkup Join(IEnumerable<CellMarkup> parts) => new(string.Concat(parts.Select(p => p.Html)));

    /// <inheritdoc/>
    public override string ToString() => Html;

    private static string Written(string text) => WebUtility.HtmlEncode(VisibleText.From(text));
}
