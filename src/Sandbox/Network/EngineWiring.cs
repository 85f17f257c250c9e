using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Network;

/// <summary>
/// Connects containers to networks as libnetwork of Docker 20.10 does, in its order of calls (golden <c>docker/009</c>, <c>docker/025</c>). Thread-safe.
/// </summary>
internal sealed class EngineWiring(Machine machine, EngineNetworks networks, PluginSlot plugin, EngineEvents events, Ids ids)
{
    private static readonly object NoPorts = new Dictionary<string, object[]>(StringComparer.Ordinal)
    {
        ["com.docker.network.endpoint.exposedports"] = [],
        ["com.docker.network.portmap"] = [],
    };

    /// <summary>Gives a container its place on a network.</summary>
    public async Task<Attachment> ConnectAsync(Container container, Attachment place, CancellationToken cancellationToken)
    {
        var network = await networks.FindAsync(place.NetworkId.Length > 0 ? place.NetworkId : place.Network, cancellationToken).ConfigureAwait(false)
            ?? throw machine.NoSuchNetwork(place.Network);
        Check(network, place);
        var connected = place with { NetworkId = network.Id, EndpointId = ids.Next() };
        connected = network.Request.Driver switch
        {
            CalicoNames.NetworkDriver => await JoinAsync(container, network, connected, cancellationToken).ConfigureAwait(false),
            "bridge" => OnBridge(network, connected),
            _ => connected,
        };
        events.Tell("network", "connect", network.Id, ("container", container.Id), ("name", network.Request.Name), ("type", network.Request.Driver));
        return connected;
    }

    /// <summary>Takes a container off a network. What fails is left behind, as the engine leaves it, and answered as the reason.</summary>
    public async Task<string?> DisconnectAsync(Container container, Attachment place, CancellationToken cancellationToken)
    {
        string? failed = null;
        var network = await networks.FindAsync(place.NetworkId, cancellationToken).ConfigureAwait(false);
        if (network?.Request.Driver == CalicoNames.NetworkDriver)
        {
            failed = await LeaveAsync(network, place, cancellationToken).ConfigureAwait(false);
        }
        else if (Ip.TryParse(place.IPv4, out var address))
        {
            networks.Local.Release(place.NetworkId, address);
        }

        if (network is not null)
        {
            events.Tell("network", "disconnect", network.Id, ("container", container.Id), ("name", network.Request.Name), ("type", network.Request.Driver));
        }

        return failed;
    }

    /// <summary>
    /// Takes an endpoint off a global network by its name, whoever made it: what the engine does for a name that none of its containers has, by force.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> ForceAsync(NetworkRecord network, string name, CancellationToken cancellationToken)
    {
        if (await networks.Global.EndpointAsync(network.Id, name, cancellationToken).ConfigureAwait(false) is not (var id, var address))
        {
            return false;
        }

        try
        {
            // Only this host's driver is called: what another host's has done stays.
            await plugin.NetworkAsync("DeleteEndpoint", new { NetworkID = network.Id, EndpointID = id }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerHostException)
        {
            // By force: the engine only logs it.
        }

        await ReleaseAsync(network, address, cancellationToken).ConfigureAwait(false);
        await networks.Global.RemoveAsync(network.Id, id, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>What stands against such a place, in the engine's words.</summary>
    public void Check(NetworkRecord network, Attachment place)
    {
        if (place.Requested.Length == 0)
        {
            return;
        }

        if (LocalNetworks.IsPredefined(network))
        {
            throw machine.Refuse(400, "user specified IP address is supported on user defined networks only");
        }

        if (network.Request.Subnets.IsDefaultOrEmpty)
        {
            throw machine.Refuse(400, "user specified IP address is supported only when connecting to networks with user configured subnets");
        }

        if (!Ip.TryParse(place.Requested, out var asked))
        {
            throw machine.Refuse(400, $"invalid IPv4 address: {place.Requested}");
        }

        if (!network.Request.Subnets.Any(s => Cidr.TryParse(s, out var subnet) && subnet.Contains(asked)))
        {
            throw machine.Refuse(500, $"Invalid address {place.Requested}: It does not belong to any of this network's subnets");
        }
    }

    private Attachment OnBridge(NetworkRecord network, Attachment place)
    {
        var address = networks.Local.Take(network, place.Requested);
        var octets = address.ToString().Split('.').Select(o =>
            byte.Parse(o, System.Globalization.CultureInfo.InvariantCulture).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        return place with { IPv4 = address.ToString(), Mac = "02:42:" + string.Join(':', octets) };
    }

    private async Task<Attachment> JoinAsync(Container container, NetworkRecord network, Attachment place, CancellationToken cancellationToken)
    {
        if ((await networks.Global.NamesAsync(network.Id, cancellationToken).ConfigureAwait(false)).Any(n => n.Name == container.Name))
        {
            throw machine.Refuse(403, $"endpoint with name {container.Name} already exists in network {network.Request.Name}");
        }

        var given = (await plugin.IpamAsync("RequestAddress", new { PoolID = network.PoolId, Address = place.Requested, Options = (object?)null },
            cancellationToken).ConfigureAwait(false))
            .GetProperty("Address").GetString()!;
        try
        {
            var sandbox = ids.Next();
            var mac = await EndpointAsync(network, place, given, cancellationToken).ConfigureAwait(false);
            var joined = await plugin.NetworkAsync(
                "Join", new { NetworkID = network.Id, EndpointID = place.EndpointId, SandboxKey = $"/run/docker/netns/{sandbox[..12]}", Options = NoPorts },
                    cancellationToken).ConfigureAwait(false);
            await networks.Global.AddAsync(Record(container, network, place, given, mac, joined) with { Sandbox = sandbox }, cancellationToken)
                .ConfigureAwait(false);
            await plugin.NetworkAsync("ProgramExternalConnectivity", new { NetworkID = network.Id, EndpointID = place.EndpointId, Options = NoPorts },
                cancellationToken).ConfigureAwait(false);
            return place with { IPv4 = given.Split('/')[0], Mac = mac };
        }
        catch (DockerHostException)
        {
            await ReleaseAsync(network, given, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<string> EndpointAsync(NetworkRecord network, Attachment place, string address, CancellationToken cancellationToken)
    {
        var created = await plugin.NetworkAsync(
            "CreateEndpoint",
            new
            {
                NetworkID = network.Id,
                EndpointID = place.EndpointId,
                Interface = new { Address = address, AddressIPv6 = "", MacAddress = "" },
                Options = NoPorts
            },
            cancellationToken).ConfigureAwait(false);
        return created.GetProperty("Interface").GetProperty("MacAddress").GetString()!.ToLowerInvariant();
    }

    private EndpointRecord Record(Container container, NetworkRecord network, Attachment place, string address, string mac, JsonElement joined)
    {
        var names = joined.GetProperty("InterfaceName");
        return new EndpointRecord(place.EndpointId, network, container.Id, container.Name, address, mac)
        {
            Locator = machine.Address.ToString(),
            SourceName = names.GetProperty("SrcName").GetString()!,
            TargetPrefix = names.GetProperty("DstPrefix").GetString()!,
            Gateway = joined.GetProperty("Gateway").GetString()!,
            Routes = [.. joined.GetProperty("StaticRoutes").EnumerateArray().Select(r => r.GetProperty("Destination").GetString()!)],
        };
    }

    private async Task<string?> LeaveAsync(NetworkRecord network, Attachment place, CancellationToken cancellationToken)
    {
        try
        {
            var endpoint = new { NetworkID = network.Id, EndpointID = place.EndpointId };
            await plugin.NetworkAsync("RevokeExternalConnectivity", endpoint, cancellationToken).ConfigureAwait(false);
            await plugin.NetworkAsync("Leave", endpoint, cancellationToken).ConfigureAwait(false);
            await plugin.NetworkAsync("DeleteEndpoint", endpoint, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerHostException e)
        {
            return e.Message;
        }

        await ReleaseAsync(network, place.IPv4, cancellationToken).ConfigureAwait(false);
        await networks.Global.RemoveAsync(network.Id, place.EndpointId, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task ReleaseAsync(NetworkRecord network, string address, CancellationToken cancellationToken)
    {
        try
        {
            await plugin.IpamAsync("ReleaseAddress", new { PoolID = network.PoolId, Address = address.Split('/')[0] }, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerHostException)
        {
            // The engine only logs it: the address leaks.
        }
    }
}
