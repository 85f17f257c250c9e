using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Model;

/// <summary>
/// Text that others stored, for people to read: what would steer a terminal or turn the direction of a line stands there as <c>\u001b</c>, so that it is seen
/// and does nothing. Pure.
/// </summary>
public static class VisibleText
{
    /// <summary>The text with such characters written out; the very same text when it has none.</summary>
    public static string From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(Steers))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = Steers(c) ? visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : visible.Append(c);
        }

        return visible.ToString();
    }

    /// <summary>
    /// Whether a character steers what shows it and is not seen itself: controls, marks of direction, separators of lines, joiners and the like.
    /// </summary>
    public static bool Steers(char c) => c is < ' ' or > '~'
        && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator;
}
