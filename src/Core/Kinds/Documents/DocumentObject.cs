using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Kinds.Documents;

/// <summary>
/// An object of a resource document, read strictly as calicoctl 1.6.3 reads it (docs/calico-v1.md#documents): names match without regard to
/// case but exact ones are preferred, of exact repeats the last counts, and whatever is not asked for is an error in the end.
/// Where a text is due, numbers and booleans are turned into one.
/// </summary>
internal sealed class DocumentObject
{
    /// <summary>Why a null within a list is refused.</summary>
    public const string NullItem = "null is not a value (an unset variable of a template?): give a value, or leave the line out";

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly string _type;
    private readonly DocumentErrors _errors;
    private readonly DocumentShape? _shape;

    /// <summary>One without members, of which is noted what is asked for.</summary>
    public DocumentObject(DocumentShape shape, string type)
        : this(default, "", type, new DocumentErrors()) => _shape = shape;

    public DocumentObject(JsonElement element, string path, string type, DocumentErrors errors)
    {
        (Path, _type, _errors) = (path, type, errors);
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                _members[property.Name] = property.Value;
            }
        }
    }

    public string Path { get; }

    /// <summary>Takes a member; of kind Undefined when absent or null.</summary>
    public JsonElement Take(string name, MemberForm form = MemberForm.Text, params ReadOnlySpan<string> values)
    {
        _shape?.Note(_type, name, form, values);
        var key = _members.ContainsKey(name) ? name : _members.Keys.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (key is null || !_members.Remove(key, out var element))
        {
            return default;
        }

        return element.ValueKind == JsonValueKind.Null ? default : element;
    }

    public string At(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public void Fail(string name, string reason) => _errors.Add(At(name), reason);

    public bool HasFailed(string name) => _errors.Has(At(name));

    /// <summary>An object member; an empty one when absent.</summary>
    public DocumentObject Object(string name, string type) => _shape is not null
        ? new DocumentObject(_shape.Note(_type, name, MemberForm.Object, []), type)
        : new DocumentObject(ObjectElement(name, type), At(name), type, _errors);

    /// <summary>An object member; null when absent.</summary>
    public DocumentObject? OptionalObject(string name, string type)
    {
        if (_shape is not null)
        {
            return Object(name, type);
        }

        return ObjectElement(name, type) is { ValueKind: JsonValueKind.Object } element ? new DocumentObject(element, At(name), type, _errors) : null;
    }

    /// <summary>A text; which values it may have is told, not checked.</summary>
    public string Text(string name, params ReadOnlySpan<string> values) => Text(Take(name, MemberForm.Text, values), name) ?? "";

    public bool Bool(string name)
    {
        var element = Take(name, MemberForm.Flag, "true", "false");
        return element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Undefined => false,
            _ => Wrong(element, name, "bool", false),
        };
    }

    public int? Int(string name, params ReadOnlySpan<string> values)
    {
        var element = Take(name, MemberForm.Number, values);
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        return element.ValueKind == JsonValueKind.Number
            && int.TryParse(Number(element), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : Wrong<int?>(element, name, "int", null);
    }

    public double? Float(string name)
    {
        var element = Take(name, MemberForm.Number);
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        return element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : Wrong<double?>(element, name, "float64", null);
    }

    public Ip? Address(string name) => Address(Take(name), name);

    /// <summary>An array of addresses; of what is null or an empty text, null.</summary>
    public ImmutableArray<Ip?> Addresses(string name) =>
        Array(name, "[]net.IP", (element, at) => element.ValueKind == JsonValueKind.String && element.ValueEquals("") ? null : Address(element, at));

    public Cidr? Network(string name) => Network(Take(name), name);

    /// <summary>An array of networks. A null among them is refused: left out, it would drop a condition.</summary>
    public ImmutableArray<Cidr> Networks(string name) => [.. Array(name, "[]*net.IPNet", (element, at) =>
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            Fail(at, NullItem);
        }

        return Network(element, at);
    }).Where(n => n is not null).Select(n => n!.Value)];

    public ImmutableArray<string> Texts(string name, params ReadOnlySpan<string> values) =>
        [.. Array(name, "[]string", Text, values).Select(t => t ?? "")];

    /// <summary>An array member, each element read with the name that reasons give it; empty when absent.</summary>
    public ImmutableArray<T> Array<T>(string name, string type, Func<JsonElement, string, T> read, params ReadOnlySpan<string> values)
    {
        var element = Take(name, MemberForm.List, values);
        if (element.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }

        return element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().TakeWhile(_ => !_errors.IsFull)
                .Select((e, i) => read(e, string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]")))]
            : Wrong<ImmutableArray<T>>(element, name, type, []);
    }

    /// <summary>An array of objects; empty when absent.</summary>
    public ImmutableArray<T> Objects<T>(string name, string type, Func<DocumentObject, T> read)
    {
        if (_shape?.Note(_type, name, MemberForm.Objects, []) is { } shape)
        {
            read(new DocumentObject(shape, type));
            return [];
        }

        return Array(name, $"[]api.{type}", (element, at) => ObjectAt(element, at, type, read));
    }

    private T ObjectAt<T>(JsonElement element, string at, string type, Func<DocumentObject, T> read)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            Wrong(element, at, $"api.{type}", 0);
        }

        var o = new DocumentObject(element, At(at), type, _errors);
        var value = read(o);
        o.Finish();
        return value;
    }

    public ImmutableSortedDictionary<string, string> Map(string name)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var element = Take(name, MemberForm.Map);
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject().TakeWhile(_ => !_errors.IsFull))
            {
                map[property.Name] = Text(property.Value, $"{name}.{property.Name}") ?? "";
            }
        }
        else if (element.ValueKind != JsonValueKind.Undefined)
        {
            Wrong(element, name, "map[string]string", 0);
        }

        return map.ToImmutable();
    }

    /// <summary>A text from an element: null when there is none.</summary>
    public string? Text(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True when !_errors.OnlyTexts => "true",
        JsonValueKind.False when !_errors.OnlyTexts => "false",
        JsonValueKind.Number when !_errors.OnlyTexts => IsWhole(element) || !element.TryGetDouble(out var number)
            ? element.GetRawText() : GoFloatText.Format(number),
        _ => Wrong<string?>(element, name, "string", null),
    };

    /// <summary>A number's text as Go's JSON has it: a float that is whole has no point.</summary>
    public static string Number(JsonElement element) =>
        IsWhole(element) || !element.TryGetDouble(out var number) || !double.IsFinite(number) ? element.GetRawText() : GoJson.FormatFloat(number);

    /// <summary>Reads a text that a type of its own reads, such as an address: nothing else is turned into one.</summary>
    public string? OwnText(JsonElement element, string name)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.String)
        {
            return element.GetString();
        }

        Fail(name, $"json: cannot unmarshal {Word(element)} into Go value of type string");
        return null;
    }

    /// <summary>A kind of JSON value as Go's messages name it.</summary>
    public static string Word(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    public T Wrong<T>(JsonElement element, string name, string type, T result)
    {
        var value = element.ValueKind switch
        {
            JsonValueKind.String => $"string '{element.GetString()}'",
            JsonValueKind.Number => $"number '{Number(element)}'",
            JsonValueKind.True or JsonValueKind.False => $"bool '{element.GetRawText()}'",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        Fail(name, $"cannot parse {value} into field {_type}.{name} of type {type}");
        return result;
    }

    /// <summary>Names every member that was not asked for.</summary>
    public void Finish()
    {
        foreach (var name in _members.Keys)
        {
            Fail(name, $"field in document is not recognized or is in the wrong location: {name}");
        }
    }

    private static bool IsWhole(JsonElement element) => element.GetRawText().AsSpan().IndexOfAny(".eE") < 0;

    private JsonElement ObjectElement(string name, string type)
    {
        var element = Take(name);
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            Wrong(element, name, $"api.{type}", 0);
        }

        return element;
    }

    private Ip? Address(JsonElement element, string name)
    {
        var text = OwnText(element, name);
        if (text is null)
        {
            return null;
        }

        if (Ip.TryParse(text, out var ip))
        {
            return ip;
        }

        Fail(name, $"invalid IP address: {text}");
        return null;
    }

    private Cidr? Network(JsonElement element, string name)
    {
        var text = OwnText(element, name);
        if (text is null)
        {
            return null;
        }

        if (Cidr.TryParse(text, out var cidr))
        {
            return cidr;
        }

        Fail(name, $"invalid IP address: {text}");
        return null;
    }
}
