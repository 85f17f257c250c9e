using System.Net;
using System.Net.Sockets;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.Lab.Kernel;

/// <summary>The interfaces of this network namespace.</summary>
internal sealed class KernelInterfaces : IHostInterfaces
{
    /// <inheritdoc/>
    public Task<ImmutableArray<HostInterface>> ListAsync(CancellationToken cancellationToken) => HostState.InterfacesAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<Ip?> SourceTowardsAsync(string destination, CancellationToken cancellationToken)
    {
        try
        {
            // Connecting a UDP socket sends nothing: it only asks the kernel for the route.
            using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(destination, 80, cancellationToken).ConfigureAwait(false);
            var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
            return Ip.Parse((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString());
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
