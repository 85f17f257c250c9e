using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>Scans anchors, aliases, tags and directives, as calicoctl's go-yaml does.</summary>
internal static class YamlProperties
{
    private const string OfUris = ";/?:@&=+$,.!~*'()[]%";

    public static YamlToken Anchor(YamlCursor cursor)
    {
        var start = cursor.Mark;
        var kind = cursor.Read() == '*' ? YamlTokenKind.Alias : YamlTokenKind.Anchor;
        var name = Word(cursor);
        return name.Length > 0 && (cursor.IsBlankOrEnd() || cursor.Now is '?' or ':' or ',' or ']' or '}' or '%' or '@' or '`')
            ? new YamlToken(kind, start, name)
            : throw cursor.Error("did not find expected alphabetic or numeric character");
    }

    public static YamlToken Tag(YamlCursor cursor)
    {
        var (start, handle, suffix) = (cursor.Mark, "", "");
        if (cursor.At(1) == '<')
        {
            cursor.Skip(2);
            suffix = Uri(cursor, "");
            if (cursor.Now != '>')
            {
                throw cursor.Error("did not find the expected '>'");
            }

            cursor.Skip();
        }
        else
        {
            cursor.Skip();
            var word = Word(cursor);
            if (cursor.Now == '!')
            {
                cursor.Skip();
                (handle, suffix) = ($"!{word}!", Uri(cursor, ""));
            }
            else
            {
                (handle, suffix) = ("!", Uri(cursor, word));
            }
        }

        return cursor.IsBlankOrEnd()
            ? new YamlToken(YamlTokenKind.Tag, start, suffix) { Handle = handle }
            : throw cursor.Error("did not find expected whitespace or line break (what begins with ! without quotes is a tag of YAML)");
    }

    /// <summary>A directive with the rest of its line. calicoctl ends with a fault at <c>%TAG</c>.</summary>
    public static YamlToken Directive(YamlCursor cursor)
    {
        var start = cursor.Mark;
        cursor.Skip();
        var name = Word(cursor);
        if (name is not "YAML" || !cursor.IsBlankOrEnd())
        {
            throw cursor.Error(name switch
            {
                "" => "could not find expected directive name",
                "TAG" => "calicoctl ends with a fault at a %TAG directive",
                _ when !cursor.IsBlankOrEnd() => "found unexpected non-alphabetical character",
                _ => "found unknown directive name",
            });
        }

        while (cursor.IsBlank())
        {
            cursor.Skip();
        }

        var major = Number(cursor);
        if (cursor.Now != '.')
        {
            throw cursor.Error("did not find expected digit or '.' character");
        }

        cursor.Skip();
        var version = string.Create(CultureInfo.InvariantCulture, $"{major}.{Number(cursor)}");
        cursor.SkipBlanksAndComment();
        if (!cursor.IsBreakOrEnd())
        {
            throw cursor.Error("did not find expected comment or line break");
        }

        cursor.ReadBreak(null);
        return new YamlToken(YamlTokenKind.VersionDirective, start, version);
    }

    private static int Number(YamlCursor cursor)
    {
        var (value, length) = (0, 0);
        while (char.IsAsciiDigit(cursor.Now))
        {
            value = ++length > 2 ? throw cursor.Error("found extremely long version number") : (value * 10) + (cursor.Read() - '0');
        }

        return length == 0 ? throw cursor.Error("did not find expected version number") : value;
    }

    private static string Word(YamlCursor cursor)
    {
        var word = new StringBuilder();
        while (cursor.IsWord())
        {
            word.Append(cursor.Read());
        }

        return word.ToString();
    }

    private static string Uri(YamlCursor cursor, string head)
    {
        var octets = new List<byte>(Encoding.UTF8.GetBytes(head));
        while (cursor.IsWord() || (!cursor.IsEnd && OfUris.Contains(cursor.Now, StringComparison.Ordinal)))
        {
            if (cursor.Now != '%')
            {
                octets.Add((byte)cursor.Read());
                continue;
            }

            Escapes(cursor, octets);
        }

        return octets.Count > 0
            ? Encoding.UTF8.GetString([.. octets])
            : throw cursor.Error("did not find URI escaped octet (a ! that stands alone needs quotes)");
    }

    private static void Escapes(YamlCursor cursor, List<byte> octets)
    {
        for (var (left, first) = (1, true); left > 0; left--, first = false)
        {
            if (cursor.Now != '%' || !char.IsAsciiHexDigit(cursor.At(1)) || !char.IsAsciiHexDigit(cursor.At(2)))
            {
                throw cursor.Error("did not find URI escaped octet");
            }

            var octet = byte.Parse([cursor.At(1), cursor.At(2)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (first)
            {
                left = octet switch
                {
                    < 0x80 => 1,
                    >= 0xC0 and < 0xE0 => 2,
                    >= 0xE0 and < 0xF0 => 3,
                    >= 0xF0 and < 0xF8 => 4,
                    _ => throw cursor.Error("did not find URI escaped octet"),
                };
            }
            else if ((octet & 0xC0) != 0x80)
            {
                throw cursor.Error("did not find URI escaped octet");
            }

            octets.Add(octet);
            cursor.Skip(3);
        }
    }
}
