using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Policies;

/// <summary>A policy that is out of force: kept by the console, and not in etcd. Its document is <c>{"by":"…","at":"…","text":"…"}</c> with etcd's value as
/// text, or
/// <c>"value"</c> with its bytes as base64 where they are no text.</summary>
/// <param name="Item">As kept.</param>
/// <param name="By">Who disabled it.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Value">The value as it was in etcd.</param>
public sealed record DisabledPolicy(KeptItem Item, string By, DateTimeOffset At, ReadOnlyMemory<byte> Value)
{
    // Kept as JSON and never put into HTML as it is.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Its name.</summary>
    public string Name => Item.Name;

    /// <summary>The policy; null when its value cannot be read.</summary>
    public Policy? Policy { get; } = PolicyCodec.Decode(Item.Name, Value.Span).Value;

    /// <summary>All disabled policies of a snapshot, by name.</summary>
    public static ImmutableArray<DisabledPolicy> AllIn(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. snapshot.Kept.Values.Where(k => k.Kind == KeptKinds.DisabledPolicy).OrderBy(k => k.Name, StringComparer.Ordinal).Select(Read)
            .OfType<DisabledPolicy>()];
    }

    /// <summary>A disabled policy by name; null when none of that name is.</summary>
    public static DisabledPolicy? Find(ClusterSnapshot snapshot, string name)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Kept.GetValueOrDefault(KeptKeys.For(KeptKinds.DisabledPolicy, name)) is { } item ? Read(item) : null;
    }

    /// <summary>The document to keep.</summary>
    /// <remarks>As text it can be read, and taken back, from the audit. Every byte comes back all the same: what is no UTF-8 is kept as base64.</remarks>
    public static byte[] Document(string by, DateTimeOffset at, ReadOnlyMemory<byte> value)
    {
        var text = Encoding.UTF8.GetString(value.Span);
        var isText = Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(value.Span);
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["by"] = by,
            ["at"] = at.ToString("O", CultureInfo.InvariantCulture),
            [isText ? "text" : "value"] = isText ? text : Convert.ToBase64String(value.Span),
        }.ToJsonString(Readable));
    }

    private static DisabledPolicy? Read(KeptItem item)
    {
        try
        {
            using var document = JsonDocument.Parse(item.Json);
            var root = document.RootElement;
            return new DisabledPolicy(item, root.GetProperty("by").GetString()
                ?? "", root.GetProperty("at").GetDateTimeOffset(), root.TryGetProperty("text", out var text)
                ? Encoding.UTF8.GetBytes(text.GetString()!) : root.GetProperty("value").GetBytesFromBase64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
