using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CalicoConsole.Web.Kit;

/// <summary>What happened to a line.</summary>
public enum LineChange
{
    /// <summary>It is in both.</summary>
    Same,

    /// <summary>It is only in the text before.</summary>
    Removed,

    /// <summary>It is only in the text after.</summary>
    Added,
}

/// <summary>A line of a difference.</summary>
public readonly record struct DiffLine(LineChange Change, string Text);

/// <summary>The difference of two texts, line by line. Pure.</summary>
public static class LineDiff
{
    private const int MostLines = 1000;

    /// <summary>Longer lists of numbers, such as a block's allocations, stand so many in a line.</summary>
    private const int NumbersInALine = 16;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A shortest difference; texts of more than 1000 lines stand whole one after the other. JSON is laid out in lines first.</summary>
    public static ImmutableArray<DiffLine> Between(string? before, string? after)
    {
        string[] old = Lines(before), now = Lines(after);
        if (old.Length > MostLines || now.Length > MostLines)
        {
            return [.. old.Select(l => new DiffLine(LineChange.Removed, l)), .. now.Select(l => new DiffLine(LineChange.Added, l))];
        }

        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = ImmutableArray.CreateBuilder<DiffLine>();
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                lines.Add(new(LineChange.Same, old[i++]));
                j++;
            }
            else if (i < old.Length && (j == now.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(new(LineChange.Removed, old[i++]));
            }
            else
            {
                lines.Add(new(LineChange.Added, now[j++]));
            }
        }

        return lines.ToImmutable();
    }

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
