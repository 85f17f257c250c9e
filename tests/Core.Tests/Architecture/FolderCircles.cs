namespace CalicoConsole.Core.Tests.Architecture;

/// <summary>Folders that use each other in a circle.</summary>
internal static class FolderCircles
{
    /// <summary>
    /// One text for each set of folders that all lead back to each other, with an example of every arrow inside it; none when there is no circle.
    /// </summary>
    /// <param name="uses">Who uses whom.</param>
    /// <param name="parent">The namespace whose folders are looked at; types that stand in it directly count as a folder <c>.</c> of their own.</param>
    public static IReadOnlyList<string> Find(IEnumerable<(Type From, Type To)> uses, string parent)
    {
        var arrows = uses.Select(u => (From: FolderOf(u.From, parent), To: FolderOf(u.To, parent), Use: u))
            .Where(a => a.From is not null && a.To is not null && a.From != a.To)
            .ToLookup(a => (From: a.From!, To: a.To!), a => $"{a.Use.From.Name} uses {a.Use.To.Name}");
        var next = arrows.Select(a => a.Key).ToLookup(a => a.From, a => a.To, StringComparer.Ordinal);
        var reach = next.Select(n => n.Key).ToDictionary(f => f, f => Reachable(f, next), StringComparer.Ordinal);
        return [.. reach.Keys.Where(f => reach[f].Contains(f))
            .Select(f => string.Join(", ", reach[f].Where(o => reach.TryGetValue(o, out var back) && back.Contains(f)).Order(StringComparer.Ordinal)))
            .Distinct(StringComparer.Ordinal)
            .Select(circle => $"{circle}: {Inside(circle.Split(", "))}")];

        string Inside(string[] folders) => string.Join("; ", arrows.Where(a => folders.Contains(a.Key.From) && folders.Contains(a.Key.To))
            .Select(a => $"{a.Key.From} -> {a.Key.To} ({a.Count()}: {string.Join(", ", a.Order(StringComparer.Ordinal).Take(4))})"));
    }

    private static HashSet<string> Reachable(string from, ILookup<string, string> next)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(next[from]);
        while (open.TryPop(out var folder))
        {
            if (found.Add(folder))
            {
                foreach (var further in next[folder])
                {
                    open.Push(further);
                }
            }
        }

        return found;
    }

    private static string? FolderOf(Type type, string parent) => type.Namespace is not { } its ? null
        : its == parent ? "." : its.StartsWith(parent + ".", StringComparison.Ordinal) ? its[(parent.Length + 1)..].Split('.')[0] : null;
}
