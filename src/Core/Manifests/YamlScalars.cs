using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>Scans plain and quoted scalars of YAML 1.1, as calicoctl's go-yaml does.</summary>
internal static class YamlScalars
{
    /// <summary>A plain scalar; <paramref name="endedLines"/> tells whether it ended behind the end of a line.</summary>
    public static YamlToken Plain(YamlCursor cursor, int indent, bool flow, out bool endedLines)
    {
        var (start, fold) = (cursor.Mark, new Folding());
        while (!cursor.IsDocumentIndicator && cursor.Now != '#')
        {
            while (!cursor.IsBlankOrEnd() && !EndsPlain(cursor, flow))
            {
                if (flow && cursor.Now == ':')
                {
                    var word = fold.Value + cursor.RestOfLine(",[]{} ");
                    throw YamlFormatException.At(start, $"found unexpected ':' (in a list or map in brackets, {word} needs quotes: \"{word}\")");
                }

                fold.Join();
                fold.Value.Append(cursor.Read());
            }

            if (!cursor.IsBlank() && !cursor.IsBreak())
            {
                break;
            }

            while (cursor.IsBlank() || cursor.IsBreak())
            {
                if (cursor.Now == '\t' && fold.HasBreak && cursor.Column <= indent)
                {
                    throw cursor.Error("found a tab character that violate indentation");
                }

                fold.Take(cursor);
            }

            if (!flow && cursor.Column <= indent)
            {
                break;
            }
        }

        endedLines = fold.HasBreak;
        return new YamlToken(YamlTokenKind.Scalar, start, fold.Value.ToString())
        {
            IsPlain = true,
            Comment = fold.HasBreak || cursor.Now != '#' ? "" : cursor.RestOfLine(),
        };
    }

    /// <summary>A scalar in quotes.</summary>
    public static YamlToken Quoted(YamlCursor cursor)
    {
        var (start, fold, quote) = (cursor.Mark, new Folding(), cursor.Read());
        while (true)
        {
            if (cursor.IsDocumentIndicator)
            {
                throw YamlFormatException.At(cursor.Mark, $"found unexpected document indicator (in the quotes that begin in line {start.Line + 1})");
            }

            if (cursor.IsEnd)
            {
                throw cursor.Error($"found unexpected end of stream (the quotes that begin in line {start.Line + 1} do not end)");
            }

            // What an escaped end of line joins has no space between.
            if (Characters(cursor, quote, fold.Value))
            {
                fold.Escaped();
            }

            if (cursor.Now == quote)
            {
                cursor.Skip();
                return new YamlToken(YamlTokenKind.Scalar, start, fold.Value.ToString());
            }

            while (cursor.IsBlank() || cursor.IsBreak())
            {
                fold.Take(cursor);
            }

            fold.Join();
        }
    }

    private static bool EndsPlain(YamlCursor cursor, bool flow) =>
        (cursor.Now == ':' && cursor.IsBlankOrEnd(1)) || (flow && cursor.Now is ',' or '?' or '[' or ']' or '{' or '}');

    // Reads up to a blank or the closing quote; true when it ended with an escaped end of line.
    private static bool Characters(YamlCursor cursor, char quote, StringBuilder value)
    {
        while (!cursor.IsBlankOrEnd())
        {
            if (quote == '\'' && cursor.Now == '\'' && cursor.At(1) == '\'')
            {
                value.Append('\'');
                cursor.Skip(2);
            }
            else if (cursor.Now == quote)
            {
                return false;
            }
            else if (quote == '"' && cursor.Now == '\\' && cursor.IsBreak(1))
            {
                cursor.Skip();
                cursor.ReadBreak(null);
                return true;
            }
            else if (quote == '"' && cursor.Now == '\\')
            {
                Escape(cursor, value);
            }
            else
            {
                value.Append(cursor.Read());
            }
        }

        return false;
    }

    private static void Escape(YamlCursor cursor, StringBuilder value)
    {
        var length = cursor.At(1) switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (length == 0)
        {
            value.Append(Meaning(cursor.At(1)) ?? throw cursor.Error("found unknown escape character"));
            cursor.Skip(2);
            return;
        }

        cursor.Skip(2);
        var digits = new StringBuilder(length);
        for (var i = 0; i < length; i++)
        {
            digits.Append(char.IsAsciiHexDigit(cursor.At(i)) ? cursor.At(i) : throw cursor.Error("did not find expected hexdecimal number"));
        }

        var code = uint.Parse(digits.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (!Rune.IsValid(code))
        {
            throw cursor.Error("found invalid Unicode character escape code");
        }

        value.Append(new Rune(code).ToString());
        cursor.Skip(length);
    }

    private static char? Meaning(char c) => c switch
    {
        '0' => '\0',
        'a' => '\a',
        'b' => '\b',
        't' or '\t' => '\t',
        'n' => '\n',
        'v' => '\v',
        'f' => '\f',
        'r' => '\r',
        'e' => '\x1b',
        ' ' => ' ',
        '"' => '"',
        '\'' => '\'',
        '\\' => '\\',
        'N' => '\x85',
        '_' => '\xa0',
        'L' => '\u2028',
        'P' => '\u2029',
        _ => null,
    };

    /// <summary>Ends of lines and blanks within a scalar: one end of line becomes a space, of several the first is dropped.</summary>
    private sealed class Folding
    {
        private readonly StringBuilder _blanks = new();
        private readonly StringBuilder _break = new();
        private readonly StringBuilder _further = new();

        public StringBuilder Value { get; } = new();

        public bool HasBreak { get; private set; }

        public void Escaped() => HasBreak = true;

        public void Take(YamlCursor cursor)
        {
            if (cursor.IsBlank())
            {
                _ = HasBreak ? _blanks : _blanks.Append(cursor.Now);
                cursor.Skip();
            }
            else
            {
                _blanks.Clear();
                cursor.ReadBreak(HasBreak ? _further : _break);
                HasBreak = true;
            }
        }

        public void Join()
        {
            if (!HasBreak)
            {
                Value.Append(_blanks);
            }
            else if (_break.Length > 0 && _break[0] == '\n')
            {
                _ = _further.Length == 0 ? Value.Append(' ') : Value.Append(_further);
            }
            else
            {
                Value.Append(_break).Append(_further);
            }

            _blanks.Clear();
            _break.Clear();
            _further.Clear();
            HasBreak = false;
        }
    }
}
