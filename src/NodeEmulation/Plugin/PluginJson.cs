using System.Text.Encodings.Web;
using System.Text.Json;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>JSON as Go's encoder writes it, for the plugin's answers; requests are read with member names in any case.</summary>
internal static class PluginJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNameCaseInsensitive = true,
    };

    public static T Read<T>(ReadOnlyMemory<byte> body)
        where T : new()
        => JsonSerializer.Deserialize<T>(body.Span, Options) ?? new T();

    // '<', '>' and '&' occur in JSON inside strings only, so replacing them in the text is the same as escaping them.
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options)
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace(">", "\\u003e", StringComparison.Ordinal)
        .Replace("&", "\\u0026", StringComparison.Ordinal);
}
