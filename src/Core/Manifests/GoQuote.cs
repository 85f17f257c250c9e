using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Manifests;

/// <summary>A text as Go's <c>%q</c> prints it.</summary>
internal static class GoQuote
{
    /// <summary>The text in double quotes, with escapes for what cannot be printed.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text.EnumerateRunes())
        {
            quoted.Append(c.Value switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\a' => @"\a",
                '\b' => @"\b",
                '\f' => @"\f",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                '\v' => @"\v",
                < ' ' or 0x7F => string.Create(CultureInfo.InvariantCulture, $"\\x{c.Value:x2}"),
                _ when c.Value == ' ' || IsPrinted(c) => c.ToString(),
                <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{c.Value:x4}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\U{c.Value:x8}"),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPrinted(Rune c) => Rune.IsLetterOrDigit(c) || Rune.IsNumber(c) || Rune.IsPunctuation(c) || Rune.IsSymbol(c)
        || Rune.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
