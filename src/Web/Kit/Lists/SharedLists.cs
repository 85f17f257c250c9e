using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>
/// What the lists of all browsers have in common, made once for the same rows and not for each of them. Thread-safe; one for the process.
/// </summary>
public sealed class SharedLists
{
    private readonly ConditionalWeakTable<object, object> _facets = [];
    private readonly ConditionalWeakTable<object, object> _twins = [];

    /// <summary>What rows can be filtered by, once for each array of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns that filter; the same for the same rows.</param>
    public ImmutableArray<ListFacet<T>> Facets<T>(ImmutableArray<T> rows, IReadOnlyList<ListColumn<T>> columns)
    {
        var array = ImmutableCollectionsMarshal.AsArray(rows);
        if (array is null || array.Length == 0)
        {
            // All empty arrays are one, whatever the columns.
            return Made();
        }

        if (_facets.TryGetValue(array, out var known) && known is FacetsMade<T> made && made.Columns.SequenceEqual(columns, ReferenceEqualityComparer.Instance))
        {
            return made.Values;
        }

        made = new FacetsMade<T>(columns, Made());
        _facets.AddOrUpdate(array, made);
        return made.Values;

        ImmutableArray<ListFacet<T>> Made() => [.. columns.Where(c => c.Facet).Select(c => new ListFacet<T>(c, ListView.Facet(rows, c)))];
    }

    /// <summary>Whether two rows have one identity; looked at once for each array of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="keyOf">Their identity; the same for the same rows.</param>
    public bool HaveTwins<T>(ImmutableArray<T> rows, Func<T, string> keyOf)
    {
        var array = ImmutableCollectionsMarshal.AsArray(rows);
        if (array is null || array.Length < 2)
        {
            return false;
        }

        if (_twins.TryGetValue(array, out var known))
        {
            return (bool)known;
        }

        var seen = new HashSet<string>(array.Length, StringComparer.Ordinal);
        var twins = !array.All(r => seen.Add(keyOf(r)));
        _twins.AddOrUpdate(array, twins);
        return twins;
    }

    private sealed record FacetsMade<T>(IReadOnlyList<ListColumn<T>> Columns, ImmutableArray<ListFacet<T>> Values);
}

/// <summary>What rows can be filtered by in a column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Values">Its values, most frequent first.</param>
public sealed record ListFacet<T>(ListColumn<T> Column, ImmutableArray<FacetValue> Values)
{
    private string? _options;

    /// <summary>
    /// The choices of a filter as markup, for all browsers: a hundred of them drawn one by one weigh more than the first rows that a browser waits for.
    /// </summary>
    public MarkupString Options => new(_options ??= string.Concat(Values.Select(v =>
        $"<option value=\"{WebUtility.HtmlEncode(v.Value)}\">{WebUtility.HtmlEncode(v.Value)} ({v.Count.Grouped()})</option>")));
}
