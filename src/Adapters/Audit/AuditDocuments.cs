using System.Text.Encodings.Web;
using System.Text.Json;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Adapters.Audit;

/// <summary>The JSON of the audit's changes and commands; secrets are taken out on the way in.</summary>
public static class AuditDocuments
{
    /// <summary>Camel case; only what JSON itself needs is escaped, so that the text can be searched as it is read.</summary>
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Documents as a JSON array of <c>{target, object, before, after}</c>, without secrets.</summary>
    public static string Write(ImmutableArray<DocumentChange> changes) => JsonSerializer.Serialize(changes.Select(Secrets.Redact), Json);

    /// <summary>Reads what <see cref="Write(ImmutableArray{DocumentChange})"/> wrote.</summary>
    /// <exception cref="JsonException">It is not that.</exception>
    public static ImmutableArray<DocumentChange> Read(string json) => JsonSerializer.Deserialize<ImmutableArray<DocumentChange>>(json, Json);

    internal static string Write(IEnumerable<string> commands) => JsonSerializer.Serialize(commands.Select(Secrets.Redact), Json);

    internal static ImmutableArray<string> ReadCommands(string json) => JsonSerializer.Deserialize<ImmutableArray<string>>(json, Json);
}
