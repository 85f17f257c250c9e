using System.Text.Json;
using CalicoConsole.Tests;

namespace CalicoConsole.Core.Tests.Ipam;

/// <summary>Keys and values that real programs wrote, from the golden steps of some sections.</summary>
internal static class GoldenKeys
{
    public static IEnumerable<KeyValuePair<string, string>> Of(params string[] sections)
    {
        foreach (var file in sections.SelectMany(s => Directory.EnumerateFiles(Repository.Golden(s), "*.json")).Order(StringComparer.Ordinal))
        {
            using var step = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var member in new[] { "before", "set" })
            {
                if (step.RootElement.TryGetProperty(member, out var keys) && keys.ValueKind == JsonValueKind.Object)
                {
                    foreach (var key in keys.EnumerateObject())
                    {
                        yield return new(key.Name, key.Value.GetString()!);
                    }
                }
            }
        }
    }
}
