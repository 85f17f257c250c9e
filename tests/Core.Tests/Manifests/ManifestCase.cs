using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>A manifest that the real calicoctl 1.6.3 was given, and what it left in etcd (tests/golden2).</summary>
internal sealed record ManifestCase
{
    public required string Id { get; init; }

    public required string Class { get; init; }

    public required string Kind { get; init; }

    public required string Verb { get; init; }

    public required string Input { get; init; }

    public required int ExitCode { get; init; }

    public required string Output { get; init; }

    public required ImmutableSortedDictionary<string, string> Before { get; init; }

    public required ImmutableSortedDictionary<string, string> Stored { get; init; }

    /// <summary>Directories without anything in them afterwards.</summary>
    public required ImmutableSortedSet<string> EmptyDirectories { get; init; }

    /// <summary>Why the console differs there by its manual; null where it has to be the same.</summary>
    public string? Deliberate { get; init; }

    /// <summary>All cases; those that are told in words only are left out.</summary>
    public static ImmutableArray<ManifestCase> All { get; } = [.. Read()];

    public override string ToString() => $"{Id} ({Class}, {Verb} {Kind})";

    private static IEnumerable<ManifestCase> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "golden2", "manifests-2.json")));
        foreach (var row in document.RootElement.EnumerateArray())
        {
            if (row.TryGetProperty("input", out var input))
            {
                yield return new ManifestCase
                {
                    Id = Text(row, "id"),
                    Class = Text(row, "class"),
                    Kind = row.GetProperty("kind").ToString(),
                    Verb = Text(row, "verb"),
                    Input = input.GetString()!,
                    ExitCode = row.GetProperty("exitCode").GetInt32(),
                    Output = Text(row, "output"),
                    Before = Keys(row, "before"),
                    Stored = Keys(row, "stored"),
                    EmptyDirectories = row.TryGetProperty("emptyDirs", out var empty) ? [.. empty.EnumerateArray().Select(e => e.GetString()!)] : [],
                    Deliberate = row.TryGetProperty("deliberate", out var why) ? why.GetString() : null,
                };
            }
        }
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    private static ImmutableSortedDictionary<string, string> Keys(JsonElement row, string name) =>
        row.GetProperty(name).EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
}
