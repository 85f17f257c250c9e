using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>A piece of a line of one look.</summary>
/// <param name="Text">The text.</param>
/// <param name="Class">CSS classes; null for plain text.</param>
/// <param name="Style">CSS colours that no class has; null for none.</param>
internal sealed record TerminalPiece(string Text, string? Class, string? Style);

/// <summary>
/// Lines of a program's output as a terminal shows them: colours and weights (ECMA-48 SGR), carriage returns and backspaces that overwrite, movements within
/// the line. A look holds until the program changes it, also over lines. What moves to other lines, sets titles or rings the bell is left out. Not safe for
/// concurrent use.
/// </summary>
internal sealed class TerminalText
{
    // A program may move to column a billion.
    private const int Widest = 64 * 1024;
    private TerminalLook _look = TerminalLook.Plain;

    /// <summary>One line, without its line end.</summary>
    public ImmutableArray<TerminalPiece> Line(string text)
    {
        var cells = new List<(Rune Rune, TerminalLook Look)>(text.Length);
        var column = 0;
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            switch (c)
            {
                case '\u001b':
                    i = Escape(text, i, cells, ref column);
                    continue;
                case '\r':
                    column = 0;
                    break;
                case '\b':
                    column = Math.Max(0, column - 1);
                    break;
                case '\t':
                    var stop = Math.Min((column / 8 * 8) + 8, Widest);
                    Fill(cells, stop);
                    column = stop;
                    break;
                case < ' ' or '\u007f':
                    break;
                default:
                    _ = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
                    if (column < Widest)
                    {
                        Fill(cells, column);
                        if (column < cells.Count)
                        {
                            cells[column] = (rune, _look);
                        }
                        else
                        {
                            cells.Add((rune, _look));
                        }

                        column++;
                    }

                    i += length;
                    continue;
            }

            i++;
        }

        return Pieces(cells);
    }

    private static void Fill(List<(Rune, TerminalLook)> cells, int column)
    {
        while (cells.Count < column)
        {
            cells.Add((new Rune(' '), TerminalLook.Plain));
        }
    }

    private static ImmutableArray<TerminalPiece> Pieces(List<(Rune Rune, TerminalLook Look)> cells)
    {
        var pieces = ImmutableArray.CreateBuilder<TerminalPiece>();
        var text = new StringBuilder();
        for (var i = 0; i < cells.Count; i++)
        {
            text.Append(cells[i].Rune);
            if (i + 1 == cells.Count || cells[i + 1].Look != cells[i].Look)
            {
                pieces.Add(new TerminalPiece(text.ToString(), cells[i].Look.Class, cells[i].Look.Style));
                text.Clear();
            }
        }

        return pieces.ToImmutable();
    }

    /// <summary>Takes an escape sequence at <paramref name="at"/>; answers where the text goes on.</summary>
    private int Escape(string text, int at, List<(Rune Rune, TerminalLook Look)> cells, ref int column)
    {
        if (at + 1 >= text.Length)
        {
            return text.Length;
        }

        switch (text[at + 1])
        {
            case '[':
                var end = at + 2;
                while (end < text.Length && text[end] is < '@' or > '~')
                {
                    end++;
                }

                if (end < text.Length)
                {
                    Control(text[end], text[(at + 2)..end], cells, ref column);
                }

                return Math.Min(end + 1, text.Length);
            case ']' or 'P' or 'X' or '^' or '_':
                // A text for the terminal itself, such as its title, to BEL or ESC \.
                var bell = text.IndexOf('\a', at);
                var escape = text.IndexOf("\u001b\\", at + 2, StringComparison.Ordinal);
                return (bell, escape) switch
                {
                    ( < 0, < 0) => text.Length,
                    (_, < 0) => bell + 1,
                    ( < 0, _) => escape + 2,
                    _ => bell < escape ? bell + 1 : escape + 2,
                };
            case '(' or ')' or '#' or '%' or ' ':
                return Math.Min(at + 3, text.Length);
            default:
                return at + 2;
        }
    }

    private void Control(char final, string parameters, List<(Rune Rune, TerminalLook Look)> cells, ref int column)
    {
        var first = int.TryParse(parameters.Split(';', ':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        switch (final)
        {
            case 'm' when parameters.Length == 0 || char.IsAsciiDigit(parameters[0]) || parameters[0] is ';' or ':':
                _look = _look.After(parameters);
                break;
            case 'K':
                switch (first ?? 0)
                {
                    case 0:
                        cells.RemoveRange(Math.Min(column, cells.Count), Math.Max(0, cells.Count - column));
                        break;
                    case 1:
                        for (var i = 0; i <= Math.Min(column, cells.Count - 1); i++)
                        {
                            cells[i] = (new Rune(' '), TerminalLook.Plain);
                        }

                        break;
                    case 2:
                        cells.Clear();
                        break;
                }

                break;
            case 'C':
                column = (int)Math.Min(Widest, (long)column + Math.Max(1, first ?? 1));
                break;
            case 'D':
                column = Math.Max(0, column - Math.Max(1, first ?? 1));
                break;
            case 'G':
                column = Math.Min(Widest, Math.Max(1, first ?? 1) - 1);
                break;
        }
    }
}
