using System.Collections.Immutable;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>What somebody chose of a column.</summary>
/// <param name="Key">The column's key.</param>
/// <param name="Shown">Whether it is drawn.</param>
/// <param name="Width">Its width; null for the column's own.</param>
public sealed record ColumnChoice(string Key, bool Shown, int? Width = null);

/// <summary>A column where it stands in a list.</summary>
/// <param name="Column">The column.</param>
/// <param name="Shown">Whether it is drawn.</param>
/// <param name="Width">How wide, beside the others.</param>
public sealed record PlacedColumn<T>(ListColumn<T> Column, bool Shown, int Width);

/// <summary>
/// Which columns of a list are drawn, in which order and how wide. It is kept while the columns of a list change from version to version: those that it does
/// not know stand where the list declares them, and those that are gone are passed over. Immutable and pure.
/// </summary>
/// <param name="Choices">What was chosen, in order; empty for a list as it is declared.</param>
public sealed record ListLayout(ImmutableArray<ColumnChoice> Choices)
{
    /// <summary>The narrowest that a column can be made.</summary>
    public const int Narrowest = 48;

    /// <summary>The widest that a column can be made.</summary>
    public const int Widest = 1200;

    // The name of the object says more than what follows.
    private const int First = 216;

    /// <summary>The list as it is declared.</summary>
    public static ListLayout Declared { get; } = new([]);

    /// <summary>Whether anything was chosen.</summary>
    public bool IsDeclared => Choices.IsDefaultOrEmpty;

    /// <summary>Whether somebody made columns wider or narrower, so that the list may become wider than the screen.</summary>
    public bool IsResized => !IsDeclared && Choices.Any(c => c.Width is not null);

    /// <summary>Every column in its place, the first one always first: it links to the object.</summary>
    public ImmutableArray<PlacedColumn<T>> Place<T>(IReadOnlyList<ListColumn<T>> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var choices = (IsDeclared ? [] : Choices).DistinctBy(c => c.Key, StringComparer.Ordinal).ToDictionary(c => c.Key, StringComparer.Ordinal);
        var placed = (IsDeclared ? [] : Choices).Select(c => columns.Skip(1).FirstOrDefault(d => d.Key == c.Key)).OfType<ListColumn<T>>().Distinct().ToList();
        for (var i = 1; i < columns.Count; i++)
        {
            if (!placed.Contains(columns[i]))
            {
                placed.Insert(placed.IndexOf(columns[i - 1]) + 1, columns[i]);
            }
        }

        return [.. columns.Take(1).Concat(placed).Select((c, i) => choices.GetValueOrDefault(c.Key) is { } choice
            ? new PlacedColumn<T>(c, choice.Shown || i == 0, Bounded(choice.Width) ?? Natural(c, i))
            : new PlacedColumn<T>(c, !c.Hidden, Natural(c, i)))];
    }

    /// <summary>The same with a column drawn or not; the first one always is.</summary>
    public ListLayout Show<T>(IReadOnlyList<ListColumn<T>> columns, string key, bool shown) =>
        new([.. Chosen(columns).Select((c, i) => c.Key == key && i > 0 ? c with { Shown = shown } : c)]);

    /// <summary>The same with a column moved over its drawn neighbours: by -1 before the one before it. Nothing moves before the first one.</summary>
    public ListLayout Move<T>(IReadOnlyList<ListColumn<T>> columns, string key, int by)
    {
        var chosen = Chosen(columns).ToList();
        var at = chosen.FindIndex(c => c.Key == key);
        for (var steps = Math.Abs(by); at > 0 && steps > 0; steps--)
        {
            var to = at + Math.Sign(by);
            // A hidden neighbour is no step that anybody sees.
            while (to > 0 && to < chosen.Count && !chosen[to].Shown && chosen[at].Shown)
            {
                to += Math.Sign(by);
            }

            if (to <= 0 || to >= chosen.Count)
            {
                break;
            }

            var moved = chosen[at];
            chosen.RemoveAt(at);
            chosen.Insert(to, moved);
            at = to;
        }

        return new([.. chosen]);
    }

    /// <summary>The same with columns as wide as said.</summary>
    public ListLayout Resize<T>(IReadOnlyList<ListColumn<T>> columns, IReadOnlyDictionary<string, int> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        return new([.. Chosen(columns).Select(c => widths.TryGetValue(c.Key, out var width) ? c with { Width = Bounded(width) } : c)]);
    }

    private static int? Bounded(int? width) => width is { } given ? Math.Clamp(given, Narrowest, Widest) : null;

    private static int Natural<T>(ListColumn<T> column, int place) => column.Width ?? (place == 0 ? First : column.Natural);

    private IEnumerable<ColumnChoice> Chosen<T>(IReadOnlyList<ListColumn<T>> columns) =>
        Place(columns).Select(p => new ColumnChoice(p.Column.Key, p.Shown, IsDeclared ? null : Choices.FirstOrDefault(c => c.Key == p.Column.Key)?.Width));
}
