using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Columns as Go's tabwriter aligns them for calicoctl: at least five wide, three blanks between. A column reaches over neighbouring lines only,
/// and what ends a line within a value ends it here too.
/// </summary>
internal static class TextTable
{
    private const int Least = 5;
    private const int Between = 3;

    /// <summary>The table; every line ends in a newline.</summary>
    public static string Format(IEnumerable<IEnumerable<string>> rows)
    {
        var lines = Lines(string.Concat(rows.Select(row => string.Concat(row.Select(cell => cell + "\t")) + "\n")));
        var text = new StringBuilder();
        Block(text, lines, 0, lines.Count, []);
        return text.ToString();
    }

    // The last cell of a line is what stands behind its last tab, and no part of a column.
    private static List<string[]> Lines(string text) => [.. text[..^1].Split('\n', '\f').Select(line => line.Split('\t', '\v'))];

    private static void Block(StringBuilder text, List<string[]> lines, int start, int end, List<int> widths)
    {
        for (var at = start; at < end; at++)
        {
            if (widths.Count >= lines[at].Length - 1)
            {
                continue;
            }

            Write(text, lines, start, at, widths);
            start = at;
            var width = Least;
            for (; at < end && widths.Count < lines[at].Length - 1; at++)
            {
                width = Math.Max(width, Width(lines[at][widths.Count]) + Between);
            }

            Block(text, lines, start, at, [.. widths, width]);
            start = at;
        }

        Write(text, lines, start, end, widths);
    }

    private static void Write(StringBuilder text, List<string[]> lines, int start, int end, List<int> widths)
    {
        for (var at = start; at < end; at++)
        {
            for (var i = 0; i < lines[at].Length; i++)
            {
                text.Append(lines[at][i]);
                if (i < widths.Count)
                {
                    text.Append(' ', widths[i] - Width(lines[at][i]));
                }
            }

            text.Append('\n');
        }
    }

    private static int Width(string cell) => cell.EnumerateRunes().Count();
}
