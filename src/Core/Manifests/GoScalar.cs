using System.Globalization;
using CalicoConsole.Core.Kinds.Documents;

namespace CalicoConsole.Core.Manifests;

/// <summary>What a scalar is.</summary>
internal enum GoScalarKind
{
    Null,
    Bool,
    Integer,
    Float,
    Text,
}

/// <summary>A scalar as calicoctl's go-yaml reads it: YAML 1.1's words and numbers, unless it is quoted (docs/calico-v1.md#documents).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; of a boolean <c>true</c> or <c>false</c>, of a whole number its decimal digits.</param>
/// <param name="Number">The number, when it is a float.</param>
internal readonly record struct GoScalar(GoScalarKind Kind, string Text, double Number = 0)
{
    /// <summary>Whether it is a whole number of 2^63 and more, which go-yaml takes as a value but not as a name.</summary>
    public bool IsBeyondInt { get; init; }

    /// <summary>What the tags of YAML itself begin with.</summary>
    public const string Core = "tag:yaml.org,2002:";

    /// <summary>Reads a scalar.</summary>
    /// <exception cref="YamlFormatException">Its tag does not fit it.</exception>
    public static GoScalar From(YamlTreeScalar scalar)
    {
        if (scalar.Tag.Length == 0)
        {
            return scalar.IsPlain ? Resolve(scalar.Text) : new(GoScalarKind.Text, scalar.Text);
        }

        if (scalar.Tag == Core + "binary")
        {
            return Binary(scalar);
        }

        var wanted = scalar.Tag.StartsWith(Core, StringComparison.Ordinal) ? scalar.Tag[Core.Length..] : "";
        if (wanted is not ("null" or "bool" or "int" or "float"))
        {
            // Other tags, known or not, leave a text.
            return new(GoScalarKind.Text, scalar.Text);
        }

        var read = Resolve(scalar.Text);
        return Word(read.Kind) == wanted ? read : throw At(scalar, $"cannot decode !!{Word(read.Kind)} `{scalar.Text}` as a !!{wanted}");
    }

    /// <summary>As a name of a member, or as the text that a field of texts takes.</summary>
    public string AsText() => Kind == GoScalarKind.Float ? GoFloatText.Format(Number) : Text;

    /// <summary>A plain scalar.</summary>
    public static GoScalar Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return new(GoScalarKind.Null, "");
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return new(GoScalarKind.Bool, "true");
            case ".nan" or ".NaN" or ".NAN":
                return new(GoScalarKind.Float, text, double.NaN);
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                return new(GoScalarKind.Float, text, double.PositiveInfinity);
            case "-.inf" or "-.Inf" or "-.INF":
                return new(GoScalarKind.Float, text, double.NegativeInfinity);
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return new(GoScalarKind.Bool, "false");
        }

        return text[0] is '+' or '-' or '.' or (>= '0' and <= '9') ? Numeric(text) : new(GoScalarKind.Text, text);
    }

    // Go's ParseInt of base 0, then its ParseFloat, underscores left out; base 60 is not known to it.
    private static GoScalar Numeric(string text)
    {
        if (text[0] == '.')
        {
            return Float(text) ?? new(GoScalarKind.Text, text);
        }

        var plain = text.Replace("_", "", StringComparison.Ordinal);
        return Integer(plain) ?? Float(plain) ?? Bits(plain) ?? new(GoScalarKind.Text, text);
    }

    // go-yaml's own binary form, in which a sign may stand behind the 0b.
    private static GoScalar? Bits(string plain)
    {
        var outer = plain.StartsWith("-0b", StringComparison.Ordinal);
        var inner = outer ? plain[3..] : plain.StartsWith("0b", StringComparison.Ordinal) ? plain[2..] : "";
        var negative = inner.StartsWith('-');
        return Digits(inner.TrimStart('+', '-') is var bits && inner.Length - bits.Length == 1 ? bits : "", 2) is { } v && v <= (UInt128)long.MaxValue
            ? new(GoScalarKind.Integer, (negative != outer && v != 0 ? "-" : "") + v.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    private static GoScalar? Integer(string plain)
    {
        var sign = plain.Length > 0 && plain[0] is '+' or '-' ? plain[..1] : "";
        var digits = plain[sign.Length..];
        var value = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => Digits(hex, 16),
            ['0', 'o' or 'O', .. var octal] => Digits(octal, 8),
            ['0', 'b' or 'B', .. var binary] => Digits(binary, 2),
            ['0', _, ..] => Digits(digits[1..], 8),
            _ => Digits(digits, 10),
        };
        if (value is not { } v || v > (sign == "-" ? (UInt128)1 << 63 : sign == "+" ? (UInt128)long.MaxValue : ulong.MaxValue))
        {
            return null;
        }

        return new(GoScalarKind.Integer, (sign == "-" && v != 0 ? "-" : "") + v.ToString(CultureInfo.InvariantCulture))
        {
            IsBeyondInt = v > (UInt128)long.MaxValue && sign != "-",
        };
    }

    private static UInt128? Digits(string digits, int radix)
    {
        if (digits.Length == 0)
        {
            return null;
        }

        UInt128 value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix || value > ulong.MaxValue)
            {
                return null;
            }

            value = (value * (UInt128)radix) + (UInt128)digit;
        }

        return value;
    }

    private static GoScalar? Float(string plain) => GoFloat.TryParse(plain, out var value) ? new(GoScalarKind.Float, plain, value) : null;

    private static GoScalar Binary(YamlTreeScalar scalar)
    {
        var bytes = new byte[scalar.Text.Length];
        return !scalar.Text.AsSpan().ContainsAny(' ', '\t') && Convert.TryFromBase64String(scalar.Text, bytes, out var length)
            ? new(GoScalarKind.Text, System.Text.Encoding.UTF8.GetString(bytes, 0, length))
            : throw At(scalar, "!!binary value contains invalid base64 data");
    }

    private static string Word(GoScalarKind kind) => kind switch
    {
        GoScalarKind.Null => "null",
        GoScalarKind.Bool => "bool",
        GoScalarKind.Integer => "int",
        GoScalarKind.Float => "float",
        _ => "str",
    };

    private static YamlFormatException At(YamlTreeScalar scalar, string reason) => new(reason, scalar.Line, scalar.Column);
}
