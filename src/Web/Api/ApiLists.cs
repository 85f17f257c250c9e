namespace CalicoConsole.Web.Api;

/// <summary>A list.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Total">How many there are in all.</param>
internal sealed record ApiList<T>(IReadOnlyList<T> Items, long Total)
{
    /// <summary>A whole list.</summary>
    public static ApiList<T> Of(IReadOnlyList<T> items) => new(items, items.Count);
}
