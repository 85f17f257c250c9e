using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>Chooses a node's addresses and AS number, and looks for another node with the same address.</summary>
internal sealed class NodeAddresses(KeyStore store, IHostInterfaces interfaces, StartupLog log)
{
    private readonly AddressDetection _detection = new(interfaces, log);

    public async Task<Node> ChooseAsync(Node stored, StartupEnvironment environment, CancellationToken cancellationToken)
    {
        if (stored.IPv4 is null && stored.IPv6 is null)
        {
            log.Info("Initialise BGP data");
        }

        var ipv4 = await AddressAsync("IP", stored.IPv4, false, environment, cancellationToken).ConfigureAwait(false)
            ?? throw new StartupException("No IPv4 address configured or detected, which this version of Calico needs");
        var ipv6 = await AddressAsync("IP6", stored.IPv6, true, environment, cancellationToken).ConfigureAwait(false);
        var changed4 = stored.IPv4?.Address != ipv4.Address;
        var changed6 = ipv6 is not null && stored.IPv6?.Address != ipv6.Value.Address;
        if (changed4)
        {
            log.Info("Node IPv4 changed, will check for conflicts");
        }

        if (changed6)
        {
            log.Info("Node IPv6 changed, will check for conflicts");
        }

        if ((changed4 || changed6) && !environment.IsTrue("DISABLE_NODE_IP_CHECK"))
        {
            await CheckConflictsAsync(stored.Name, ipv4.Address, ipv6?.Address, cancellationToken).ConfigureAwait(false);
        }

        return stored with { IPv4 = ipv4, IPv6 = ipv6, AsNumber = AsNumber(stored, environment) };
    }

    private async Task<Cidr?> AddressAsync(string variable, Cidr? stored, bool ipv6, StartupEnvironment environment, CancellationToken cancellationToken)
    {
        var text = environment[variable];
        if (text == "autodetect" || (text.Length == 0 && stored is null && !ipv6))
        {
            return await _detection.DetectAsync(environment[$"{variable}_AUTODETECTION_METHOD"], ipv6, cancellationToken).ConfigureAwait(false);
        }

        Cidr? address = stored;
        if (text.Length > 0)
        {
            if (!Cidr.TryParse(text, out var given) || given.IsIPv6 != ipv6)
            {
                throw new StartupException($"Environment does not contain a valid IPv{(ipv6 ? 6 : 4)} address: {variable}={text}");
            }

            log.Info($"Using IPv{(ipv6 ? 6 : 4)} address from environment: {variable}={text}");
            address = given;
        }

        if (address is { } chosen)
        {
            await ConfirmAsync(chosen.Address, cancellationToken).ConfigureAwait(false);
        }

        return address;
    }

    private async Task ConfirmAsync(Ip address, CancellationToken cancellationToken)
    {
        var all = await interfaces.ListAsync(cancellationToken).ConfigureAwait(false);
        if (all.FirstOrDefault(i => i.Addresses.Any(a => a.Address == address)) is { } found)
        {
            log.Info($"IPv{address.Version} address {address} discovered on interface {found.Name}");
            return;
        }

        log.Warning($"Unable to confirm IPv{address.Version} address {address} is assigned to this host");
    }

    private async Task CheckConflictsAsync(string node, Ip ipv4, Ip? ipv6, CancellationToken cancellationToken)
    {
        foreach (var entry in await store.ListAsync(V1Keys.BgpHostDirectory, cancellationToken).ConfigureAwait(false))
        {
            if (V1Key.Parse(entry.Key) is V1Key.NodeKey { Part: NodePart.IPv4 or NodePart.IPv6 } key
                && key.Node != node
                && Ip.TryParse(Encoding.UTF8.GetString(entry.Value.Span), out var other)
                && (other == ipv4 || other == ipv6))
            {
                throw new StartupException($"Calico node '{key.Node}' is already using the IPv{other.Version} address {other}.");
            }
        }
    }

    private uint? AsNumber(Node stored, StartupEnvironment environment)
    {
        if (environment["AS"] is { Length: > 0 } text)
        {
            log.Info($"Using AS number specified in environment (AS={text})");
            return AsNumbers.TryParse(text, out var number)
                ? number : throw new StartupException($"The AS number specified in the environment (AS={text}) is not valid");
        }

        log.Info(stored.AsNumber is { } kept
            ? $"Using AS number {kept} configured in node resource" : "No AS number configured on node resource, using global value");
        return stored.AsNumber;
    }
}
