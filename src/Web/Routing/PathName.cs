using System.Globalization;
using System.Text;

namespace CalicoConsole.Web.Routing;

/// <summary>
/// Names in the paths of pages. Servers, browsers and the router each unescape a path, some of them twice, and fold <c>.</c>, <c>..</c> and empty parts; so
/// what they would touch stands as <c>~</c> with two hex digits, which none of them does, and the rest is percent-encoded as usual.
/// </summary>
internal static class PathName
{
    // What a name may be made of, but for letters, digits and what percent-encoding keeps through every unescaping.
    private const string Touched = "%~/\\";

    /// <summary>A name as one part of a path.</summary>
    public static string Part(string name)
    {
        if (name.Length == 0)
        {
            return "~";
        }

        var dots = name is "." or "..";
        var text = new StringBuilder();
        var plain = new StringBuilder();
        foreach (var c in name)
        {
            if (Touched.Contains(c, StringComparison.Ordinal) || c < 0x20 || c is (>= '\x7f' and < '\xa0') || (dots && c == '.'))
            {
                Flush(text, plain).Append('~').Append(((int)c).ToString("x2", CultureInfo.InvariantCulture));
            }
            else
            {
                plain.Append(c);
            }
        }

        return Flush(text, plain).ToString();
    }

    /// <summary>A name as the last parts of a path: its slashes stay as they are where every path keeps them.</summary>
    public static string Parts(string name)
    {
        var parts = name.Split('/');
        return parts.Length > 1 && Array.Exists(parts, p => p is "" or "." or "..") ? Part(name) : string.Join('/', parts.Select(Part));
    }

    /// <summary>The name that a part of a path, as the router hands it on, stands for.</summary>
    public static string Read(string part)
    {
        if (part == "~")
        {
            return "";
        }

        var text = new StringBuilder();
        for (var i = 0; i < part.Length; i++)
        {
            if (part[i] == '~' && i + 2 < part.Length && byte.TryParse(part.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var code))
            {
                text.Append((char)code);
                i += 2;
            }
            else
            {
                text.Append(part[i]);
            }
        }

        return text.ToString();
    }

    private static StringBuilder Flush(StringBuilder text, StringBuilder plain)
    {
        text.Append(Uri.EscapeDataString(plain.ToString()));
        plain.Clear();
        return text;
    }
}
