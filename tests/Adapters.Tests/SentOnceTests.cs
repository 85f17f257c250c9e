using System.Net;
using System.Net.Sockets;
using System.Text;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Adapters.Tests.Docker;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests;

/// <summary>A change whose connection ends without an answer may have been carried out: it is sent once, and nobody says that nothing happened.</summary>
public sealed class SentOnceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("start")]
    [InlineData("stop")]
    [InlineData("restart")]
    [InlineData("remove")]
    [InlineData("remove network")]
    public async Task Docker_ConnectionEndsWithoutAnswer_IsNotRepeated(string change)
    {
        using var server = new DyingServer();
        using var host = Hosts.At($"tcp://127.0.0.1:{server.Port}");
        await host.PingAsync(Ct);

        var e = await Assert.ThrowsAsync<DockerHostException>(() => change switch
        {
            "start" => host.StartAsync("c", Ct),
            "stop" => host.StopAsync("c", TimeSpan.Zero, Ct),
            "restart" => host.RestartAsync("c", TimeSpan.Zero, Ct),
            "remove" => host.RemoveAsync("c", true, Ct),
            _ => host.RemoveNetworkAsync("n", Ct),
        });

        Assert.Equal((0, 1), (e.Status, server.Changes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Etcd_ConnectionEndsWithoutAnswer_IsNotRepeated(bool delete)
    {
        using var server = new DyingServer();
        using var keys = new EtcdKeysClient(new EtcdOptions { Endpoints = [$"http://127.0.0.1:{server.Port}"] }, TimeProvider.System);

        var e = await Assert.ThrowsAsync<EtcdUnavailableException>(() => delete
            ? keys.DeleteAsync("/calico/x", EtcdDeletion.Key, EtcdCondition.None, Ct)
            : keys.PutAsync("/calico/x", "1"u8.ToArray(), EtcdCondition.None, null, Ct));

        Assert.True(e.MayHaveHappened);
        Assert.Equal(1, server.Changes);
    }

    /// <summary>Answers a GET as an engine answers its version, and ends the connection after any other request, as a process that is killed does.</summary>
    private sealed class DyingServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _changes;

        public DyingServer()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Changes => Volatile.Read(ref _changes);

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await _listener.AcceptTcpClientAsync());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using (client)
            {
                var stream = client.GetStream();
                var buffer = new byte[65536];
                while (await stream.ReadAsync(buffer) is > 0 and var read)
                {
                    var text = Encoding.ASCII.GetString(buffer, 0, read);
                    if (!text.StartsWith("GET", StringComparison.Ordinal))
                    {
                        // A body may come apart from its headers: it is read as well, because unread bytes would reset the connection instead of ending it.
                        _changes += text.Contains(" HTTP/1.1\r\n", StringComparison.Ordinal) ? 1 : 0;
                        client.Client.Shutdown(SocketShutdown.Send);
                        continue;
                    }

                    const string Version = """{"ApiVersion":"1.41","MinAPIVersion":"1.12"}""";
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Version.Length}\r\n\r\n{Version}"));
                }
            }
        }
    }
}
