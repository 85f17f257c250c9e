using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Golden;

/// <summary>The golden steps: what the real tools were asked, what they answered and what they wrote.</summary>
internal sealed record GoldenStep(
    string Name,
    string Command,
    string? Input,
    int ExitCode,
    string Stdout,
    ImmutableSortedDictionary<string, string> Before,
    ImmutableSortedDictionary<string, string> Set)
{
    /// <summary>Keys that the step removed.</summary>
    public ImmutableArray<string> Deleted { get; init; } = [];

    private static readonly ConcurrentDictionary<string, Lazy<ImmutableArray<GoldenStep>>> Known = new(StringComparer.Ordinal);

    public static IEnumerable<GoldenStep> Read(params string[] sections) =>
        sections.SelectMany(section => Known.GetOrAdd(section, static s => new(() => [.. Files(s).Select(file => Load(s, file))])).Value);

    private static IEnumerable<string> Files(string section) => Directory.EnumerateFiles(Repository.Golden(section), "*.json").Order(StringComparer.Ordinal);

    private static GoldenStep Load(string section, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = document.RootElement;
        return new GoldenStep(
            $"{section}/{Path.GetFileName(file)}",
            Text(root, "command") ?? "",
            Text(root, "input"),
            root.TryGetProperty("exitCode", out var exit) && exit.ValueKind == JsonValueKind.Number ? exit.GetInt32() : 0,
            Text(root, "stdout") ?? "",
            Keys(root, "before"),
            Keys(root, "set"))
        {
            Deleted = root.TryGetProperty("deleted", out var deleted) && deleted.ValueKind == JsonValueKind.Array
                ? [.. deleted.EnumerateArray().Select(e => e.GetString()!)]
                : [],
        };
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.String ? e.GetString() : null;

    private static ImmutableSortedDictionary<string, string> Keys(JsonElement root, string name) =>
        root.TryGetProperty(name, out var e) && e.ValueKind == JsonValueKind.Object
            ? e.EnumerateObject()
                .Where(p => p.Value.ValueKind == JsonValueKind.String)
                .ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;
}
