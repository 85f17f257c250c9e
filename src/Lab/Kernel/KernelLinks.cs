using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Plugin;

namespace CalicoConsole.Lab.Kernel;

/// <summary>Veth pairs of this network namespace.</summary>
internal sealed class KernelLinks : ILinkSetup
{
    /// <inheritdoc/>
    public async Task CreateAsync(VethPair pair, CancellationToken cancellationToken)
    {
        string[] mtu = pair.Mtu is { } bytes ? ["mtu", bytes.ToString(CultureInfo.InvariantCulture)] : [];
        string[] create = ["link", "add", "name", pair.HostSide, .. mtu, "type", "veth", "peer", "name", pair.ContainerSide, "address", pair.ContainerMac,
            .. mtu];
        await IpAsync(create, $"making the pair {pair.HostSide} and {pair.ContainerSide}", cancellationToken).ConfigureAwait(false);
        await IpAsync(["link", "set", pair.HostSide, "up"], $"setting {pair.HostSide} up", cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string hostSide, CancellationToken cancellationToken)
    {
        var links = await HostState.LinksAsync(cancellationToken).ConfigureAwait(false);
        if (links.Contains(hostSide))
        {
            await IpAsync(["link", "delete", hostSide], $"removing {hostSide}", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<Ip?> LinkLocalAsync(string hostSide, CancellationToken cancellationToken)
    {
        var interfaces = await HostState.InterfacesAsync(cancellationToken).ConfigureAwait(false);
        foreach (var address in interfaces.Where(i => i.Name == hostSide).SelectMany(i => i.Addresses))
        {
            if (address.Address is { IsIPv6: true } ip && ip.ToIPAddress().IsIPv6LinkLocal)
            {
                return ip;
            }
        }

        return null;
    }

    private static async Task IpAsync(string[] arguments, string what, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync("ip", arguments, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw new LinkSetupException($"{what}: {result.Error.Trim()}");
        }
    }
}
