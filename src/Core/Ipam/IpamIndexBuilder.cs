using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>Makes the next <see cref="IpamIndex"/>: first who uses what, then the findings of whatever that touched. Lives for one call.</summary>
/// <remarks>A little over 400 lines in one file: its steps share the half-built index, which no two classes should hold at once.</remarks>
internal sealed class IpamIndexBuilder
{
    private readonly IpamIndex _start;
    private readonly ClusterSnapshot _next;
    private readonly CalicoState _calico;
    private readonly ImmutableArray<IPPool> _pools;
    private readonly ImmutableDictionary<Ip, AddressUsers>.Builder _users;
    private readonly ImmutableDictionary<Cidr, ImmutableSortedSet<string>>.Builder _affinities;
    private readonly ImmutableDictionary<string, ImmutableDictionary<Cidr, int>>.Builder _handleUse;
    private readonly ImmutableSortedDictionary<string, ImmutableDictionary<Ip, string>>.Builder _running;
    private readonly ImmutableSortedDictionary<Ip, DateTimeOffset> _suspects;
    private readonly bool _everything;
    private readonly HashSet<Cidr> _blocks = [];
    private readonly HashSet<Ip> _addresses = [];
    private readonly HashSet<string> _handles = new(StringComparer.Ordinal);

    public IpamIndexBuilder(IpamIndex start, ClusterSnapshot next, ImmutableArray<string> keys, ImmutableArray<string> hosts)
    {
        // When everything may have changed, only how long addresses were suspect is carried over.
        _everything = keys.IsDefault;
        _start = _everything ? new IpamIndex(new ClusterSnapshot()) { ObservedAt = start.ObservedAt } : start;
        _suspects = start.Suspects;
        _next = next;
        _calico = next.Calico;
        _pools = [.. _calico.IPPools.Values.Select(p => p.Value)];
        _users = _start.Users.ToBuilder();
        _affinities = _start.Affinities.ToBuilder();
        _handleUse = _start.HandleUse.ToBuilder();
        _running = _start.Running.ToBuilder();
        foreach (var host in _everything ? [.. next.Hosts.Keys] : hosts)
        {
            TouchHost(host);
        }

        if (_everything)
        {
            TouchAll();
        }
        else
        {
            foreach (var key in keys)
            {
                Touch(key);
            }
        }
    }

    public IpamIndex Build(DateTimeOffset now)
    {
        var ofBlocks = _start.OfBlocks.ToBuilder();
        var suspects = _suspects.ToBuilder();
        foreach (var block in _blocks)
        {
            var findings = new IpamBlockCheck(_calico, _pools, block, _affinities.GetValueOrDefault(block, []), ip => _users.TryGetValue(ip, out var u) ? u : null, RunningContainer).Findings();
            if (findings.IsEmpty)
            {
                ofBlocks.Remove(block);
            }
            else
            {
                ofBlocks[block] = findings;
            }

            Suspect(suspects, block, findings, now);
        }

        if (_everything)
        {
            // What is in no block any more is suspect no more.
            suspects.RemoveRange([.. suspects.Keys.Where(ip => !_blocks.Contains(BlockArithmetic.BlockOf(ip)))]);
        }

        var ofAddresses = _start.OfAddresses.ToBuilder();
        foreach (var address in _addresses)
        {
            Put(ofAddresses, address, OfAddress(address));
        }

        var ofHandles = _start.OfHandles.ToBuilder();
        foreach (var handle in _handles)
        {
            Put(ofHandles, handle, OfHandle(handle));
        }

        return new IpamIndex(_next)
        {
            Users = _users.ToImmutable(),
            Affinities = _affinities.ToImmutable(),
            HandleUse = _handleUse.ToImmutable(),
            Running = _running.ToImmutable(),
            OfBlocks = ofBlocks.ToImmutable(),
            OfAddresses = ofAddresses.ToImmutable(),
            OfHandles = ofHandles.ToImmutable(),
            Suspects = suspects.ToImmutable(),
            ObservedAt = _next.Feeds.Any(f => f is { Name: "etcd", Status: FeedStatus.Live }) ? now : _start.ObservedAt,
        };
    }

    private static void Put<TKey>(ImmutableSortedDictionary<TKey, IpamFinding>.Builder map, TKey key, IpamFinding? finding)
        where TKey : notnull
    {
        if (finding is null)
        {
            map.Remove(key);
        }
        else
        {
            map[key] = finding;
        }
    }

    private static void Suspect(ImmutableSortedDictionary<Ip, DateTimeOffset>.Builder suspects, Cidr block, ImmutableArray<IpamFinding> findings, DateTimeOffset now)
    {
        var leaks = findings.Where(f => f.Kind == IpamFindingKind.Leak).Select(f => f.Address!.Value).ToHashSet();
        if (leaks.Count == 0 && suspects.Count == 0)
        {
            return;
        }

        for (var ordinal = 0; ordinal < IpamBlock.Size; ordinal++)
        {
            var address = block.First.Plus((UInt128)ordinal);
            if (!leaks.Contains(address))
            {
                suspects.Remove(address);
            }
            else if (!suspects.ContainsKey(address))
            {
                suspects[address] = now;
            }
        }
    }

    private void TouchAll()
    {
        foreach (var endpoint in _calico.WorkloadEndpoints.Values)
        {
            AddUser(AddressUser.Of(endpoint), AddressesOf(endpoint.Value));
        }

        foreach (var (node, scope) in _calico.NodeConfiguration)
        {
            AddUser(AddressUser.OfTunnel(node), Tunnel(scope));
        }

        foreach (var key in _calico.Keys.Below(V1Keys.IpamHostDirectory))
        {
            Touch(key.Key);
        }

        foreach (var key in _calico.Keys.Below(V1Keys.IpamHandleDirectory))
        {
            Touch(key.Key);
        }

        foreach (var block in _calico.Blocks.Keys)
        {
            TouchBlock(block);
        }
    }

    private void Touch(string key)
    {
        switch (V1Key.Parse(key))
        {
            case V1Key.WorkloadEndpoint endpoint:
                if (_start.Snapshot.Calico.WorkloadEndpoints.TryGetValue(key, out var before))
                {
                    RemoveUser(key, AddressesOf(before.Value));
                }

                if (_calico.WorkloadEndpoints.TryGetValue(key, out var after))
                {
                    AddUser(AddressUser.Of(after), AddressesOf(after.Value));
                }

                TouchNode(endpoint.Id.Node);
                break;
            case V1Key.FelixConfig { Node: { } node, Name: AddressUser.TunnelParameter }:
                RemoveUser(key, Tunnel(_start.Snapshot.Calico.NodeConfiguration.GetValueOrDefault(node)));
                AddUser(AddressUser.OfTunnel(node), Tunnel(_calico.NodeConfiguration.GetValueOrDefault(node)));
                TouchNode(node);
                break;
            case V1Key.IpamAffinity affinity:
                var nodes = _affinities.GetValueOrDefault(affinity.Block, []);
                nodes = _calico.Keys.TryGet(_calico.KeyOf(V1Keys.IpamAffinity(affinity.Node, affinity.Block)), out _) ? nodes.Add(affinity.Node) : nodes.Remove(affinity.Node);
                _ = nodes.IsEmpty ? _affinities.Remove(affinity.Block) : (_affinities[affinity.Block] = nodes).IsEmpty;
                _blocks.Add(affinity.Block);
                break;
            case V1Key.IpamHandle handle:
                _handles.Add(handle.Id);
                break;
            case V1Key.IpamBlock block:
                TouchBlock(block.Block);
                break;
            case V1Key.Pool:
                _blocks.UnionWith(_calico.Blocks.Keys);
                _addresses.UnionWith(_users.Keys);
                break;
            case var _ when V1Keys.HostOf(key) is { } host:
                TouchNode(host);
                break;
        }
    }

    // A node comes with any key or directory of its host, and goes with the host's directory.
    private void TouchNode(string node)
    {
        if (_start.Snapshot.Calico.Nodes.ContainsKey(node) != _calico.Nodes.ContainsKey(node))
        {
            _blocks.UnionWith(_affinities.Where(a => a.Value.Contains(node)).Select(a => a.Key));
            _blocks.UnionWith(_calico.Blocks.Where(b => b.Value.Value.AffineNode == node).Select(b => b.Key));
        }
    }

    private void TouchBlock(Cidr cidr)
    {
        _blocks.Add(cidr);
        foreach (var handle in HandlesOf(_start.Snapshot.Calico.Blocks.GetValueOrDefault(cidr)?.Value).Keys)
        {
            var without = _handleUse.GetValueOrDefault(handle, ImmutableDictionary<Cidr, int>.Empty).Remove(cidr);
            _ = without.IsEmpty ? _handleUse.Remove(handle) : (_handleUse[handle] = without).IsEmpty;
            _handles.Add(handle);
        }

        foreach (var (handle, count) in HandlesOf(_calico.Blocks.GetValueOrDefault(cidr)?.Value))
        {
            _handleUse[handle] = _handleUse.GetValueOrDefault(handle, ImmutableDictionary<Cidr, int>.Empty).SetItem(cidr, count);
            _handles.Add(handle);
        }

        // Whether a user's address is allocated depends on its block.
        for (var ordinal = 0; ordinal < IpamBlock.Size; ordinal++)
        {
            var address = cidr.First.Plus((UInt128)ordinal);
            if (_users.ContainsKey(address))
            {
                _addresses.Add(address);
            }
        }
    }

    private void TouchHost(string host)
    {
        var before = _running.GetValueOrDefault(host, ImmutableDictionary<Ip, string>.Empty);
        var now = ImmutableDictionary.CreateBuilder<Ip, string>();
        foreach (var container in _next.Hosts.GetValueOrDefault(host)?.Containers.Values ?? [])
        {
            // A stopped container holds no address, not even one that it was made with.
            if (container.State is "running" or "paused" or "restarting")
            {
                foreach (var text in container.Networks.SelectMany(n => new[] { n.IPv4, n.IPv6 }))
                {
                    if (Ip.TryParse(text, out var ip))
                    {
                        now[ip] = container.Id;
                    }
                }
            }
        }

        foreach (var address in before.Keys.Except(now.Keys).Concat(now.Keys.Except(before.Keys)))
        {
            _blocks.Add(BlockArithmetic.BlockOf(address));
        }

        _ = now.Count == 0 ? _running.Remove(host) : (_running[host] = now.ToImmutable()).IsEmpty;
    }

    private void AddUser(AddressUser user, IEnumerable<Ip> addresses)
    {
        foreach (var address in addresses)
        {
            var all = _users.TryGetValue(address, out var users) ? users.All : [];
            _users[address] = all.IsEmpty ? new AddressUsers(user, default) : AddressUsers.Of(all.Add(user).Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key)))!.Value;
            TouchAddress(address);
        }
    }

    private void RemoveUser(string key, IEnumerable<Ip> addresses)
    {
        foreach (var address in addresses)
        {
            if (_users.TryGetValue(address, out var users))
            {
                if (AddressUsers.Of(users.All.RemoveAll(u => u.Key == key)) is { } rest)
                {
                    _users[address] = rest;
                }
                else
                {
                    _users.Remove(address);
                }
            }

            TouchAddress(address);
        }
    }

    private void TouchAddress(Ip address)
    {
        _addresses.Add(address);
        var block = BlockArithmetic.BlockOf(address);
        if (_calico.Blocks.ContainsKey(block))
        {
            _blocks.Add(block);
        }
    }

    private string? RunningContainer(Ip address)
    {
        foreach (var (host, addresses) in _running)
        {
            if (addresses.TryGetValue(address, out var id))
            {
                return $"{host}/{_next.Hosts.GetValueOrDefault(host)?.Containers.GetValueOrDefault(id)?.Name ?? id}";
            }
        }

        return null;
    }

    private IpamFinding? OfAddress(Ip address)
    {
        if (!_users.TryGetValue(address, out var users))
        {
            return null;
        }

        var block = _calico.Blocks.GetValueOrDefault(BlockArithmetic.BlockOf(address))?.Value;
        if (users.Count > 1)
        {
            return new IpamFinding(IpamFindingKind.SharedAddress)
            {
                Address = address,
                Block = block?.Cidr,
                Node = users.First.Node,
                Count = users.Count,
                Detail = string.Join(", ", users.All.Take(3)) + (users.Count > 3 ? ", …" : ""),
            };
        }

        var allocated = block is not null && block.Allocations[BlockArithmetic.OrdinalOf(block, address)!.Value] is not null;
        return allocated || !_pools.Any(p => !p.Disabled && p.Cidr.Contains(address)) ? null : new IpamFinding(IpamFindingKind.NotAllocated)
        {
            Address = address,
            Block = block?.Cidr,
            Node = users.First.Node,
            Managed = users.First.Endpoint?.Id.Orchestrator != "openstack",
            Detail = users.First.ToString(),
        };
    }

    private IpamFinding? OfHandle(string id)
    {
        var use = _handleUse.GetValueOrDefault(id, ImmutableDictionary<Cidr, int>.Empty);
        var total = use.Values.Sum();
        if (_calico.Keys.Find(V1Keys.IpamHandle(id)) is not { } key)
        {
            return total == 0 ? null : new IpamFinding(IpamFindingKind.HandleMissing) { Handle = id, Count = total };
        }

        var decoded = IpamHandleCodec.Decode(key.Value.Span);
        if (decoded.Value is not { } handle)
        {
            return new IpamFinding(IpamFindingKind.HandleUnreadable) { Handle = id, Count = total, Detail = decoded.Reason?.TrimEnd('.') ?? "" };
        }

        if (total == 0)
        {
            return new IpamFinding(IpamFindingKind.HandleUnused) { Handle = id };
        }

        var held = use.ToImmutableSortedDictionary(u => u.Key.ToString(), u => u.Value, StringComparer.Ordinal);
        var wrong = held.Keys.Union(handle.Blocks.Keys).Order(StringComparer.Ordinal).Where(b => held.GetValueOrDefault(b) != handle.Blocks.GetValueOrDefault(b)).ToArray();
        return wrong.Length == 0 ? null : new IpamFinding(IpamFindingKind.HandleCountWrong)
        {
            Handle = id,
            Count = total,
            Detail = string.Join(", ", wrong.Take(3).Select(b => string.Create(CultureInfo.InvariantCulture, $"{handle.Blocks.GetValueOrDefault(b)} in {b}, where it holds {held.GetValueOrDefault(b)}"))) + (wrong.Length > 3 ? ", …" : ""),
        };
    }

    private static IEnumerable<Ip> AddressesOf(WorkloadEndpoint endpoint) => endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address).Distinct();

    private static IEnumerable<Ip> Tunnel(ConfigurationScope? scope) =>
        scope is not null && scope.Felix.TryGetValue(AddressUser.TunnelParameter, out var stored) && Ip.TryParse(stored.Text, out var ip) ? [ip] : [];

    private static Dictionary<string, int> HandlesOf(IpamBlock? block)
    {
        var handles = new Dictionary<string, int>(StringComparer.Ordinal);
        if (block is { Attributes.IsDefaultOrEmpty: false })
        {
            foreach (var (_, owner) in BlockArithmetic.Allocated(block))
            {
                if (owner.HandleId is { } handle)
                {
                    handles[handle] = handles.GetValueOrDefault(handle) + 1;
                }
            }
        }

        return handles;
    }
}
