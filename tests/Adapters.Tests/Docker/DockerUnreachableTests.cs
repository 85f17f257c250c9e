using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Docker;

/// <summary>Hosts that are dead in the ways hosts die.</summary>
public sealed class DockerUnreachableTests
{
    private static readonly DockerLimits Short = new()
    {
        Connect = TimeSpan.FromSeconds(2),
        Query = TimeSpan.FromMilliseconds(300),
        Plugin = TimeSpan.FromMilliseconds(300)
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ConnectionRefused_NamesHostAddressAndAttempt()
    {
        var port = 0;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        using var host = Hosts.At($"tcp://127.0.0.1:{port}");
        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.ContainersAsync(Cancelled));

        Assert.Equal((0, "docker01"), (failed.Status, failed.Host));
        Assert.Equal($"Docker host docker01 (tcp://127.0.0.1:{port}): could not list its containers: Connection refused", failed.Message);
    }

    [Fact]
    public async Task Call_NoSocket_SaysSo()
    {
        using var host = Hosts.At("unix:///run/no-such-docker.sock");
        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.InfoAsync(Cancelled));

        Assert.Equal(0, failed.Status);
        Assert.Contains("unix:///run/no-such-docker.sock", failed.Message, StringComparison.Ordinal);
        Assert.Contains("there is no socket", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NeverAnswered_EndsAtItsLimit()
    {
        await using var server = new ScriptedServer((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        using var host = Hosts.At(server.Endpoint, limits: Short);
        var clock = Stopwatch.StartNew();

        var question = await Assert.ThrowsAsync<DockerHostException>(() => host.InfoAsync(Cancelled));
        var change = await Assert.ThrowsAsync<DockerHostException>(() => host.StartAsync("abc", Cancelled));
        var events = await Assert.ThrowsAsync<DockerHostException>(async () => await host.EventsAsync(null, Cancelled).FirstAsync(Cancelled));

        Assert.EndsWith("no answer within 0.3 s", question.Message, StringComparison.Ordinal);
        Assert.Contains("could not start container abc", change.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0), (question.Status, change.Status, events.Status));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task Call_CancelledByTheCaller_IsCancelledNotFailed()
    {
        await using var server = new ScriptedServer((_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        using var host = Hosts.At(server.Endpoint);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.NetworksAsync(stop.Token));
    }

    [Fact]
    public async Task Call_ClosedMidway_IsAFailure()
    {
        await using var server = new ScriptedServer((stream, token) => stream.WriteAsync(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"ApiVersion\":"u8.ToArray(), token).AsTask());
        using var host = Hosts.At(server.Endpoint);

        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.ImagesAsync(Cancelled));

        Assert.Equal(0, failed.Status);
        Assert.Contains("could not list its images", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_NotADockerEngine_IsAFailure()
    {
        const string Page = "<html>hello</html>";
        await using var server = new ScriptedServer((stream, token) => stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Page.Length}\r\nConnection: close\r\n\r\n{Page}"), token).AsTask());
        using var host = Hosts.At(server.Endpoint);

        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.NetworksAsync(Cancelled));

        Assert.Equal(0, failed.Status);
    }

    [Fact]
    public async Task Pull_ErrorInsideTheStream_ComesAfterItsProgress()
    {
        // A registry that breaks off midway: the engine has already answered 200 and can only say so in the stream.
        var answers = new Queue<string>([
            """{"ApiVersion":"1.41","MinAPIVersion":"1.12"}""",
            """
            {"status":"Pulling from calico/node","id":"v2.6.9"}
            {"status":"Downloading","progressDetail":{"current":512,"total":2048},"progress":"[=>  ]","id":"ff3a5c916c92"}
            {"errorDetail":{"message":"unexpected EOF"},"error":"unexpected EOF"}

            """,
        ]);
        await using var server = new ScriptedServer((stream, token) => stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{answers.Dequeue()}"), token).AsTask());
        using var host = Hosts.At(server.Endpoint);
        var seen = new List<DockerPullProgress>();

        var failed = await Assert.ThrowsAsync<DockerHostException>(async () =>
        {
            await foreach (var progress in host.PullAsync("quay.io/calico/node:v2.6.9", Cancelled))
            {
                seen.Add(progress);
            }
        });

        Assert.Equal("unexpected EOF", failed.Message);
        Assert.Equal([new("v2.6.9", "Pulling from calico/node", null, null), new("ff3a5c916c92", "Downloading", 512, 2048)], seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Logs_EngineThatCannotReadAFileMidway_IsAskedAgainAndItsWordsAreNoLine(bool follow)
    {
        const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
        byte[] rest = [.. Frame(1, "2026-11-29T15:00:01.000000001Z one\n"), .. Frame(1, "2026-11-29T15:00:02.5Z two\n")];
        var answers = new Queue<byte[]>([
            Encoding.ASCII.GetBytes("""{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"""),
            Encoding.ASCII.GetBytes("""{"Config":{"Tty":false}}"""),
            [.. Frame(1, "2026-11-29T15:00:01.000000001Z one\n"), .. Frame(3, "Error grabbing logs: no such file or directory\n")],
            rest, rest,
        ]);
        await using var server = new ScriptedServer((stream, token) =>
            stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(Head), .. answers.Dequeue()], token).AsTask());
        using var host = Hosts.At(server.Endpoint);

        var lines = await host.LogsAsync("web", follow, null, Cancelled).ToArrayAsync(Cancelled);

        Assert.Equal(["one", "two"], lines.Select(l => l.Text));
        Assert.Equal(follow ? 0 : 1, answers.Count);

        static byte[] Frame(byte stream, string text) => [stream, 0, 0, 0, 0, 0, 0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }

    [Fact]
    public async Task Logs_EngineThatNeverReadsThem_FailsInItsWords()
    {
        var asked = 0;
        await using var server = new ScriptedServer((stream, token) => stream.WriteAsync(
            (byte[])[
                .. "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"u8,
                .. asked++ switch
                {
                    0 => """{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"""u8.ToArray(),
                    1 => """{"Config":{"Tty":false}}"""u8.ToArray(),
                    _ => [3, 0, 0, 0, 0, 0, 0, 24, .. "Error grabbing logs: EOF\n"u8[..24]],
                },
            ],
            token).AsTask());
        using var host = Hosts.At(server.Endpoint);

        var failed = await Assert.ThrowsAsync<DockerHostException>(() => host.LogsAsync("web", follow: true, null, Cancelled).ToArrayAsync(Cancelled).AsTask());

        Assert.Contains("Error grabbing logs: EOF", failed.Message, StringComparison.Ordinal);
        Assert.InRange(asked, 3, 20);
    }

    /// <summary>Accepts connections, reads what comes first, does one thing, and closes.</summary>
    private sealed class ScriptedServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public ScriptedServer(Func<Stream, CancellationToken, Task> answer)
        {
            _listener.Start();
            _serving = ServeAsync(answer);
        }

        public string Endpoint => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            // Before the listener is stopped: between two connections it would be asked to accept one more, and say that it is not listening.
            await _serving;
            _listener.Stop();
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task ServeAsync(Func<Stream, CancellationToken, Task> answer)
        {
            var connections = new List<Task>();
            try
            {
                while (true)
                {
                    connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token), answer));
                }
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(connections);
            }
        }

        private async Task AnswerAsync(TcpClient client, Func<Stream, CancellationToken, Task> answer)
        {
            using (client)
            {
                try
                {
                    var stream = client.GetStream();
                    if (await stream.ReadAsync(new byte[4096], _stop.Token) > 0)
                    {
                        await answer(stream, _stop.Token);
                    }
                }
                catch (Exception ended) when (ended is OperationCanceledException or IOException)
                {
                    // The test is over, or the client hung up, as these tests want it to.
                    client.Close();
                }
            }
        }
    }
}
