using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Kinds.Documents;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// JSON as YAML in the form that calicoctl's go-yaml gives it: members sorted by name, texts quoted where YAML 1.1 would read something else.
/// </summary>
internal static partial class GoYaml
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "", "~", "null", "Null", "NULL",
        "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON",
        "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF",
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
    };

    public static string FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        var emitter = new YamlEmitter();
        Emit(emitter, document.RootElement, YamlEmitter.Root, inMap: false);
        return emitter.End();
    }

    /// <summary>Whether YAML 1.1, as go-yaml reads it, takes a plain text for something else than a text.</summary>
    internal static bool IsAmbiguous(string text) => Words.Contains(text) || (text.Length > 0 && text[0] switch
    {
        '.' => IsFloat(UnderscoredForm().Replace(text, "")),
        '+' or '-' or (>= '0' and <= '9') => IsNumber(text.Replace("_", "", StringComparison.Ordinal)) || SexagesimalForm().IsMatch(text),
        _ => false,
    });

    private static void Emit(YamlEmitter emitter, JsonElement element, int indent, bool inMap)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = element.EnumerateObject().OrderBy(p => p.Name, NaturalOrder.Instance).ToList();
                if (members.Count == 0)
                {
                    emitter.Empty("{", "}");
                }

                foreach (var member in members)
                {
                    var at = YamlEmitter.Deeper(indent);
                    emitter.Key(member.Name, at);
                    Emit(emitter, member.Value, at, inMap: true);
                }

                break;
            case JsonValueKind.Array:
                if (element.GetArrayLength() == 0)
                {
                    emitter.Empty("[", "]");
                    break;
                }

                var of = emitter.ListIndent(indent, inMap);
                foreach (var item in element.EnumerateArray())
                {
                    emitter.Item(of);
                    Emit(emitter, item, of, inMap: false);
                }

                break;
            case JsonValueKind.String:
                emitter.Text(element.GetString()!, indent, isKey: false);
                break;
            case JsonValueKind.Number:
                emitter.Word(Number(element.GetRawText()));
                break;
            default:
                emitter.Word(element.GetRawText());
                break;
        }
    }

    // A whole number in its digits, all others as Go's FormatFloat(f, 'g', -1, 64).
    private static string Number(string raw) => GoScalar.Resolve(raw) is { Kind: GoScalarKind.Integer } whole
        ? whole.Text : GoFloatText.Format(double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture));

    private static bool IsNumber(string digits) => IsPrefixed(digits) || IsBits(digits) || IsFloat(digits) || IsHexFloat(digits)
        || InfiniteForm().IsMatch(digits);

    // Whole numbers with 0x, 0o or 0b that fit 64 bits; those without a prefix are floats as well.
    private static bool IsPrefixed(string digits) => PrefixedForm().Match(digits) is { Success: true } number
        && Fits(number.Groups["digits"].Value, char.ToLowerInvariant(number.Groups["base"].ValueSpan[0]) switch { 'x' => 4, 'o' => 3, _ => 1 },
            number.Groups["sign"].Value);

    // go-yaml cuts 0b off when Go cannot read the whole, and lets it read the rest, which may have a sign of its own.
    private static bool IsBits(string digits) => BitForm().Match(digits) is { Success: true } bits
        && Fits(bits.Groups["digits"].Value, 1, bits.Groups["sign"].Length > 0 ? bits.Groups["sign"].Value : bits.Groups["before"].Length > 0 ? "+" : "");

    // Below 2^64, with a sign within 64 bits in two's complement.
    private static bool Fits(string digits, int bitsEach, string sign)
    {
        UInt128 value = 0;
        foreach (var c in digits.TrimStart('0'))
        {
            value = (value << bitsEach) | (uint)Convert.ToInt32(c.ToString(), 16);
            if (value > ulong.MaxValue)
            {
                return false;
            }
        }

        return sign switch { "" => true, "-" => value <= (UInt128)1 << 63, _ => value <= (UInt128)long.MaxValue };
    }

    // A mantissa in hex with a power of two, which must not be too large.
    private static bool IsHexFloat(string digits)
    {
        if (HexFloatForm().Match(digits) is not { Success: true } number)
        {
            return false;
        }

        var whole = number.Groups["whole"].Value.TrimStart('0');
        var fraction = number.Groups["fraction"].Value;
        var mantissa = (whole + fraction).TrimStart('0');
        var power = BigInteger.Parse(number.Groups["power"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) - (4 * fraction.Length);
        return mantissa.Length == 0
            || power + (4 * mantissa.Length) < 0
            || (power < 2048 && double.IsFinite(
                Math.ScaleB((double)BigInteger.Parse("0" + mantissa, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), (int)power)));
    }

    /// <summary>Whether Go reads a text as a float: a decimal number that is not too large.</summary>
    internal static bool IsFloat(string digits) =>
        FloatForm().IsMatch(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);

    [GeneratedRegex(@"\A(?<sign>[+-]?)0((?<base>[xX])(?<digits>[0-9a-fA-F]+)|(?<base>[oO])(?<digits>[0-7]+)|(?<base>[bB])(?<digits>[01]+))\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PrefixedForm();

    [GeneratedRegex(@"\A(?<before>-?)0b(?<sign>[+-]?)(?<digits>[01]+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex BitForm();

    [GeneratedRegex(@"\A[+-]?0[xX](?=[0-9a-fA-F.]*[0-9a-fA-F])(?<whole>[0-9a-fA-F]*)(\.(?<fraction>[0-9a-fA-F]*))?[pP](?<power>[+-]?[0-9]+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HexFloatForm();

    [GeneratedRegex(@"\A[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex FloatForm();

    [GeneratedRegex(@"(?<=[0-9])_(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex UnderscoredForm();

    [GeneratedRegex(@"\A[+-]inf(inity)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex InfiniteForm();

    [GeneratedRegex(@"\A[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SexagesimalForm();
}
