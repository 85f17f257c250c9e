using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>Reads stored JSON with the tolerance of Go's encoding/json, and formats numbers as it does. Thread-safe.</summary>
public static class GoJson
{
    /// <summary>Deeper documents are refused.</summary>
    public const int MaxDepth = 256;

    /// <summary>Order of map members and of keys: by UTF-8 bytes, which unlike UTF-16 order puts surrogate pairs last.</summary>
    public static IComparer<string> ByteOrder { get; } = Comparer<string>.Create(CompareBytes);

    /// <summary>Reads a stored value. Whatever the bytes are, the answer is a value or a reason, never an exception.</summary>
    /// <param name="bytes">The stored bytes; parts that are not UTF-8 are replaced as Go does.</param>
    /// <param name="read">Makes the value from the root; signals what is wrong by <see cref="GoJsonException"/>.</param>
    public static Decoded<T> Read<T>(ReadOnlySpan<byte> bytes, Func<JsonElement, T> read)
        where T : class
    {
        byte[]? rented = null;
        try
        {
            if (!System.Text.Unicode.Utf8.IsValid(bytes))
            {
                using var replaced = JsonDocument.Parse(Encoding.UTF8.GetString(bytes), new JsonDocumentOptions { MaxDepth = MaxDepth });
                return new(read(replaced.RootElement), null);
            }

            rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(rented);
            using var document = JsonDocument.Parse(rented.AsMemory(0, bytes.Length), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new(read(document.RootElement), null);
        }
        catch (JsonException e)
        {
            return new(null, NotJson(e));
        }
        catch (GoJsonException e)
        {
            return new(null, e.Message);
        }
        catch (InvalidOperationException e)
        {
            // System.Text.Json reports escapes of lone surrogates only when the text is taken.
            return new(null, $"not JSON: {e.Message}");
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Where a text stops being JSON, and why, in words for people.</summary>
    public static string NotJson(JsonException e)
    {
        var reason = e.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
        return string.Create(CultureInfo.InvariantCulture, $"not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {reason}");
    }

    /// <summary>Reads an array of texts; null is empty.</summary>
    public static ImmutableArray<string> Strings(JsonElement element, string member) => Array(element, member, static (e, m) => Text(e, m));

    /// <summary>Reads an array; null is empty.</summary>
    public static ImmutableArray<T> Array<T>(JsonElement element, string member, Func<JsonElement, string, T> read)
    {
        if (element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return [];
        }

        Expect(element, JsonValueKind.Array, member, "array");
        var items = ImmutableArray.CreateBuilder<T>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            items.Add(Item(item, member, items.Count, read));
        }

        return items.MoveToImmutable();
    }

    // Only a reason names the place within the array.
    private static T Item<T>(JsonElement element, string member, int index, Func<JsonElement, string, T> read)
    {
        try
        {
            return read(element, member);
        }
        catch (GoJsonException)
        {
            return read(element, $"{member}[{index.ToString(CultureInfo.InvariantCulture)}]");
        }
    }

    /// <summary>Reads a map of texts; null is empty, of repeated keys the last counts.</summary>
    public static ImmutableSortedDictionary<string, string> Map(JsonElement element, string member)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return map.ToImmutable();
        }

        Expect(element, JsonValueKind.Object, member, "object");
        foreach (var property in element.EnumerateObject())
        {
            map[property.Name] = Text(property.Value, $"{member}.{property.Name}");
        }

        return map.ToImmutable();
    }

    /// <summary>Reads a text; null and absent are empty.</summary>
    public static string Text(JsonElement element, string member)
    {
        if (element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return "";
        }

        Expect(element, JsonValueKind.String, member, "string");
        return element.GetString()!;
    }

    /// <summary>Throws unless the element is of a kind.</summary>
    public static void Expect(JsonElement element, JsonValueKind kind, string member, string name)
    {
        if (element.ValueKind != kind)
        {
            throw new GoJsonException($"'{member}' is {Describe(element.ValueKind)} and not {name}");
        }
    }

    /// <summary>A kind of JSON value in words.</summary>
    public static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    /// <summary>A float as Go's encoding/json writes it. Infinite and NaN have no JSON form and throw <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static string FormatFloat(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no such number");
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        // .NET's "E16" rounds; "R" gives the shortest digits, which are then laid out by Go's rule.
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var sign = shortest[0] == '-' ? "-" : "";
        var mantissa = shortest[sign.Length..];
        var exponent = 0;
        if (mantissa.IndexOf('E', StringComparison.Ordinal) is var e and >= 0)
        {
            exponent = int.Parse(mantissa[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var scale = (point < 0 ? mantissa.Length : point) + exponent;
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        scale -= leading;

        var magnitude = Math.Abs(value);
        if (magnitude is < 1e-6 or >= 1e21)
        {
            var power = scale - 1;
            var rest = digits.Length > 1 ? "." + digits[1..] : "";
            // Go writes at least two digits of a positive exponent, and trims e-09 to e-9.
            return string.Create(CultureInfo.InvariantCulture,
                $"{sign}{digits[0]}{rest}e{(power < 0 ? "-" : "+")}"
                + $"{(power < 0 ? Math.Abs(power).ToString(CultureInfo.InvariantCulture) : power.ToString("00", CultureInfo.InvariantCulture))}");
        }

        return sign + (scale <= 0 ? "0." + new string('0', -scale) + digits
            : scale >= digits.Length ? digits + new string('0', scale - digits.Length)
            : digits[..scale] + "." + digits[scale..]);
    }

    /// <summary>Compact JSON laid out as Go's MarshalIndent does with two spaces; empty objects and arrays stay on their line.</summary>
    public static string Indent(string json)
    {
        var text = new StringBuilder();
        var depth = 0;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            switch (c)
            {
                case '"':
                    var end = EndOfString(json, i);
                    text.Append(json, i, end - i);
                    i = end - 1;
                    break;
                case '{' or '[':
                    text.Append(c);
                    if (json[i + 1] is '}' or ']')
                    {
                        text.Append(json[++i]);
                        break;
                    }

                    NewLine(text, ++depth);
                    break;
                case '}' or ']':
                    NewLine(text, --depth).Append(c);
                    break;
                case ',':
                    NewLine(text.Append(c), depth);
                    break;
                case ':':
                    text.Append(": ");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        return text.ToString();
    }

    private static int EndOfString(string json, int start)
    {
        var i = start + 1;
        while (json[i] != '"')
        {
            i += json[i] == '\\' ? 2 : 1;
        }

        return i + 1;
    }

    private static StringBuilder NewLine(StringBuilder text, int depth) => text.Append('\n').Append(' ', depth * 2);

    private static int CompareBytes(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return left is null ? right is null ? 0 : -1 : 1;
        }

        return Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
    }
}
