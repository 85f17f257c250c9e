using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Areas.Audit;

/// <summary>
/// What an edit changed, in a few words, so that four edits of one object can be told apart: <c>1 ingress rule added, order 10 → 20</c>. Pure.
/// </summary>
internal static class AuditSummary
{
    // Of the rest its own page says everything.
    private const int MostDocuments = 5;
    private const int MostText = 100_000;
    private const int MostParts = 3;
    private const int ShortValue = 24;

    /// <summary>The words; empty for what was created or deleted as a whole, and where the documents cannot be read.</summary>
    public static string For(AuditEntry entry)
    {
        var text = entry.Outcome?.Changes is { Length: > 2 } done ? done : entry.Intent.Changes;
        if (text.Length is <= 2 or > MostText)
        {
            return "";
        }

        try
        {
            ImmutableArray<DocumentChange> edits = [.. AuditDocuments.Read(text).Where(c => c is { Before: not null, After: not null } && c.Before != c.After)];
            return edits.Length is 0 or > MostDocuments ? "" : Few([.. edits.SelectMany(Parts)]);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string Few(ImmutableArray<string> parts) => parts.Length <= MostParts ? string.Join(", ", parts)
        : $"{string.Join(", ", parts.Take(MostParts))} and {(parts.Length - MostParts).ToString(CultureInfo.InvariantCulture)} more";

    private static IEnumerable<string> Parts(DocumentChange change)
    {
        using var before = JsonDocument.Parse(change.Before!);
        using var after = JsonDocument.Parse(change.After!);
        return [.. Between(change.Object[(change.Object.LastIndexOf('/') + 1)..], before.RootElement, after.RootElement, top: true)];
    }

    private static IEnumerable<string> Between(string name, JsonElement before, JsonElement after, bool top)
    {
        if (JsonElement.DeepEquals(before, after))
        {
            return [];
        }

        return (before.ValueKind, after.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) when top => Members(before, after),
            (JsonValueKind.Array, JsonValueKind.Array) => Items(name, before, after),
            _ when Short(before) is { } was && Short(after) is { } now => [$"{Words(name)} {was} → {now}"],
            _ => [$"{Words(name)} changed"],
        };
    }

    private static IEnumerable<string> Members(JsonElement before, JsonElement after)
    {
        var was = before.EnumerateObject().DistinctBy(m => m.Name).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        var now = after.EnumerateObject().DistinctBy(m => m.Name).ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        return was.Keys.Union(now.Keys, StringComparer.Ordinal).SelectMany(name => (was.TryGetValue(name, out var b), now.TryGetValue(name, out var a)) switch
        {
            (true, true) => Between(name, b, a, top: false),
            (true, _) => [$"{Words(name)} removed"],
            _ => [$"{Words(name)} added"],
        });
    }

    private static IEnumerable<string> Items(string name, JsonElement before, JsonElement after)
    {
        var left = after.EnumerateArray().Select(i => i.GetRawText()).ToList();
        var removed = before.EnumerateArray().Select(i => i.GetRawText()).Where(i => !left.Remove(i)).Count();
        return (left.Count, removed) switch
        {
            (0, 0) => [$"{Words(name)}s in another order"],
            (1, 1) => [$"1 {Words(name)} changed"],
            _ => [.. Some(left.Count, name, "added"), .. Some(removed, name, "removed")],
        };
    }

    private static IEnumerable<string> Some(int count, string name, string what) => count == 0 ? []
        : [$"{count.ToString(CultureInfo.InvariantCulture)} {Words(name)}{(count == 1 ? "" : "s")} {what}"];

    private static string? Short(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array => null,
        JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString() is { Length: > 0 and <= ShortValue } text ? text : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText() is { Length: <= ShortValue } text ? text : null,
        JsonValueKind.Null => "none",
    };

    // Members as the editors call them.
    private static string Words(string name) => name switch
    {
        "inbound_rules" => "ingress rule",
        "outbound_rules" => "egress rule",
        "profile_ids" => "profile",
        "tags" => "tag",
        "types" => "type",
        _ => name,
    };
}
