namespace CalicoConsole.Core.Model.V1;

/// <summary>Hardware addresses in the forms that Go's net.ParseMAC takes: 6, 8 or 20 bytes with colons, hyphens or dots.</summary>
public static class Mac
{
    /// <summary>Reads an address and gives it in lower case with colons.</summary>
    public static bool TryNormalize(string text, out string mac)
    {
        mac = "";
        if (IsNormal(text))
        {
            mac = text;
            return true;
        }

        var dotted = text.Contains('.', StringComparison.Ordinal);
        var separator = dotted ? '.' : text.Contains(':', StringComparison.Ordinal) ? ':' : '-';
        var groups = text.Split(separator);
        var width = dotted ? 4 : 2;
        if (groups.Any(g => g.Length != width || !g.All(char.IsAsciiHexDigit)))
        {
            return false;
        }

        var digits = string.Concat(groups);
        if (digits.Length / 2 is not (6 or 8 or 20))
        {
            return false;
        }

        mac = string.Join(':', digits.ToLowerInvariant().Chunk(2).Select(pair => new string(pair)));
        return true;
    }

    // As nearly all are stored: six pairs in lower case with colons.
    private static bool IsNormal(string text)
    {
        if (text.Length != 17)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i % 3 == 2 ? text[i] != ':' : !char.IsAsciiHexDigitLower(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
