using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>What somebody asks of a list; it stands in the page's address, so that it can be shared. Immutable.</summary>
public sealed record ListQuery
{
    /// <summary>Names in the address that are no column's.</summary>
    public static ImmutableArray<string> Reserved { get; } = ["q", "sort", "group", "view"];

    /// <summary>Words that a row must hold, each anywhere (<c>q</c>).</summary>
    public string Text { get; init; } = "";

    /// <summary>Key of the column that orders; null keeps the given order (<c>sort</c>).</summary>
    public string? Sort { get; init; }

    /// <summary>Whether the order is turned around (<c>sort=-key</c>).</summary>
    public bool Descending { get; init; }

    /// <summary>Key of the column by which rows are grouped; null for one list (<c>group</c>).</summary>
    public string? Group { get; init; }

    /// <summary>The saved view that it began with, whose columns are shown; null for none (<c>view</c>).</summary>
    public string? View { get; init; }

    /// <summary>Values that columns must have, by the column's key.</summary>
    public ImmutableSortedDictionary<string, string> Facets { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether rows may be hidden.</summary>
    public bool Filters => Text.Length > 0 || !Facets.IsEmpty;

    /// <summary>Reads the address; what it does not know is left alone.</summary>
    public static ListQuery From(Uri address, IEnumerable<string> sortable, IEnumerable<string> facets)
    {
        ArgumentNullException.ThrowIfNull(address);
        var given = QueryHelpers.ParseQuery(address.Query);
        var sort = Value("sort");
        var filtering = facets.ToArray();
        var key = sort?.TrimStart('-');
        return new ListQuery
        {
            Text = Value("q") ?? "",
            Sort = sortable.Contains(key, StringComparer.Ordinal) ? key : null,
            Descending = sort?.StartsWith('-') == true,
            Group = filtering.Contains(Value("group"), StringComparer.Ordinal) ? Value("group") : null,
            View = Value("view"),
            Facets = filtering.Where(f => Value(f) is not null).ToImmutableSortedDictionary(f => f, f => Value(f)!, StringComparer.Ordinal),
        };

        string? Value(string name) => given.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value ? value : null;
    }

    /// <summary>What to set in the address; null takes a name out.</summary>
    public IReadOnlyDictionary<string, object?> ToParameters(IEnumerable<string> facets)
    {
        var parameters = facets.ToDictionary(f => f, f => (object?)Facets.GetValueOrDefault(f), StringComparer.Ordinal);
        parameters["q"] = Text.Length == 0 ? null : Text;
        parameters["group"] = Group;
        parameters["view"] = View;
        parameters["sort"] = Sort is null ? null : Descending ? "-" + Sort : Sort;
        return parameters;
    }

    /// <summary>Whether another question leaves the same rows, in whatever order and groups.</summary>
    public bool LeavesSame(ListQuery other) => other is not null && Text == other.Text && Facets.SequenceEqual(other.Facets);

    /// <summary>The order after a click on a column's heading: up, down, as given.</summary>
    public ListQuery Sorted(string key) =>
        Sort != key ? this with { Sort = key, Descending = false }
        : !Descending ? this with { Descending = true }
        : this with { Sort = null, Descending = false };
}
