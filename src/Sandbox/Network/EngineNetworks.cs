using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Network;

/// <summary>The networks of one engine, local and global. Thread-safe.</summary>
internal sealed class EngineNetworks(Machine machine, World world, PluginSlot plugin, EngineEvents events, Ids ids)
{
    private readonly LocalNetworks _local = new(machine, world.Time.GetUtcNow());
    private readonly GlobalNetworks _global = new(world.Keys);

    /// <summary>Networks of local scope.</summary>
    public LocalNetworks Local => _local;

    /// <summary>Networks of global scope.</summary>
    public GlobalNetworks Global => _global;

    /// <summary>All networks.</summary>
    public async Task<ImmutableArray<NetworkRecord>> ListAsync(CancellationToken cancellationToken) =>
        [.. _local.List(), .. await _global.ListAsync(cancellationToken).ConfigureAwait(false)];

    /// <summary>A network by id, name, or the beginning of its id; null when there is none.</summary>
    public async Task<NetworkRecord?> FindAsync(string idOrName, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(n => n.Id == idOrName) ?? all.FirstOrDefault(n => n.Request.Name == idOrName)
            ?? all.FirstOrDefault(n => idOrName.Length > 0 && n.Id.StartsWith(idOrName, StringComparison.Ordinal));
    }

    /// <summary>Makes a network and answers its id.</summary>
    public async Task<string> CreateAsync(DockerNetworkRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
        {
            throw machine.Refuse(400, "network name cannot be empty");
        }

        if ((await ListAsync(cancellationToken).ConfigureAwait(false)).Any(n => n.Request.Name == request.Name))
        {
            throw machine.Refuse(409, $"network with name {request.Name} already exists");
        }

        var asked = request with
        {
            Driver = request.Driver.Length == 0 ? "bridge" : request.Driver,
            IpamDriver = request.IpamDriver.Length == 0 ? "default" : request.IpamDriver
        };
        var network = asked.Driver switch
        {
            CalicoNames.NetworkDriver => await CreateOnCalicoAsync(asked, cancellationToken).ConfigureAwait(false),
            "bridge" when asked.IpamDriver == "default" => _local.Add(asked, ids.Next(), world.Time.GetUtcNow()),
            "host" or "null" => throw machine.Refuse(403, $"only one instance of \"{asked.Driver}\" network is allowed"),
            "bridge" or "overlay" or "macvlan" or "ipvlan" =>
                throw machine.NotSimulated($"networks of driver {asked.Driver} with IPAM driver {asked.IpamDriver} are"),
            _ => throw await NoPluginAsync(asked.Driver, cancellationToken).ConfigureAwait(false),
        };
        events.Tell("network", "create", network.Id, ("name", network.Request.Name), ("type", network.Request.Driver));
        return network.Id;
    }

    /// <summary>Removes a network.</summary>
    public async Task RemoveAsync(string idOrName, CancellationToken cancellationToken)
    {
        var network = await FindAsync(idOrName, cancellationToken).ConfigureAwait(false) ?? throw machine.NoSuchNetwork(idOrName);
        if (LocalNetworks.IsPredefined(network))
        {
            throw machine.Refuse(403, $"{network.Request.Name} is a pre-defined network and cannot be removed");
        }

        if (network.Scope == "local")
        {
            _local.Remove(network.Id);
        }
        else
        {
            if (await _global.CountAsync(network.Id, cancellationToken).ConfigureAwait(false) > 0)
            {
                throw machine.Refuse(403, $"error while removing network: network {network.Request.Name} id {network.Id} has active endpoints");
            }

            await plugin.NetworkAsync("DeleteNetwork", new { NetworkID = network.Id }, cancellationToken).ConfigureAwait(false);
            await plugin.IpamAsync("ReleaseAddress", new { PoolID = network.PoolId, Address = network.Gateway.Split('/')[0] }, cancellationToken)
                .ConfigureAwait(false);
            await plugin.IpamAsync("ReleasePool", new { PoolID = network.PoolId }, cancellationToken).ConfigureAwait(false);
            await _global.RemoveAsync(network.Id, cancellationToken).ConfigureAwait(false);
        }

        events.Tell("network", "destroy", network.Id, ("name", network.Request.Name), ("type", network.Request.Driver));
    }

    private async Task<NetworkRecord> CreateOnCalicoAsync(DockerNetworkRequest request, CancellationToken cancellationToken)
    {
        await plugin.RequireAsync(CalicoNames.NetworkDriver, cancellationToken).ConfigureAwait(false);
        if (request.EnableIPv6)
        {
            throw machine.NotSimulated("calico networks with IPv6 are");
        }

        var subnet = request.Subnets.IsDefaultOrEmpty ? "" : request.Subnets[0];
        // Docker's own IPAM gives a gateway by which the driver knows that it is not Calico's.
        var network = new NetworkRecord
        {
            Id = ids.Next(),
            Created = world.Time.GetUtcNow(),
            Request = request,
            Scope = "global",
            Pool = subnet,
            Gateway = "0.0.0.1/24"
        };
        if (request.IpamDriver == CalicoNames.IpamDriver)
        {
            var answer = await plugin.IpamAsync(
                "RequestPool",
                new { AddressSpace = "CalicoGlobalAddressSpace", Pool = subnet, SubPool = "", Options = request.IpamOptions, V6 = false },
                cancellationToken).ConfigureAwait(false);
            network = network with
            {
                PoolId = answer.GetProperty("PoolID").GetString()!,
                Pool = answer.GetProperty("Pool").GetString()!,
                Gateway = answer.GetProperty("Data").GetProperty("com.docker.network.gateway").GetString()!,
            };
        }
        else if (request.IpamDriver != "default")
        {
            throw machine.Refuse(404, $"plugin \"{request.IpamDriver}\" not found");
        }

        await plugin.NetworkAsync("CreateNetwork", CreateCall(network), cancellationToken).ConfigureAwait(false);
        await _global.AddAsync(network, cancellationToken).ConfigureAwait(false);
        return network;
    }

    private static object CreateCall(NetworkRecord network)
    {
        var options = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["com.docker.network.enable_ipv6"] = false,
            ["com.docker.network.generic"] = network.Request.Options,
        };
        if (network.Request.Internal)
        {
            options["com.docker.network.internal"] = true;
        }

        return new
        {
            NetworkID = network.Id,
            Options = options,
            IPv4Data = new[] { new { AddressSpace = "CalicoGlobalAddressSpace", network.Gateway, network.Pool } },
            IPv6Data = Array.Empty<object>(),
        };
    }

    private async Task<DockerHostException> NoPluginAsync(string driver, CancellationToken cancellationToken)
    {
        await Task.Delay(PluginSlot.Patience, world.Time, cancellationToken).ConfigureAwait(false);
        return machine.Refuse(404, $"plugin \"{driver}\" not found");
    }
}
