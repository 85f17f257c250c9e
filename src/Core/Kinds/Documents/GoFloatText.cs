using System.Globalization;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Kinds.Documents;

/// <summary>Floats as Go prints them.</summary>
internal static class GoFloatText
{
    private const int Million = 6;

    /// <summary>
    /// Go's <c>FormatFloat(f, 'g', -1, 64)</c>, with which its YAML and its tables have floats: an exponent below 0.0001 and from a million on.
    /// </summary>
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        // The shortest digits, which the exponent's size then lays out.
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var digits = Digits(text, out var exponent);
        if (exponent is >= -4 and < Million)
        {
            return GoJson.FormatFloat(value);
        }

        var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{(value < 0 ? "-" : "")}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    // The significant digits, and the power of ten of the first.
    private static string Digits(string text, out int exponent)
    {
        var at = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = (at < 0 ? text : text[..at]).TrimStart('-');
        var power = at < 0 ? 0 : int.Parse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        exponent = power + (point < 0 ? mantissa.Length : point) - leading - 1;
        return digits.Trim('0');
    }
}
