using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>A column of a list.</summary>
/// <param name="Key">Its name in the address: <c>sort=key</c>, and <c>key=value</c> for columns that filter; none of
/// <see cref="ListQuery.Reserved"/>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What a row says here; it is searched, and it is drawn when there is no <see cref="Cell"/>.</param>
/// <remarks>Used for any number of lists at a time: it has no state.</remarks>
public sealed record ListColumn<T>(string Key, string Title, Func<T, string?> Text)
{
    /// <summary>Draws the cell; null draws the text.</summary>
    public RenderFragment<T>? Cell { get; init; }

    /// <summary>Draws the cell as markup, which costs a long list less than <see cref="Cell"/>; null draws that or the text.</summary>
    public Func<T, CellMarkup>? Markup { get; init; }

    /// <summary>Orders rows; null orders by the text.</summary>
    public ListOrder<T>? Order { get; init; }

    /// <summary>Whether it holds numbers, which stand at the right.</summary>
    public bool Numeric { get; init; }

    /// <summary>Whether it holds addresses, ids or commands.</summary>
    public bool Mono { get; init; }

    /// <summary>Whether rows can be filtered and grouped by its values.</summary>
    public bool Facet { get; init; }

    /// <summary>Whether a change of it does not mark the row as changed: what is worked out a moment after the rest.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether it is searched and can order by address, but is drawn only for who asks for it: the object's page shows it.</summary>
    public bool Hidden { get; init; }

    /// <summary>Whether it is left out on narrow screens.</summary>
    public bool Secondary { get; init; }

    /// <summary>
    /// How wide it is before anybody changes it, beside the others: they share the list's width by it, in pixels of a list as wide as all of them together.
    /// Null takes a width by what it holds.
    /// </summary>
    public int? Width { get; init; }

    /// <summary>That width. Numbers are as wide as their heading.</summary>
    internal int Natural => Width ?? Math.Max(Numeric ? 64 : Mono ? 150 : Facet ? 124 : 136, (Title.Length * 7) + 44);
}
