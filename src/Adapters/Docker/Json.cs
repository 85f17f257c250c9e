using System.Text.Json;

namespace CalicoConsole.Adapters.Docker;

/// <summary>Reading members that may be missing or null, as the engine's answers often have them.</summary>
internal static class Json
{
    /// <summary>A member, if it is there and not null.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>A text member; empty when it is missing.</summary>
    public static string Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>A whole number; null when it is missing.</summary>
    public static long? Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    /// <summary>A list of texts; empty when it is missing.</summary>
    public static ImmutableArray<string> Texts(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)]
            : [];

    /// <summary>An object of texts; empty when it is missing.</summary>
    public static ImmutableSortedDictionary<string, string> Map(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;
}
