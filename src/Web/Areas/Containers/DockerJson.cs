using System.Text.Encodings.Web;
using System.Text.Json;

namespace CalicoConsole.Web.Areas.Containers;

/// <summary>Docker objects as JSON for people: what the console knows of them, in camel case.</summary>
internal static class DockerJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static string Write(object value) => JsonSerializer.Serialize(value, Options);
}
