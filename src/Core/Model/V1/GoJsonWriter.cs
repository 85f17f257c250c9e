using System.Globalization;
using System.Text;

namespace CalicoConsole.Core.Model.V1;

/// <summary>
/// Writes JSON byte for byte as Go's encoding/json does for Calico (docs/calico-v1.md#json-as-go-writes-it): no white space, <c>&lt; &gt; &amp;</c> and
/// U+2028/U+2029 escaped in lower-case hex, shortest floats. The caller gives members in struct order. Not thread-safe.
/// </summary>
public sealed class GoJsonWriter
{
    private readonly StringBuilder _text = new();
    private bool _comma;

    /// <summary>Opens an object.</summary>
    public GoJsonWriter BeginObject() => Open('{');

    /// <summary>Closes an object, after writing members that are not known.</summary>
    public GoJsonWriter EndObject(UnknownMembers unknown = default)
    {
        foreach (var (name, raw) in unknown.Members)
        {
            Name(name).Raw(raw);
        }

        return Close('}');
    }

    /// <summary>Opens an array.</summary>
    public GoJsonWriter BeginArray() => Open('[');

    /// <summary>Closes an array.</summary>
    public GoJsonWriter EndArray() => Close(']');

    /// <summary>Writes a member's name.</summary>
    public GoJsonWriter Name(string name)
    {
        Separate();
        AppendString(_text, name);
        _text.Append(':');
        _comma = false;
        return this;
    }

    /// <summary>Writes a text.</summary>
    public GoJsonWriter String(string value)
    {
        Separate();
        AppendString(_text, value);
        return this;
    }

    /// <summary>Writes a whole number.</summary>
    public GoJsonWriter Number(long value) => Raw(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a float as Go does: shortest digits, plain from 1e-6 up to below 1e21, else with an exponent.</summary>
    public GoJsonWriter Float(double value) => Raw(GoJson.FormatFloat(value));

    /// <summary>Writes true or false.</summary>
    public GoJsonWriter Bool(bool value) => Raw(value ? "true" : "false");

    /// <summary>Writes null.</summary>
    public GoJsonWriter Null() => Raw("null");

    /// <summary>Writes JSON text as it is.</summary>
    public GoJsonWriter Raw(string json)
    {
        Separate();
        _text.Append(json);
        return this;
    }

    /// <summary>Writes an array of texts, <c>[]</c> when there are none.</summary>
    public GoJsonWriter Strings(IEnumerable<string> values) => Array(values, static (w, v) => w.String(v));

    /// <summary>Writes a map, sorted bytewise by key as Go sorts maps.</summary>
    public GoJsonWriter Map(IEnumerable<KeyValuePair<string, string>> values)
    {
        BeginObject();
        foreach (var (key, value) in values.OrderBy(p => p.Key, GoJson.ByteOrder))
        {
            Name(key).String(value);
        }

        return EndObject();
    }

    /// <summary>Writes an array.</summary>
    public GoJsonWriter Array<T>(IEnumerable<T> values, Action<GoJsonWriter, T> write)
    {
        BeginArray();
        foreach (var value in values)
        {
            write(this, value);
        }

        return EndArray();
    }

    /// <summary>Writes a text member unless it is empty (Go's omitempty).</summary>
    public GoJsonWriter OptionalString(string name, string value) => value.Length == 0 ? this : Name(name).String(value);

    /// <summary>Writes a number member unless it is null (a nil pointer with omitempty).</summary>
    public GoJsonWriter OptionalNumber(string name, long? value) => value is null ? this : Name(name).Number(value.Value);

    /// <summary>Writes an array member unless it is empty.</summary>
    public GoJsonWriter OptionalArray<T>(string name, ImmutableArray<T> values, Action<GoJsonWriter, T> write) =>
        values.IsDefaultOrEmpty ? this : Name(name).Array(values, write);

    /// <summary>What was written, as UTF-8.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(_text.ToString());

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    internal static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '"' or '\\':
                    text.Append('\\').Append(c);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                case var _ when char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]):
                    text.Append(c).Append(value[++i]);
                    break;
                case var _ when char.IsSurrogate(c):
                    text.Append("\\ufffd");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }

    private GoJsonWriter Open(char bracket)
    {
        Separate();
        _text.Append(bracket);
        _comma = false;
        return this;
    }

    private GoJsonWriter Close(char bracket)
    {
        _text.Append(bracket);
        _comma = true;
        return this;
    }

    private void Separate()
    {
        if (_comma)
        {
            _text.Append(',');
        }

        _comma = true;
    }
}
