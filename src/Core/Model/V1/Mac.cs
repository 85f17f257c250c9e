namespace CalicoConsole.Core.Model.V1;

/// <summary>Hardware addresses in the forms that Go's net.ParseMAC takes: 6, 8 or 20 bytes with colons, hyphens or dots.</summary>
public static class Mac
{
    /// <summary>Reads an address and gives it in lower case with colons.</summary>
    public static bool TryNormalize(string text, out string mac)
    {
        mac = "";
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
}
