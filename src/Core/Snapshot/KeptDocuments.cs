using System.Text.Json;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Checks documents of what the console keeps. Pure.</summary>
public static class KeptDocuments
{
    /// <summary>The longest name of an item, in characters.</summary>
    public const int LongestName = 255;

    /// <summary>The longest document of an item, in characters.</summary>
    public const int LongestDocument = 1_000_000;

    /// <summary>Everything that is wrong with an item; empty when it may be kept.</summary>
    public static IEnumerable<FieldError> Errors(string kind, string name, string json)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(json);
        if (!KeptKinds.All.Contains(kind))
        {
            yield return new("kind", $"must be one of {string.Join(", ", KeptKinds.All)}");
        }

        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl) || name.Trim() != name || name is "." or "..")
        {
            yield return new("name", $"must have 1 to {LongestName} characters, none of them a control character, and no blank at either end");
        }

        if (json.Length > LongestDocument)
        {
            yield return new("document", $"must be at most {LongestDocument} characters long");
        }
        else if (!IsObject(json))
        {
            yield return new("document", "must be a JSON object");
        }
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
