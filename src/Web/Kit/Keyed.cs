namespace CalicoConsole.Web.Kit;

/// <summary>
/// Gives the items of a list identities for <c>@key</c> that no two of them share. Two siblings with one key end the whole circuit, where no error boundary
/// helps; and what the items are made of is what others stored: two tags, two profiles, two networks of one name.
/// </summary>
internal static class Keyed
{
    /// <summary>The items, each with its identity; of several with one identity all but the first have a number as well.</summary>
    public static IEnumerable<(object Identity, T Item)> By<T>(IEnumerable<T> items, Func<T, object?> identity)
    {
        Dictionary<object, int> seen = [];
        foreach (var item in items)
        {
            var own = identity(item) ?? "";
            var times = seen[own] = seen.GetValueOrDefault(own) + 1;
            yield return (times == 1 ? own : (own, times), item);
        }
    }

    /// <summary>The same of items that are their own identity.</summary>
    public static IEnumerable<(object Identity, T Item)> For<T>(IEnumerable<T> items) => By(items, static i => i);
}
