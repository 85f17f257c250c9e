using System.Collections.Immutable;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>A value that rows can be filtered by, and how many have it.</summary>
public sealed record FacetValue(string Value, int Count);

/// <summary>Filters and orders lists. Pure.</summary>
public static class ListView
{
    /// <summary>The rows that a question leaves, in its order; rows that are equal in it keep the given order.</summary>
    public static ImmutableArray<T> Apply<T>(ImmutableArray<T> rows, IReadOnlyList<ListColumn<T>> columns, ListQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var words = query.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var facets = columns.Where(c => query.Facets.ContainsKey(c.Key)).Select(c => (Column: c, Value: query.Facets[c.Key])).ToArray();
        var kept = words.Length == 0 && facets.Length == 0
            ? rows
            : [.. rows.Where(r => facets.All(f => Values(f.Column, r).Contains(f.Value, StringComparer.Ordinal))
                && words.All(w => columns.Any(c => Has(c.Text(r), w))))];
        if (columns.FirstOrDefault(c => c.Key == query.Sort) is not { } by)
        {
            return kept;
        }

        return (by.Order ?? ListOrder.By(by.Text, StringComparer.OrdinalIgnoreCase)).Sort(kept, query.Descending);
    }

    /// <summary>The values of a column, most frequent first, at most <paramref name="most"/>.</summary>
    public static ImmutableArray<FacetValue> Facet<T>(ImmutableArray<T> rows, ListColumn<T> column, int most = 100) =>
    [
        .. rows.SelectMany(r => Values(column, r)).CountBy(v => v, StringComparer.Ordinal)
            .OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(most)
            .Select(v => new FacetValue(v.Key, v.Value)),
    ];

    // A cell may name several things, as the profiles of an endpoint: each can be filtered by.
    private static string[] Values<T>(ListColumn<T> column, T row) => column.Text(row)?.Split(", ", StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
