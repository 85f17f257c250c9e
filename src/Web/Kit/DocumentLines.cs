using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using DiffPlex;
using DiffPlex.Chunkers;
using DiffPlex.DiffBuilder.Model;

namespace CalicoConsole.Web.Kit;

/// <summary>A line of a difference.</summary>
/// <param name="Change">Inserted, Deleted or Unchanged.</param>
/// <param name="Number">Its number: of a deleted line in the document before, else in the one after.</param>
/// <param name="Text">The line.</param>
public readonly record struct DiffLine(ChangeType Change, int Number, string Text);

/// <summary>What DiffPlex says of two documents, line by line. JSON is laid out in lines first. Pure.</summary>
public static class DocumentLines
{
    // Two texts of this many lines without a common one take DiffPlex about 0.2 s; it grows with the square.
    private const int MostLines = 5000;

    private static readonly IChunker EachLine = new CustomFunctionChunker(static text => text.Split('\n'));

    /// <summary>Longer lists of numbers, such as a block's allocations, stand so many in a line.</summary>
    private const int NumbersInALine = 16;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A shortest difference; texts of more than 5,000 lines stand whole one after the other.</summary>
    public static ImmutableArray<DiffLine> Between(string? before, string? after)
    {
        string[] old = Lines(before), now = Lines(after);
        if (old.Length == 0 || now.Length == 0 || old.Length > MostLines || now.Length > MostLines)
        {
            return [.. Marked(ChangeType.Deleted, old, 0), .. Marked(ChangeType.Inserted, now, 0)];
        }

        var lines = ImmutableArray.CreateBuilder<DiffLine>();
        var (at, inNow) = (0, 0);
        foreach (var block in Differ.Instance.CreateDiffs(string.Join('\n', old), string.Join('\n', now), false, false, EachLine).DiffBlocks)
        {
            lines.AddRange(Marked(ChangeType.Unchanged, old.AsSpan(at..block.DeleteStartA), inNow));
            lines.AddRange(Marked(ChangeType.Deleted, old.AsSpan(block.DeleteStartA, block.DeleteCountA), block.DeleteStartA));
            lines.AddRange(Marked(ChangeType.Inserted, now.AsSpan(block.InsertStartB, block.InsertCountB), block.InsertStartB));
            (at, inNow) = (block.DeleteStartA + block.DeleteCountA, block.InsertStartB + block.InsertCountB);
        }

        lines.AddRange(Marked(ChangeType.Unchanged, old.AsSpan(at), inNow));
        return lines.ToImmutable();
    }

    private static IEnumerable<DiffLine> Marked(ChangeType change, ReadOnlySpan<string> lines, int before) =>
        lines.ToArray().Select((line, i) => new DiffLine(change, before + i + 1, line));

    private static string[] Lines(string? text) => text is null ? [] : Laid(text).TrimEnd('\n').Split('\n');

    private static string Laid(string text)
    {
        if (text.Length == 0 || text[0] is not ('{' or '['))
        {
            return text;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return Joined(JsonSerializer.Serialize(document.RootElement, Indented).Split('\n'));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It only looked like JSON: it is compared as it is.
            return text;
        }
    }

    private static string Joined(string[] lines)
    {
        var joined = new List<string>(lines.Length);
        for (var i = 0; i < lines.Length;)
        {
            var end = i;
            while (end < lines.Length && IsNumber(lines[end]))
            {
                end++;
            }

            if (end - i > NumbersInALine)
            {
                joined.AddRange(lines[i..end].Chunk(NumbersInALine).Select(c => c[0] + string.Concat(c.Skip(1).Select(n => " " + n.Trim()))));
            }
            else
            {
                end = Math.Max(end, i + 1);
                joined.AddRange(lines[i..end]);
            }

            i = end;
        }

        return string.Join('\n', joined);
    }

    private static bool IsNumber(string line) =>
        line.AsSpan().Trim().TrimEnd(',') is var text && (text is "null" || (text.Length > 0 && text.IndexOfAnyExceptInRange('0', '9') < 0));
}
