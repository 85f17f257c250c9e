using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>How a text may stand in YAML.</summary>
internal enum YamlStyle
{
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

/// <summary>What of a text decides how it may be written (YAML 1.1 as libyaml and go-yaml take it).</summary>
/// <param name="HasBreaks">Whether it has a line break of any kind.</param>
/// <param name="Plain">Whether it may stand without quotes, outside of brackets.</param>
/// <param name="Single">Whether single quotes keep it.</param>
/// <param name="Block">Whether it may be a block of lines.</param>
internal readonly record struct YamlText(bool HasBreaks, bool Plain, bool Single, bool Block)
{
    /// <summary>Looks at a text.</summary>
    public static YamlText From(ReadOnlySpan<Rune> text)
    {
        if (text.IsEmpty)
        {
            return new(false, true, true, false);
        }

        var (breaks, special, breakThenSpace, spaceThenBreak) = (false, false, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            breaks |= IsBreak(text[i]);
            special |= !IsPrintable(text[i]);
            breakThenSpace |= i > 0 && IsSpace(text[i]) && IsBreak(text[i - 1]);
            spaceThenBreak |= i > 0 && IsBreak(text[i]) && IsSpace(text[i - 1]);
        }

        var outer = IsSpace(text[0]) || IsBreak(text[0]) || IsSpace(text[^1]) || IsBreak(text[^1]);
        return new(
            breaks,
            Plain: !(outer || breaks || special || HasIndicator(text)),
            Single: !(breakThenSpace || spaceThenBreak || special),
            Block: !(IsSpace(text[^1]) || spaceThenBreak || special));
    }

    /// <summary>The style of a text, given the one that was asked for.</summary>
    public YamlStyle Style(YamlStyle wanted, bool isKey) => wanted switch
    {
        _ when isKey && HasBreaks => YamlStyle.DoubleQuoted,
        YamlStyle.Plain when !Plain => Single ? YamlStyle.SingleQuoted : YamlStyle.DoubleQuoted,
        YamlStyle.Literal when !Block || isKey => YamlStyle.DoubleQuoted,
        _ => wanted,
    };

    public static bool IsSpace(Rune c) => c.Value == ' ';

    public static bool IsBreak(Rune c) => c.Value is '\n' or '\r' or 0x85 or 0x2028 or 0x2029;

    // Neither a tab, nor what does not fit 16 bits, counts as printable.
    public static bool IsPrintable(Rune c) => c.Value is '\n' or (>= 0x20 and <= 0x7E) or (>= 0xA0 and <= 0xFFFD and not 0xFEFF);

    // What means something to YAML where it stands.
    private static bool HasIndicator(ReadOnlySpan<Rune> text)
    {
        if (text.Length >= 3 && text[0].Value is '-' or '.' && text[1] == text[0] && text[2] == text[0])
        {
            return true;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var beforeBlank = i + 1 == text.Length || text[i + 1].Value is ' ' or '\t';
            var behindBlank = i > 0 && (text[i - 1].Value is ' ' or '\t' or 0 || IsBreak(text[i - 1]));
            var means = (char)Math.Min(text[i].Value, char.MaxValue) switch
            {
                ',' or '[' or ']' or '{' or '}' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => i == 0,
                '#' => i == 0 || behindBlank,
                '?' or '-' => i == 0 && beforeBlank,
                ':' => beforeBlank,
                _ => false,
            };
            if (means)
            {
                return true;
            }
        }

        return false;
    }
}
