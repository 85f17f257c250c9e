using System.Collections.Immutable;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>
/// Which rows of a list are selected, by their identity: some of them, or all that a filter leaves but some. So "all 100,000" costs nothing, and rows that come
/// in later are among them. Immutable and pure.
/// </summary>
public sealed record ListSelection
{
    /// <summary>Nothing is selected.</summary>
    public static ListSelection None { get; } = new();

    /// <summary>Whether <see cref="Keys"/> are the rows that are left out of all.</summary>
    public bool AllBut { get; private init; }

    /// <summary>The rows that are selected, or those that are left out of all.</summary>
    public ImmutableHashSet<string> Keys { get; private init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The row from which a range is made: the last one that was selected or left out by itself.</summary>
    public string? Anchor { get; private init; }

    /// <summary>Whether nothing can be selected, whatever the rows are.</summary>
    public bool IsEmpty => !AllBut && Keys.IsEmpty;

    /// <summary>Whether a row is selected.</summary>
    public bool Holds(string key) => AllBut != Keys.Contains(key);

    /// <summary>Those of the rows that are selected, in their order.</summary>
    public ImmutableArray<T> Among<T>(IEnumerable<T> rows, Func<T, string> keyOf) => IsEmpty ? [] : [.. rows.Where(r => Holds(keyOf(r)))];

    /// <summary>How many of the rows are selected.</summary>
    public int CountAmong<T>(IEnumerable<T> rows, Func<T, string> keyOf) => IsEmpty ? 0 : rows.Count(r => Holds(keyOf(r)));

    /// <summary>Selects a row, or takes it out.</summary>
    public ListSelection Toggle(string key) => Set([key], !Holds(key)) with { Anchor = key };

    /// <summary>
    /// Gives all rows from the anchor to this one the anchor's state, so that Shift extends what was begun; without an anchor among the rows it is a
    /// <see cref="Toggle"/>.
    /// </summary>
    /// <param name="order">The rows as they stand.</param>
    /// <param name="key">The other end.</param>
    public ListSelection Extend(IReadOnlyList<string> order, string key)
    {
        ArgumentNullException.ThrowIfNull(order);
        var (from, to) = (Place(order, Anchor), Place(order, key));
        if (from < 0 || to < 0)
        {
            return Toggle(key);
        }

        return Set(order.Skip(Math.Min(from, to)).Take(Math.Abs(from - to) + 1), Holds(Anchor!));
    }

    /// <summary>All that the filter leaves.</summary>
    public static ListSelection All() => new() { AllBut = true };

    /// <summary>What stays when the filter changes: "all" was said of other rows, and is forgotten; rows that were selected one by one are not.</summary>
    public ListSelection ForAnotherFilter() => AllBut ? None : this;

    private static int Place(IReadOnlyList<string> order, string? key)
    {
        for (var i = 0; key is not null && i < order.Count; i++)
        {
            if (order[i] == key)
            {
                return i;
            }
        }

        return -1;
    }

    private ListSelection Set(IEnumerable<string> keys, bool selected) => this with { Keys = selected != AllBut ? Keys.Union(keys) : Keys.Except(keys) };
}
