using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>A column of a list.</summary>
/// <param name="Key">Its name in the address: <c>sort=key</c>, and <c>key=value</c> for columns that filter.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What a row says here; it is searched, and it is drawn when there is no <see cref="Cell"/>.</param>
/// <remarks>Used for any number of lists at a time: it has no state.</remarks>
public sealed record ListColumn<T>(string Key, string Title, Func<T, string?> Text)
{
    /// <summary>Draws the cell; null draws the text.</summary>
    public RenderFragment<T>? Cell { get; init; }

    /// <summary>Orders rows; null orders by the text.</summary>
    public Comparison<T>? Order { get; init; }

    /// <summary>Whether it holds numbers, which stand at the right.</summary>
    public bool Numeric { get; init; }

    /// <summary>Whether it holds addresses, ids or commands.</summary>
    public bool Mono { get; init; }

    /// <summary>Whether rows can be filtered by its values.</summary>
    public bool Facet { get; init; }

    /// <summary>Whether a change of it does not mark the row as changed: what is worked out a moment after the rest.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether it is searched and can order by address, but is not drawn: the object's page shows it.</summary>
    public bool Hidden { get; init; }

    /// <summary>Whether it is left out on narrow screens.</summary>
    public bool Secondary { get; init; }
}

/// <summary>Orders for columns.</summary>
public static class ListOrder
{
    /// <summary>By a value of the row.</summary>
    public static Comparison<T> By<T, TKey>(Func<T, TKey> key) => (a, b) => Comparer<TKey>.Default.Compare(key(a), key(b));
}
