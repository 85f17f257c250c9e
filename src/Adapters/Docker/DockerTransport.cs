using System.Net.Sockets;

namespace CalicoConsole.Adapters.Docker;

/// <summary>Connections to one engine: the same for the client library and for raw requests.</summary>
internal static class DockerTransport
{
    /// <summary>Prepares a handler: unix socket or TCP, TLS, limits. Reads the TLS files.</summary>
    public static void Configure(SocketsHttpHandler handler, DockerEndpoint endpoint, DockerHostOptions options)
    {
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.AllowAutoRedirect = false;
        handler.ConnectTimeout = options.Limits.Connect;
        // A host name's address may change while the console runs.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(endpoint, context, cancellationToken);
        if (options.TlsDirectory is { } directory)
        {
            handler.SslOptions = DockerTls.Load(directory);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(DockerEndpoint endpoint, SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (endpoint.SocketPath is { } wanted && !File.Exists(wanted))
        {
            // The platform's own words for it are "cannot assign requested address".
            throw new FileNotFoundException($"there is no socket {wanted}: is the engine running?");
        }

        var socket = endpoint.SocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (endpoint.SocketPath is { } path)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                // An event stream is silent for hours: only keep-alive tells a quiet engine from a host that lost its power.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
