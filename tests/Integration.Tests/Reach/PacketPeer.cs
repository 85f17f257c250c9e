using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CalicoConsole.Integration.Tests.Reach;

/// <summary>A first packet as its receiver saw it: who sent it, the protocol, and the sender's port, or an echo request's identifier.</summary>
internal readonly record struct Arrival(IPAddress From, ProtocolType Protocol, ushort SourcePort);

/// <summary>
/// A network namespace that answers on TCP 80, 443, 5432 and 8080 and UDP 53 and 8080 in both families, notes which first packets reached it (a raw socket sees
/// them after the firewall of its own host), and tries whole exchanges with others.
/// </summary>
internal sealed class PacketPeer : IAsyncDisposable
{
    private const int EchoRequest = 8;
    private const int EchoReply = 0;
    private const int EchoRequest6 = 128;
    private const int EchoReply6 = 129;
    private static readonly int[] TcpPorts = [80, 443, 5432, 8080];
    private static readonly int[] UdpPorts = [53, 8080];
    private readonly string _name;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _loops = [];
    private readonly ConcurrentDictionary<Arrival, bool> _arrivals = new();
    private readonly ConcurrentDictionary<(IPAddress From, ushort Id), TaskCompletionSource> _pings = new();
    private readonly Dictionary<AddressFamily, Socket> _icmp = [];

    /// <param name="name">The namespace's name.</param>
    /// <param name="isIPv6">Whether IPv6 is switched on there.</param>
    public PacketPeer(string name, bool isIPv6)
    {
        _name = name;
        foreach (var family in isIPv6 ? new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 } : [AddressFamily.InterNetwork])
        {
            var any = family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
            foreach (var port in TcpPorts)
            {
                var listener = Open(family, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(any, port));
                listener.Listen(256);
                _loops.Add(Until(AcceptAsync(listener)));
            }

            foreach (var port in UdpPorts)
            {
                var echo = Open(family, SocketType.Dgram, ProtocolType.Udp);
                echo.Bind(new IPEndPoint(any, port));
                _loops.Add(Until(EchoAsync(echo)));
            }

            var icmp = family == AddressFamily.InterNetwork ? ProtocolType.Icmp : ProtocolType.IcmpV6;
            foreach (var protocol in new[] { ProtocolType.Tcp, ProtocolType.Udp, icmp })
            {
                var raw = Open(family, SocketType.Raw, protocol);
                raw.Bind(new IPEndPoint(any, 0));
                raw.ReceiveBufferSize = 4 << 20;
                if (protocol == icmp)
                {
                    _icmp[family] = raw;
                }

                _loops.Add(Until(ListenAsync(raw, protocol)));
            }
        }
    }

    /// <summary>Whether a first packet came.</summary>
    public bool Saw(Arrival arrival) => _arrivals.ContainsKey(arrival);

    /// <summary>Forgets what came.</summary>
    public void Forget() => _arrivals.Clear();

    /// <summary>Tries one exchange: TCP connected and one byte read, UDP echoed, ping answered.</summary>
    /// <param name="to">The receiver.</param>
    /// <param name="protocol">Tcp, Udp, Icmp or IcmpV6.</param>
    /// <param name="port">The receiver's port; not used for ICMP.</param>
    /// <param name="sourcePort">The sender's own port, or the echo request's identifier: one that no other trial of the namespace uses.</param>
    /// <param name="limit">How long an answer is waited for.</param>
    public async Task<bool> TryAsync(IPAddress to, ProtocolType protocol, int port, ushort sourcePort, TimeSpan limit)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        timer.CancelAfter(limit);
        try
        {
            return protocol switch
            {
                ProtocolType.Tcp => await ConnectAsync(to, port, sourcePort, timer.Token),
                ProtocolType.Udp => await AskAsync(to, port, sourcePort, timer.Token),
                _ => await PingAsync(to, sourcePort, timer.Token),
            };
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // No answer in time, or an ICMP error: the exchange did not come about.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _sockets.ForEach(s => s.Dispose());
        await Task.WhenAll(_loops);
        _end.Dispose();
    }

    private Socket Open(AddressFamily family, SocketType type, ProtocolType protocol)
    {
        var socket = Make(family, type, protocol);
        _sockets.Add(socket);
        return socket;
    }

    private Socket Make(AddressFamily family, SocketType type, ProtocolType protocol) => NetworkNamespace.Run(_name, () => new Socket(family, type, protocol));

    // A loop lives until its socket is closed.
    private async Task Until(Task loop)
    {
        try
        {
            await loop;
        }
        catch (Exception e) when (_end.IsCancellationRequested && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The peer ends.
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            using var connection = await listener.AcceptAsync(_end.Token);
            try
            {
                await connection.SendAsync(new byte[] { 1 }, _end.Token);
            }
            catch (SocketException)
            {
                // The other side went away first.
            }
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[64];
        while (true)
        {
            var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, any, _end.Token);
                await socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint, _end.Token);
            }
            catch (SocketException) when (!_end.IsCancellationRequested)
            {
                // The firewall of this host refuses to send the answer, or an ICMP error came: the next one may fare better.
            }
        }
    }

    private async Task ListenAsync(Socket socket, ProtocolType protocol)
    {
        var buffer = new byte[2048];
        while (true)
        {
            var any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            var received = await socket.ReceiveFromAsync(buffer, any, _end.Token);
            // Without its scope, so that it equals the address as it is written.
            var from = new IPAddress(((IPEndPoint)received.RemoteEndPoint).Address.GetAddressBytes());
            // IPv4 gives its header along, IPv6 does not.
            var header = socket.AddressFamily == AddressFamily.InterNetwork ? (buffer[0] & 0xf) * 4 : 0;
            Note(buffer.AsSpan(header, received.ReceivedBytes - header), from, protocol);
        }
    }

    private void Note(ReadOnlySpan<byte> packet, IPAddress from, ProtocolType protocol)
    {
        switch (protocol)
        {
            // SYN without ACK.
            case ProtocolType.Tcp when packet.Length > 13 && (packet[13] & 0x12) == 0x02:
            case ProtocolType.Udp when packet.Length >= 8:
                _arrivals[new Arrival(from, protocol, BinaryPrimitives.ReadUInt16BigEndian(packet))] = true;
                break;
            case ProtocolType.Icmp or ProtocolType.IcmpV6 when packet.Length >= 8:
                var id = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
                if (packet[0] == (protocol == ProtocolType.Icmp ? EchoRequest : EchoRequest6))
                {
                    _arrivals[new Arrival(from, protocol, id)] = true;
                }
                else if (packet[0] == (protocol == ProtocolType.Icmp ? EchoReply : EchoReply6) && _pings.TryGetValue((from, id), out var waiting))
                {
                    waiting.TrySetResult();
                }

                break;
        }
    }

    private async Task<bool> ConnectAsync(IPAddress to, int port, ushort sourcePort, CancellationToken cancellationToken)
    {
        using var socket = Client(to, SocketType.Stream, ProtocolType.Tcp, sourcePort);
        // An abortive end leaves no state behind that could meet the next try.
        socket.LingerState = new LingerOption(true, 0);
        await socket.ConnectAsync(new IPEndPoint(to, port), cancellationToken);
        return await socket.ReceiveAsync(new byte[1], cancellationToken) == 1;
    }

    private async Task<bool> AskAsync(IPAddress to, int port, ushort sourcePort, CancellationToken cancellationToken)
    {
        using var socket = Client(to, SocketType.Dgram, ProtocolType.Udp, sourcePort);
        await socket.ConnectAsync(new IPEndPoint(to, port), cancellationToken);
        await socket.SendAsync(new byte[] { 1, 2, 3 }, cancellationToken);
        return await socket.ReceiveAsync(new byte[8], cancellationToken) == 3;
    }

    private async Task<bool> PingAsync(IPAddress to, ushort id, CancellationToken cancellationToken)
    {
        var packet = new byte[8];
        packet[0] = (byte)(to.AddressFamily == AddressFamily.InterNetwork ? EchoRequest : EchoRequest6);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), id);
        if (to.AddressFamily == AddressFamily.InterNetwork)
        {
            // The kernel computes it for ICMPv6 alone. Two words are not zero.
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)~Fold((packet[0] << 8) + id));
        }

        var waiting = _pings.GetOrAdd((to, id), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _icmp[to.AddressFamily].SendToAsync(packet, new IPEndPoint(to, 0), cancellationToken);
            await waiting.Task.WaitAsync(cancellationToken);
            return true;
        }
        finally
        {
            _pings.TryRemove((to, id), out _);
        }

        static int Fold(int sum) => (sum & 0xffff) + (sum >> 16);
    }

    private Socket Client(IPAddress to, SocketType type, ProtocolType protocol, ushort sourcePort)
    {
        var socket = Make(to.AddressFamily, type, protocol);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(to.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, sourcePort));
        return socket;
    }
}
