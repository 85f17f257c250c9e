using System.Text;

namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>The answer to one plugin request.</summary>
/// <param name="Status">HTTP status: 200, 400 for a body that is no JSON, 404 for an unknown call, 500 with an <c>Err</c> member.</param>
/// <param name="ContentType">Value of the header <c>Content-Type</c>.</param>
/// <param name="Body">The body with its final newline, as the plugin writes it.</param>
public sealed record PluginAnswer(int Status, string ContentType, string Body)
{
    /// <summary>Content type of answers in JSON.</summary>
    public const string Json = "application/vnd.docker.plugins.v1.1+json";

    private const string Plain = "text/plain; charset=utf-8";

    /// <summary>The body as UTF-8 bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => Encoding.UTF8.GetBytes(Body);

    /// <summary>A successful answer.</summary>
    internal static PluginAnswer From<T>(T answer) => new(200, Json, PluginJson.Write(answer) + "\n");

    /// <summary>A refusal that Docker shows to its user.</summary>
    internal static PluginAnswer Error(string message) => new(500, Json, PluginJson.Write(new ErrorAnswer(message)) + "\n");

    /// <summary>The body could not be read.</summary>
    internal static PluginAnswer BadRequest(string message) => new(400, Plain, message + "\n");

    /// <summary>There is no such call.</summary>
    internal static PluginAnswer NotFound() => new(404, Plain, "404 page not found\n");

    private sealed record ErrorAnswer(string Err);
}
