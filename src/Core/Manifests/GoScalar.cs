using System.Globalization;
using CalicoConsole.Core.Model.V1;
using YamlDotNet.Core;

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

/// <summary>A scalar as calicoctl's go-yaml reads it: YAML 1.1's words and numbers, unless it is quoted (reference §1.1).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; of a boolean <c>true</c> or <c>false</c>, of a whole number its decimal digits.</param>
/// <param name="Number">The number, when it is a float.</param>
internal readonly record struct GoScalar(GoScalarKind Kind, string Text, double Number = 0)
{
    private const string Core = "tag:yaml.org,2002:";

    /// <summary>Reads a scalar.</summary>
    /// <exception cref="YamlException">Its tag does not fit it.</exception>
    public static GoScalar Of(YamlTreeScalar scalar)
    {
        if (scalar.Tag.Length == 0)
        {
            return scalar.IsPlain ? Resolve(scalar.Text) : new(GoScalarKind.Text, scalar.Text);
        }

        if (scalar.Tag == Core + "binary")
        {
            return Binary(scalar);
        }

        var wanted = scalar.Tag.StartsWith(Core, StringComparison.Ordinal) ? scalar.Tag[Core.Length..] : "str";
        var read = wanted == "str" ? new GoScalar(GoScalarKind.Text, scalar.Text) : Resolve(scalar.Text);
        var fits = wanted switch
        {
            "null" => read.Kind == GoScalarKind.Null,
            "bool" => read.Kind == GoScalarKind.Bool,
            "int" => read.Kind == GoScalarKind.Integer,
            "float" => read.Kind is GoScalarKind.Float or GoScalarKind.Integer,
            _ => true,
        };
        return fits ? read : throw At(scalar, $"cannot decode !!{Word(read.Kind)} `{scalar.Text}` as a !!{wanted}");
    }

    /// <summary>As a name of a member, or as the text that a field of texts takes.</summary>
    public string AsText() => Kind == GoScalarKind.Float ? ShortFloat(Number) : Text;

    /// <summary>A plain scalar.</summary>
    public static GoScalar Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return new(GoScalarKind.Null, "");
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return new(GoScalarKind.Bool, "true");
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return new(GoScalarKind.Bool, "false");
        }

        return text[0] is '+' or '-' or '.' or (>= '0' and <= '9') ? Numeric(text) : new(GoScalarKind.Text, text);
    }

    /// <summary>A float as Go's <c>FormatFloat(f, 'g', -1, 32)</c>, with which calicoctl turns floats into texts: seven digits or so, <c>1e+06</c>.</summary>
    public static string ShortFloat(double value)
    {
        var single = (float)value;
        if (!float.IsFinite(single))
        {
            return float.IsNaN(single) ? "NaN" : single > 0 ? "+Inf" : "-Inf";
        }

        if (single == 0)
        {
            return float.IsNegative(single) ? "-0" : "0";
        }

        // The shortest digits of a float, which the exponent's size then lays out.
        var shortest = single.ToString("E8", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 8; digits++)
        {
            var shorter = single.ToString($"E{digits}", CultureInfo.InvariantCulture);
            if (float.Parse(shorter, CultureInfo.InvariantCulture) == single)
            {
                shortest = shorter;
                break;
            }
        }

        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent is < -4 or >= 6
            ? string.Create(CultureInfo.InvariantCulture, $"{shortest[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}")
            : GoJson.FormatFloat(double.Parse(shortest, CultureInfo.InvariantCulture));
    }

    // Base 0 of Go's ParseInt of that time, then its ParseFloat; base 60 is not known to it.
    private static GoScalar Numeric(string text)
    {
        if (text[0] == '.')
        {
            return Float(text) ?? new(GoScalarKind.Text, text);
        }

        var plain = text.Replace("_", "", StringComparison.Ordinal);
        return Integer(plain) ?? Float(plain) ?? Bits(plain) ?? new(GoScalarKind.Text, text);
    }

    private static GoScalar? Integer(string plain)
    {
        var sign = plain.Length > 0 && plain[0] is '+' or '-' ? plain[..1] : "";
        var digits = plain[sign.Length..];
        UInt128? value = digits switch
        {
            ['0', 'x' or 'X', .. var hex] when hex.Length is > 0 and <= 16 && hex.All(char.IsAsciiHexDigit) => UInt128.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ['0', .. var octal] when octal.Length is > 0 and <= 22 && octal.All(c => c is >= '0' and <= '7') => octal.Aggregate(UInt128.Zero, (sum, c) => (sum << 3) + (UInt128)(c - '0')),
            _ when digits.Length is > 0 and <= 20 && digits.All(char.IsAsciiDigit) && (digits.Length == 1 || digits[0] != '0') => UInt128.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture),
            _ => null,
        };
        var fits = value is { } v && (sign == "-" ? v <= (UInt128)1 << 63 : v <= (sign == "+" ? (UInt128)long.MaxValue : (UInt128)ulong.MaxValue));
        return fits ? new(GoScalarKind.Integer, (sign == "-" && value != 0 ? "-" : "") + value!.Value.ToString(CultureInfo.InvariantCulture)) : null;
    }

    private static GoScalar? Float(string plain) =>
        GoYaml.IsFloat(plain) ? new(GoScalarKind.Float, plain, double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture)) : null;

    private static GoScalar? Bits(string plain)
    {
        var (sign, bits) = plain switch
        {
            ['0', 'b', .. var rest] => ("", rest),
            ['-', '0', 'b', .. var rest] => ("-", rest),
            _ => ("", ""),
        };
        return bits.Length is > 0 and < 64 && bits.All(c => c is '0' or '1')
            ? new(GoScalarKind.Integer, (sign.Length > 0 && bits.Contains('1', StringComparison.Ordinal) ? "-" : "") + Convert.ToInt64(bits, 2).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    private static GoScalar Binary(YamlTreeScalar scalar)
    {
        var bytes = new byte[scalar.Text.Length];
        return Convert.TryFromBase64String(scalar.Text, bytes, out var length)
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

    private static YamlException At(YamlTreeScalar scalar, string reason)
    {
        var mark = new Mark(0, scalar.Line, scalar.Column);
        return new YamlException(mark, mark, reason);
    }
}
