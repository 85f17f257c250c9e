using System.Globalization;
using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Floats as Go's <c>ParseFloat</c> reads them: decimal, hexadecimal with an exponent of two, infinite and not a number by name; what is out of
/// range is none.
/// </summary>
internal static partial class GoFloat
{
    /// <summary>Reads a text.</summary>
    public static bool TryParse(string text, out double value)
    {
        value = 0;
        if (Named().IsMatch(text))
        {
            value = text.Contains("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return Hexadecimal().Match(text) is { Success: true } hex
            ? TryHexadecimal(hex, out value)
            : Decimal().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static bool TryHexadecimal(Match hex, out double value)
    {
        var (whole, part) = (hex.Groups["whole"].Value, hex.Groups["part"].Value);
        value = 0;
        foreach (var c in whole + part)
        {
            value = (value * 16) + Convert.ToInt32(c.ToString(), 16);
        }

        if (!int.TryParse(hex.Groups["power"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power))
        {
            power = hex.Groups["power"].Value.StartsWith('-') ? -5000 : 5000;
        }

        value = Math.ScaleB(value, Math.Clamp(power, -5000, 5000) - (4 * part.Length)) * (hex.Groups["sign"].Value == "-" ? -1 : 1);
        return whole.Length + part.Length > 0 && double.IsFinite(value);
    }

    [GeneratedRegex(@"\A(?<sign>[+-]?)(0[xX](?<whole>[0-9a-fA-F]*)\.?(?<part>[0-9a-fA-F]*)[pP](?<power>[+-]?[0-9]+))\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"\A([+-]?inf(inity)?|nan)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
