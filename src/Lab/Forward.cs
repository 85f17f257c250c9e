using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CalicoConsole.Lab;

/// <summary>
/// Passes TCP connections of the machine's loopback on to a unix socket: the way to etcd, which listens in a network
/// namespace of the lab and on a socket file that every namespace sees.
/// </summary>
internal static class Forward
{
    /// <summary>Listens on <paramref name="listen"/> (address:port) until the process is told to end; returns its exit code.</summary>
    public static async Task<int> RunAsync(string listen, string socketPath)
    {
        if (!IPEndPoint.TryParse(listen, out var address) || !IPAddress.IsLoopback(address.Address))
        {
            await Console.Error.WriteLineAsync($"forward: '{listen}' must be a loopback address with a port").ConfigureAwait(false);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var listener = new TcpListener(address);
        listener.Start();
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stop.Token).ConfigureAwait(false);
                _ = PassAsync(client, socketPath, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    private static async Task PassAsync(Socket client, string socketPath, CancellationToken cancellationToken)
    {
        using var near = client;
        using var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        near.NoDelay = true;
        using var pair = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await far.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), pair.Token).ConfigureAwait(false);
            await Task.WhenAll(CopyAsync(near, far, pair), CopyAsync(far, near, pair)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Either side is gone, or etcd is not there: the caller sees its connection reset, as with a server that died.
            near.LingerState = new LingerOption(true, 0);
        }
    }

    // One direction. Its end is passed on while the other direction goes on; its failure ends both.
    private static async Task CopyAsync(Socket from, Socket to, CancellationTokenSource pair)
    {
        var buffer = new byte[64 * 1024];
        var whole = false;
        try
        {
            int count;
            while ((count = await from.ReceiveAsync(buffer, pair.Token).ConfigureAwait(false)) > 0)
            {
                var rest = buffer.AsMemory(0, count);
                while (rest.Length > 0)
                {
                    rest = rest[await to.SendAsync(rest, pair.Token).ConfigureAwait(false)..];
                }
            }

            to.Shutdown(SocketShutdown.Send);
            whole = true;
        }
        finally
        {
            if (!whole)
            {
                await pair.CancelAsync().ConfigureAwait(false);
            }
        }
    }
}
