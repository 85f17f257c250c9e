using System.Net.Sockets;
using System.Text;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Docker;

/// <summary>
/// A network driver of global scope that says yes to everything, on a socket where an engine looks for it. Disposing it leaves the engine without it.
/// </summary>
internal sealed class DoNothingPlugin : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _serving = [];
    private readonly string _path;

    private DoNothingPlugin(string path) => _path = path;

    /// <summary>Serves the driver <paramref name="name"/> to an engine.</summary>
    public static DoNothingPlugin Start(DockerEngine engine, string name)
    {
        var plugin = new DoNothingPlugin(Path.Combine(engine.RunDirectory, "docker", "plugins", $"{name}.sock"));
        plugin._listener.Bind(new UnixDomainSocketEndPoint(plugin._path));
        plugin._listener.Listen();
        plugin._serving.Add(plugin.AcceptAsync());
        return plugin;
    }

    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }

        await _end.CancelAsync();
        _listener.Dispose();
        File.Delete(_path);
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var connection = await _listener.AcceptAsync(_end.Token);
            _serving.Add(ServeAsync(connection));
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        while (await reader.ReadLineAsync(_end.Token) is { } request)
        {
            var length = 0;
            while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } header)
            {
                length = header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)
                    ? int.Parse(header[15..], System.Globalization.CultureInfo.InvariantCulture) : length;
            }

            if (length > 0)
            {
                // With nothing to read this would wait for the next request.
                await reader.ReadBlockAsync(new char[length], _end.Token);
            }

            var body = request.Split(' ')[1] switch
            {
                "/Plugin.Activate" => """{"Implements":["NetworkDriver"]}""",
                "/NetworkDriver.GetCapabilities" => """{"Scope":"global"}""",
                _ => "{}",
            };
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.plugins.v1.1+json\r\nContent-Length: {body.Length}\r\n\r\n{body}"), _end.Token);
        }
    }
}
