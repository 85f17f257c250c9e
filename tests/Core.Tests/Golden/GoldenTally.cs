using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Tests.Golden;

/// <summary>Counts cases by kind and column, and remembers what failed.</summary>
internal sealed class GoldenTally
{
    private readonly SortedDictionary<string, SortedDictionary<string, (int Passed, int Total)>> _counts = new(StringComparer.Ordinal);
    private readonly List<string> _failed = [];

    /// <summary>Counts a case; a failed one is shown with both texts.</summary>
    public void Add(string row, string column, string name, string wanted, string given)
    {
        var counts = _counts.TryGetValue(row, out var known) ? known : _counts[row] = new(StringComparer.Ordinal);
        var (passed, total) = counts.GetValueOrDefault(column);
        counts[column] = (passed + (wanted == given ? 1 : 0), total + 1);
        if (wanted != given)
        {
            _failed.Add($"{name} ({column})\n--- the real tool\n{wanted}\n--- we\n{given}");
        }
    }

    /// <summary>Whether a column of a row has any case.</summary>
    public int Total(string column) => _counts.Values.Sum(c => c.GetValueOrDefault(column).Total);

    /// <summary>Prints the figures and fails with the first few that differ.</summary>
    public void Report(ITestOutputHelper output, string title)
    {
        string[] columns = [.. _counts.Values.SelectMany(c => c.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var text = new StringBuilder($"{title}: passed / total\n");
        text.Append(CultureInfo.InvariantCulture, $"{"",-44}").AppendJoin("", columns.Select(c => $"{c,16}")).Append('\n');
        foreach (var (row, counts) in _counts)
        {
            var cells = columns.Select(c => counts.TryGetValue(c, out var n) ? $"{n.Passed} / {n.Total}" : "-");
            text.Append(CultureInfo.InvariantCulture, $"{row,-44}").AppendJoin("", cells.Select(c => $"{c,16}")).Append('\n');
        }

        var all = columns.Select(c => $"{$"{_counts.Values.Sum(r => r.GetValueOrDefault(c).Passed)} / {Total(c)}",16}");
        output.WriteLine(text.Append(CultureInfo.InvariantCulture, $"{"all",-44}").AppendJoin("", all).ToString());
        Assert.True(_failed.Count == 0, $"{_failed.Count} differ\n\n{string.Join("\n\n", _failed.Take(Shown))}");
    }

    private const int Shown = 400;
}
