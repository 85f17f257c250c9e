using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Api;

/// <summary>Reads a JSON object member by member and collects what is wrong by field: wrong types, missing and unknown members.</summary>
internal sealed class RequestObject(JsonElement element)
{
    private readonly List<string> _known = [];
    private readonly List<FieldError> _errors = [];

    /// <summary>A text; empty when it is not given.</summary>
    public string Text(string name) => Member(name) switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        _ => Wrong(name, "must be a string", ""),
    };

    /// <summary>A text, or a whole number as text.</summary>
    public string TextOrNumber(string name) => Member(name) switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out _) => value.GetRawText(),
        _ => Wrong(name, "must be a string or a whole number", ""),
    };

    /// <summary>A text that must be given.</summary>
    public string Required(string name)
    {
        var errors = _errors.Count;
        var text = Text(name);
        return text.Length == 0 && _errors.Count == errors ? Wrong(name, "required", "") : text;
    }

    /// <summary>A boolean.</summary>
    public bool Flag(string name, bool otherwise) => Member(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => Wrong(name, "must be true or false", otherwise),
    };

    /// <summary>A whole number.</summary>
    public int Number(string name, int otherwise) => Member(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        _ => Wrong(name, "must be a whole number", otherwise),
    };

    /// <summary>A list of texts; a single text is a list of the words between its blanks when <paramref name="orWords"/> is set.</summary>
    public ImmutableArray<string> Texts(string name, bool orWords = false) => Member(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(e => e.GetString()!)],
        { ValueKind: JsonValueKind.String } value when orWords => [.. value.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        _ => Wrong<ImmutableArray<string>>(name, orWords ? "must be a list of strings, or one string of words" : "must be a list of strings", []),
    };

    /// <summary>An object of texts.</summary>
    public ImmutableSortedDictionary<string, string> Map(string name) => Member(name) switch
    {
        null => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        { ValueKind: JsonValueKind.Object } value when value.EnumerateObject().All(p => p.Value.ValueKind == JsonValueKind.String) =>
            value.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal),
        _ => Wrong(name, "must be an object of strings", ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)),
    };

    /// <summary>Lets a member be there that is not read, such as one that a GET adds.</summary>
    public void Ignore(string name) => _known.Add(name);

    /// <summary>Everything that is wrong, members that nobody asked for included. Call it last.</summary>
    public IReadOnlyList<FieldError> Errors() =>
    [
        .. _errors,
        .. element.EnumerateObject().Where(p => !_known.Contains(p.Name))
            .Select(p => new FieldError(p.Name, $"unknown member; known are {string.Join(", ", _known)}")),
    ];

    private JsonElement? Member(string name)
    {
        _known.Add(name);
        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private T Wrong<T>(string name, string reason, T otherwise)
    {
        _errors.Add(new FieldError(name, reason));
        return otherwise;
    }
}
