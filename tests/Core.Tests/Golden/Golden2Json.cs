using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Golden;

/// <summary>Reads the second set of golden data (its README says what each member is).</summary>
internal static class Golden2Json
{
    public static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "golden2", file)));
        return document.RootElement.Clone();
    }

    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.String ? e.GetString() : null;

    public static ImmutableArray<string> Texts(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.Array ? [.. e.EnumerateArray().Select(i => i.GetString()!)] : [];

    public static ImmutableSortedDictionary<string, string> Keys(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.Object
            ? e.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
