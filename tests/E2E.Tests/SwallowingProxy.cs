using System.Net;
using System.Net.Sockets;

namespace CalicoConsole.E2E.Tests;

/// <summary>A network between browser and console that can lose everything without closing anything, as a pulled cable or a forgetful firewall does.</summary>
internal sealed class SwallowingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private volatile Cut _cut = new();

    public SwallowingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where browsers connect to.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>From now on nothing that is sent arrives, in both directions, and nobody is told; new connections are accepted and hear nothing.</summary>
    public void Swallow() => _cut.IsCut = true;

    /// <summary>New connections work again; those of before stay deaf.</summary>
    public void Heal() => _cut = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Before the listener is stopped: between two connections it would be asked to accept one more, and say that it is not listening.
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token), _cut));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task CarryAsync(TcpClient client, Cut cut)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(_target.Host, _target.Port, _stop.Token);
            await Task.WhenAny(PumpAsync(near, far, cut), PumpAsync(far, near, cut));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // One side is gone: the other one is closed with it.
            return;
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Cut cut)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var read)
            {
                if (!cut.IsCut)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed by the one end or by the test's.
            return;
        }
    }

    private sealed class Cut
    {
        public volatile bool IsCut;
    }
}
