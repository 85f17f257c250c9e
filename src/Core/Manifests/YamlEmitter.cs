using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Writes block YAML byte for byte as go-yaml's emitter lays it out: two spaces of indent, lists at the indent of their map, long lines folded
/// behind column 80. YamlDotNet's emitter quotes and folds by other rules. Not thread-safe.
/// </summary>
internal sealed class YamlEmitter
{
    /// <summary>The indent outside of everything.</summary>
    public const int Root = -1;

    private const int Step = 2;
    private const int Width = 80;
    private const int LongestKey = 128;

    private readonly StringBuilder _text = new();
    private int _column;
    private bool _blank = true;
    private bool _indented = true;

    /// <summary>The indent of a map's members.</summary>
    public static int Deeper(int indent) => indent < 0 ? 0 : indent + Step;

    /// <summary>The indent of a list's items.</summary>
    public int ListIndent(int indent, bool inMap) => indent < 0 ? 0 : inMap && !_indented ? indent : indent + Step;

    /// <summary>Begins an item of a list.</summary>
    public void Item(int indent)
    {
        Indent(indent);
        Indicator("-", spaceBefore: true, isBlank: false, isIndent: true);
    }

    /// <summary>Begins a member of a map.</summary>
    public void Key(string name, int indent)
    {
        Indent(indent);
        if (Encoding.UTF8.GetByteCount(name) <= LongestKey && !name.EnumerateRunes().Any(YamlText.IsBreak))
        {
            Text(name, indent, isKey: true);
            Indicator(":", spaceBefore: false, isBlank: false, isIndent: false);
            return;
        }

        Indicator("?", spaceBefore: true, isBlank: false, isIndent: true);
        Text(name, indent, isKey: false);
        Indent(indent);
        Indicator(":", spaceBefore: true, isBlank: false, isIndent: true);
    }

    /// <summary>An empty map or list.</summary>
    public void Empty(string open, string close)
    {
        Indicator(open, spaceBefore: true, isBlank: true, isIndent: false);
        Indicator(close, spaceBefore: false, isBlank: false, isIndent: false);
    }

    /// <summary>A number, boolean or null.</summary>
    public void Word(string word) => Indicator(word, spaceBefore: true, isBlank: false, isIndent: false);

    /// <summary>A text.</summary>
    public void Text(string text, int indent, bool isKey)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        var wanted = GoYaml.IsAmbiguous(text) ? YamlStyle.DoubleQuoted : text.Contains('\n', StringComparison.Ordinal) ? YamlStyle.Literal : YamlStyle.Plain;
        var inner = indent < 0 ? Step : indent + Step;
        switch (YamlText.From(runes).Style(wanted, isKey))
        {
            case YamlStyle.Plain:
                Space();
                Folded(runes, inner, isKey, quote: false);
                break;
            case YamlStyle.SingleQuoted:
                Indicator("'", spaceBefore: true, isBlank: false, isIndent: false);
                Folded(runes, inner, isKey, quote: true);
                Indicator("'", spaceBefore: false, isBlank: false, isIndent: false);
                break;
            case YamlStyle.DoubleQuoted:
                Indicator("\"", spaceBefore: true, isBlank: false, isIndent: false);
                Escaped(runes, inner, isKey);
                Indicator("\"", spaceBefore: false, isBlank: false, isIndent: false);
                break;
            case YamlStyle.Literal:
                Literal(runes, inner);
                return;
        }

        _blank = false;
        _indented = false;
    }

    /// <summary>All that was written.</summary>
    public string End()
    {
        Indent(Root);
        return _text.ToString();
    }

    private static bool IsSpaceAt(Rune[] text, int i) => i < text.Length && YamlText.IsSpace(text[i]);

    // Plain or in single quotes: a single space behind the last column becomes a line end, and a line end two.
    private void Folded(Rune[] text, int indent, bool isKey, bool quote)
    {
        var (spaces, breaks) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (YamlText.IsSpace(c))
            {
                var inside = !quote || (i > 0 && i < text.Length - 1);
                if (!isKey && !spaces && inside && _column > Width && !IsSpaceAt(text, i + 1))
                {
                    Indent(indent);
                }
                else
                {
                    Put(c);
                }

                spaces = true;
                continue;
            }

            if (YamlText.IsBreak(c))
            {
                if (!breaks && c.Value == '\n')
                {
                    Break();
                }

                Break(c);
                _indented = true;
                breaks = true;
                continue;
            }

            if (breaks)
            {
                Indent(indent);
            }

            if (quote && c.Value == '\'')
            {
                Put(c);
            }

            Put(c);
            (_indented, spaces, breaks) = (false, false, false);
        }
    }

    private void Escaped(Rune[] text, int indent, bool isKey)
    {
        // go-yaml looks for a byte order mark at the text's begin whatever character it writes.
        var marked = text.Length > 0 && text[0].Value == 0xFEFF;
        var spaces = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (marked || !YamlText.IsPrintable(c) || YamlText.IsBreak(c) || c.Value is '"' or '\\')
            {
                Put(Escape(c.Value));
                spaces = false;
            }
            else if (YamlText.IsSpace(c))
            {
                if (!isKey && !spaces && _column > Width && i > 0 && i < text.Length - 1)
                {
                    Indent(indent);
                    if (IsSpaceAt(text, i + 1))
                    {
                        Put("\\");
                    }
                }
                else
                {
                    Put(c);
                }

                spaces = true;
            }
            else
            {
                Put(c);
                spaces = false;
            }
        }
    }

    private void Literal(Rune[] text, int indent)
    {
        Indicator("|", spaceBefore: true, isBlank: false, isIndent: false);
        if (YamlText.IsSpace(text[0]) || YamlText.IsBreak(text[0]))
        {
            Put(Step.ToString(CultureInfo.InvariantCulture));
        }

        if (!YamlText.IsBreak(text[^1]))
        {
            Put("-");
        }
        else if (text.Length == 1 || YamlText.IsBreak(text[^2]))
        {
            Put("+");
        }

        Break();
        (_indented, _blank) = (true, true);
        var breaks = true;
        foreach (var c in text)
        {
            if (YamlText.IsBreak(c))
            {
                Break(c);
                (_indented, breaks) = (true, true);
                continue;
            }

            if (breaks)
            {
                Indent(indent);
            }

            Put(c);
            (_indented, breaks) = (false, false);
        }
    }

    private static string Escape(int c) => c switch
    {
        0 => @"\0",
        0x07 => @"\a",
        0x08 => @"\b",
        0x09 => @"\t",
        0x0A => @"\n",
        0x0B => @"\v",
        0x0C => @"\f",
        0x0D => @"\r",
        0x1B => @"\e",
        '"' => "\\\"",
        '\\' => @"\\",
        0x85 => @"\N",
        0xA0 => @"\_",
        0x2028 => @"\L",
        0x2029 => @"\P",
        <= 0xFF => string.Create(CultureInfo.InvariantCulture, $"\\x{c:X2}"),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{c:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{c:X8}"),
    };

    private void Indent(int indent)
    {
        indent = Math.Max(0, indent);
        if (!_indented || _column > indent || (_column == indent && !_blank))
        {
            Break();
        }

        _text.Append(' ', indent - _column);
        _column = indent;
        (_blank, _indented) = (true, true);
    }

    private void Indicator(string indicator, bool spaceBefore, bool isBlank, bool isIndent)
    {
        if (spaceBefore)
        {
            Space();
        }

        Put(indicator);
        _blank = isBlank;
        _indented &= isIndent;
    }

    private void Space()
    {
        if (!_blank)
        {
            Put(" ");
        }
    }

    private void Put(string text)
    {
        _text.Append(text);
        _column += text.Length;
    }

    private void Put(Rune c)
    {
        _text.Append(c);
        _column++;
    }

    private void Break() => Break(new Rune('\n'));

    private void Break(Rune c)
    {
        _text.Append(c);
        _column = 0;
    }
}
