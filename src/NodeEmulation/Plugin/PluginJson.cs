using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>JSON as Go's encoder writes it, for the plugin's answers; requests are read with member names in any case.</summary>
internal static class PluginJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNameCaseInsensitive = true,
        Converters = { new GoString() },
    };

    public static T Read<T>(ReadOnlyMemory<byte> body)
        where T : new()
        => JsonSerializer.Deserialize<T>(body.Span, Options) ?? new T();

    // '<', '>' and '&' occur in JSON inside strings only, so replacing them in the text is the same as escaping them.
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options)
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal);

    /// <summary>In Go a text that is null in JSON is the empty text.</summary>
    private sealed class GoString : JsonConverter<string>
    {
        public override bool HandleNull => true;

        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? "" : reader.GetString()!;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
