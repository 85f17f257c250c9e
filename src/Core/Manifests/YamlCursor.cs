using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>A place in a YAML text.</summary>
/// <param name="Index">Characters before it.</param>
/// <param name="Line">The line, from 0.</param>
/// <param name="Column">The column, from 0.</param>
internal readonly record struct YamlMark(int Index, int Line, int Column);

/// <summary>A text is no YAML, or holds what calicoctl's parser refuses.</summary>
/// <param name="reason">Why, in calicoctl's words where it has some.</param>
/// <param name="line">The line of the text, from 1.</param>
/// <param name="column">The column, from 1.</param>
internal sealed class YamlFormatException(string reason, int line, int column) : Exception(reason)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column, from 1.</summary>
    public int Column { get; } = column;

    public static YamlFormatException At(YamlMark mark, string reason) => new(reason, mark.Line + 1, mark.Column + 1);
}

/// <summary>Walks over the characters of a YAML 1.1 text: behind its end there are only zeros. Not thread-safe.</summary>
internal sealed class YamlCursor(string text)
{
    private int _at;

    public YamlMark Mark { get; private set; }

    public int Column => Mark.Column;

    public char Now => At(0);

    public bool IsEnd => Now == '\0';

    /// <summary>Whether <c>---</c> or <c>...</c> stands here, alone or before a blank, at the beginning of a line.</summary>
    public bool IsDocumentIndicator => IsIndicator('-') || IsIndicator('.');

    public char At(int offset) => _at + offset < text.Length ? text[_at + offset] : '\0';

    public bool IsBlank(int offset = 0) => At(offset) is ' ' or '\t';

    public bool IsBreak(int offset = 0) => At(offset) is '\r' or '\n' or '\x85' or '\u2028' or '\u2029';

    public bool IsBreakOrEnd(int offset = 0) => At(offset) == '\0' || IsBreak(offset);

    public bool IsBlankOrEnd(int offset = 0) => IsBlank(offset) || IsBreakOrEnd(offset);

    /// <summary>Whether a letter or a digit of ASCII, <c>_</c> or <c>-</c> stands here, of which names of anchors and tags are made.</summary>
    public bool IsWord(int offset = 0) => char.IsAsciiLetterOrDigit(At(offset)) || At(offset) is '_' or '-';

    public bool IsIndicator(char c) => Column == 0 && Now == c && At(1) == c && At(2) == c && IsBlankOrEnd(3);

    public void Skip()
    {
        // The second half of a pair is no character of its own.
        if (!char.IsLowSurrogate(Now))
        {
            Mark = new YamlMark(Mark.Index + 1, Mark.Line, Mark.Column + 1);
        }

        _at++;
    }

    public void Skip(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Skip();
        }
    }

    public char Read()
    {
        var c = Now;
        Skip();
        return c;
    }

    /// <summary>Skips the end of a line and adds it as the value has it: <c>\r\n</c>, <c>\r</c> and U+0085 as <c>\n</c>.</summary>
    public void ReadBreak(StringBuilder? value)
    {
        if (!IsBreak())
        {
            return;
        }

        var length = Now == '\r' && At(1) == '\n' ? 2 : 1;
        value?.Append(Now is '\u2028' or '\u2029' ? Now : '\n');
        _at += length;
        Mark = new YamlMark(Mark.Index + length, Mark.Line + 1, 0);
    }

    /// <summary>Skips blanks, and a comment behind them.</summary>
    public void SkipBlanksAndComment()
    {
        while (IsBlank())
        {
            Skip();
        }

        SkipComment();
    }

    public void SkipComment()
    {
        if (Now != '#')
        {
            return;
        }

        while (!IsBreakOrEnd())
        {
            Skip();
        }
    }

    /// <summary>What is left of the line up to one of some characters, shortened.</summary>
    public string RestOfLine(string until = "")
    {
        var length = 0;
        while (length < 40 && !IsBreakOrEnd(length) && !until.Contains(At(length), StringComparison.Ordinal))
        {
            length++;
        }

        return text.Substring(_at, length);
    }

    /// <summary>The text ends here: the next line begins.</summary>
    public void EndLine()
    {
        if (Column != 0)
        {
            Mark = new YamlMark(Mark.Index, Mark.Line + 1, 0);
        }
    }

    public YamlFormatException Error(string reason) => YamlFormatException.At(Mark, reason);
}
