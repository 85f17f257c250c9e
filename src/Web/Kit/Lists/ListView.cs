using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>A value that rows can be filtered by, and how many have it.</summary>
public sealed record FacetValue(string Value, int Count);

/// <summary>Filters and orders lists. Pure.</summary>
public static class ListView
{
    private const string Between = ", ";

    /// <summary>The rows that a question leaves, in its order; rows that are equal in it keep the given order.</summary>
    public static ImmutableArray<T> Apply<T>(ImmutableArray<T> rows, IReadOnlyList<ListColumn<T>> columns, ListQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var words = query.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var facets = columns.Where(c => query.Facets.ContainsKey(c.Key)).Select(c => (Column: c, Value: query.Facets[c.Key])).ToArray();
        var kept = words.Length == 0 && facets.Length == 0 ? rows : Keep(rows, columns, words, facets);
        if (columns.FirstOrDefault(c => c.Key == query.Sort) is not { } by)
        {
            return kept;
        }

        return (by.Order ?? ListOrder.By(by.Text, StringComparer.OrdinalIgnoreCase)).Sort(kept, query.Descending);
    }

    /// <summary>The values of a column, most frequent first, at most <paramref name="most"/>.</summary>
    public static ImmutableArray<FacetValue> Facet<T>(ImmutableArray<T> rows, ListColumn<T> column, int most = 100)
    {
        ArgumentNullException.ThrowIfNull(column);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var parts = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        // Neighbours often say the same.
        var (last, times) = ((string?)null, 0);
        foreach (var row in rows)
        {
            var text = column.Text(row);
            if (text != last)
            {
                Add(last, times);
                (last, times) = (text, 0);
            }

            times++;
        }

        Add(last, times);
        return
        [
            .. counts.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(most).Select(v => new FacetValue(v.Key, v.Value)),
        ];

        void Add(string? text, int count)
        {
            var value = text.AsSpan();
            foreach (var part in value.Split(Between))
            {
                if (value[part] is { IsEmpty: false } one)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(parts, one, out _) += count;
                }
            }
        }
    }

    private static ImmutableArray<T> Keep<T>(ImmutableArray<T> rows, IReadOnlyList<ListColumn<T>> columns, string[] words,
        (ListColumn<T> Column, string Value)[] facets)
    {
        var search = words.Length == 0 ? null : new Search<T>(columns, words);
        var kept = ImmutableArray.CreateBuilder<T>();
        foreach (var row in rows)
        {
            var stays = true;
            for (var i = 0; stays && i < facets.Length; i++)
            {
                stays = Says(facets[i].Column.Text(row), facets[i].Value);
            }

            if (stays && (search is null || search.Finds(row)))
            {
                kept.Add(row);
            }
        }

        return kept.DrainToImmutable();
    }

    // A cell may name several things, as the profiles of an endpoint: each can be filtered by.
    private static bool Says(string? text, string value)
    {
        if (text == value)
        {
            return text.Length > 0 && !text.Contains(Between, StringComparison.Ordinal);
        }

        var all = text.AsSpan();
        foreach (var part in all.Split(Between))
        {
            if (all[part].SequenceEqual(value))
            {
                return value.Length > 0;
            }
        }

        return false;
    }

    /// <summary>Looks for words, each in any column. What a column said of the row before, down to the very same text, is not searched again.</summary>
    private sealed class Search<T>(IReadOnlyList<ListColumn<T>> columns, string[] words)
    {
        private readonly string?[] _said = new string?[columns.Count];
        private readonly bool[] _found = new bool[columns.Count * words.Length];
        private readonly bool[] _any = new bool[words.Length];

        public bool Finds(T row)
        {
            Array.Clear(_any);
            var left = words.Length;
            for (var column = 0; column < columns.Count; column++)
            {
                if (columns[column].Text(row) is not { Length: > 0 } text)
                {
                    continue;
                }

                var known = ReferenceEquals(text, _said[column]);
                _said[column] = text;
                for (var word = 0; word < words.Length; word++)
                {
                    ref var found = ref _found[(column * words.Length) + word];
                    if (!known)
                    {
                        found = text.Contains(words[word], StringComparison.OrdinalIgnoreCase);
                    }

                    if (found && !_any[word])
                    {
                        _any[word] = true;
                        left--;
                    }
                }

                if (left == 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
