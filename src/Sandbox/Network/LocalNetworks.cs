using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Network;

/// <summary>Networks of local scope of one engine: the three that every engine has, and bridges. Thread-safe.</summary>
internal sealed class LocalNetworks
{
    private readonly Lock _gate = new();
    private readonly Machine _machine;
    private readonly List<NetworkRecord> _networks;
    private readonly Dictionary<string, HashSet<Ip>> _taken = new(StringComparer.Ordinal);

    public LocalNetworks(Machine machine, DateTimeOffset now)
    {
        _machine = machine;
        _networks =
        [
            Predefined("bridge", "bridge", now) with { Pool = "172.17.0.0/16", Gateway = "172.17.0.1" },
            Predefined("host", "host", now),
            Predefined("none", "null", now),
        ];
    }

    /// <summary>All of them.</summary>
    public ImmutableArray<NetworkRecord> List()
    {
        lock (_gate)
        {
            return [.. _networks];
        }
    }

    /// <summary>Whether a network is one of those that every engine has.</summary>
    public static bool IsPredefined(NetworkRecord network) => network.Scope == "local" && network.Request.Name is "bridge" or "host" or "none";

    /// <summary>Makes a bridge.</summary>
    public NetworkRecord Add(DockerNetworkRequest request, string id, DateTimeOffset now)
    {
        lock (_gate)
        {
            var taken = _networks.Where(n => n.Pool.Length > 0).Select(n => Cidr.Parse(n.Pool)).ToArray();
            Cidr pool;
            if (request.Subnets.IsDefaultOrEmpty)
            {
                pool = Enumerable.Range(18, 14).Select(n => Cidr.Parse(string.Create(CultureInfo.InvariantCulture, $"172.{n}.0.0/16")))
                    .First(p => !taken.Any(p.Overlaps));
            }
            else if (!Cidr.TryParse(request.Subnets[0], out pool) || pool.IsIPv6)
            {
                throw _machine.Refuse(400,
                    $"failed to parse pool request for address space \"LocalDefault\" pool \"{request.Subnets[0]}\" subpool \"\": "
                    + $"invalid CIDR address: {request.Subnets[0]}");
            }
            else if (taken.Any(pool.Overlaps))
            {
                throw _machine.Refuse(403, "Pool overlaps with other one on this address space");
            }

            var network = new NetworkRecord
            {
                Id = id,
                Created = now,
                Request = request,
                Pool = pool.Masked().ToString(),
                Gateway = pool.First.Plus(1).ToString()
            };
            _networks.Add(network);
            return network;
        }
    }

    /// <summary>Forgets a bridge.</summary>
    public void Remove(string id)
    {
        lock (_gate)
        {
            if (_taken.GetValueOrDefault(id) is { Count: > 0 })
            {
                var network = _networks.First(n => n.Id == id);
                throw _machine.Refuse(403, $"error while removing network: network {network.Request.Name} id {id} has active endpoints");
            }

            _networks.RemoveAll(n => n.Id == id);
        }
    }

    /// <summary>Gives an address of a bridge.</summary>
    public Ip Take(NetworkRecord network, string asked)
    {
        var pool = Cidr.Parse(network.Pool);
        lock (_gate)
        {
            if (!_taken.TryGetValue(network.Id, out var taken))
            {
                _taken[network.Id] = taken = [];
            }

            if (asked.Length > 0)
            {
                var wanted = Ip.Parse(asked);
                return wanted != pool.First.Plus(1) && taken.Add(wanted) ? wanted : throw _machine.Refuse(403, "Address already in use");
            }

            for (var next = pool.First.Plus(2); next < pool.Last; next = next.Plus(1))
            {
                if (taken.Add(next))
                {
                    return next;
                }
            }

            throw _machine.Refuse(500, "no available IPv4 addresses on this network's address pools: " + $"{network.Request.Name} ({network.Id})");
        }
    }

    /// <summary>Takes an address back.</summary>
    public void Release(string networkId, Ip address)
    {
        lock (_gate)
        {
            _taken.GetValueOrDefault(networkId)?.Remove(address);
        }
    }

    private NetworkRecord Predefined(string name, string driver, DateTimeOffset now) => new()
    {
        Id = Ids.From($"{_machine.Name}/network/{name}"),
        Created = now,
        Request = new DockerNetworkRequest(name, driver, "default", []),
    };
}
