using System.Collections;
using System.Collections.Immutable;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>Rows that say the same in the column by which a list is grouped.</summary>
/// <param name="Value">What they say; empty where they say nothing.</param>
/// <param name="Start">The place of the first of them among all rows.</param>
/// <param name="Count">How many there are.</param>
public sealed record ListGroup(string Value, int Start, int Count);

/// <summary>Puts the rows of a list into groups. Pure.</summary>
public static class ListGroups
{
    /// <summary>The rows by what they say in a column, each group in the given order, the groups by their value and the one without a value last.</summary>
    public static (ImmutableArray<T> Rows, ImmutableArray<ListGroup> Groups) Make<T>(ImmutableArray<T> rows, ListColumn<T> column)
    {
        ArgumentNullException.ThrowIfNull(column);
        var groups = rows.GroupBy(r => column.Text(r) ?? "", StringComparer.Ordinal)
            .OrderBy(g => g.Key.Length == 0).ThenBy(g => g.Key, StringComparer.OrdinalIgnoreCase).ThenBy(g => g.Key, StringComparer.Ordinal).ToArray();
        var ordered = ImmutableArray.CreateBuilder<T>(rows.Length);
        var made = ImmutableArray.CreateBuilder<ListGroup>(groups.Length);
        foreach (var group in groups)
        {
            var start = ordered.Count;
            ordered.AddRange(group);
            made.Add(new ListGroup(group.Key, start, ordered.Count - start));
        }

        return (ordered.MoveToImmutable(), made.MoveToImmutable());
    }
}

/// <summary>A line of a list's body: a row, or the head of a group.</summary>
/// <param name="Index">Its place among all lines, those that are not drawn included.</param>
/// <param name="Row">The row; of a head the first one of its group.</param>
/// <param name="Group">The group whose head it is; null for a row.</param>
public readonly record struct ListLine<T>(int Index, T Row, ListGroup? Group);

/// <summary>
/// The lines of a list's body, made when they are asked for, so that a browser costs no memory for lines that it does not see. Read only.
/// </summary>
public sealed class ListLines<T> : IList<ListLine<T>>
{
    private readonly ImmutableArray<T> _rows;
    private readonly ImmutableArray<ListGroup> _groups;
    private readonly ImmutableArray<int> _heads;
    private readonly IReadOnlySet<string> _closed;

    /// <param name="rows">The rows in order.</param>
    /// <param name="groups">The groups that they are in, one after the other; empty for none.</param>
    /// <param name="closed">Values of the groups of which only the head is shown.</param>
    public ListLines(ImmutableArray<T> rows, ImmutableArray<ListGroup> groups, IReadOnlySet<string> closed)
    {
        ArgumentNullException.ThrowIfNull(closed);
        (_rows, _groups, _closed) = (rows, groups, closed);
        var at = 0;
        var heads = ImmutableArray.CreateBuilder<int>(groups.Length);
        foreach (var group in groups)
        {
            heads.Add(at);
            at += 1 + (closed.Contains(group.Value) ? 0 : group.Count);
        }

        _heads = heads.MoveToImmutable();
        Count = groups.IsEmpty ? rows.Length : at;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public bool IsReadOnly => true;

    /// <inheritdoc/>
    public ListLine<T> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            if (_groups.IsEmpty)
            {
                return new(index, _rows[index], null);
            }

            var found = _heads.BinarySearch(index);
            var group = _groups[found >= 0 ? found : ~found - 1];
            return found >= 0 ? new(index, _rows[group.Start], group) : new(index, _rows[group.Start + index - _heads[~found - 1] - 1], null);
        }
        set => throw new NotSupportedException();
    }

    /// <summary>The rows that are lines: those of closed groups are not.</summary>
    public IEnumerable<T> Rows => this.Where(l => l.Group is null).Select(l => l.Row);

    /// <summary>Whether a group shows its head alone.</summary>
    public bool IsClosed(ListGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return _closed.Contains(group.Value);
    }

    /// <inheritdoc/>
    public IEnumerator<ListLine<T>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    /// <inheritdoc/>
    public int IndexOf(ListLine<T> item) => item.Index >= 0 && item.Index < Count && this[item.Index].Equals(item) ? item.Index : -1;

    /// <inheritdoc/>
    public bool Contains(ListLine<T> item) => IndexOf(item) >= 0;

    /// <inheritdoc/>
    public void CopyTo(ListLine<T>[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        foreach (var line in this)
        {
            array[arrayIndex++] = line;
        }
    }

    /// <inheritdoc/>
    public void Add(ListLine<T> item) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Clear() => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Insert(int index, ListLine<T> item) => throw new NotSupportedException();

    /// <inheritdoc/>
    public bool Remove(ListLine<T> item) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void RemoveAt(int index) => throw new NotSupportedException();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
