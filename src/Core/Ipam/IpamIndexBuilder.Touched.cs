using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Ipam;

/// <summary>What a change touches: blocks, addresses and handles whose findings are looked at again.</summary>
internal sealed partial class IpamIndexBuilder
{
    private void TouchAll()
    {
        foreach (var endpoint in _calico.WorkloadEndpoints.Values)
        {
            AddUser(AddressUser.From(endpoint), AddressesOf(endpoint.Value));
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
                    AddUser(AddressUser.From(after), AddressesOf(after.Value));
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
                nodes = _calico.Keys.TryGet(_calico.KeyOf(V1Keys.IpamAffinity(affinity.Node, affinity.Block)), out _)
                    ? nodes.Add(affinity.Node) : nodes.Remove(affinity.Node);
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
            _users[address] = all.IsEmpty ? new AddressUsers(user, default)
                : AddressUsers.From(all.Add(user).Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key)))!.Value;
            TouchAddress(address);
        }
    }

    private void RemoveUser(string key, IEnumerable<Ip> addresses)
    {
        foreach (var address in addresses)
        {
            if (_users.TryGetValue(address, out var users))
            {
                if (AddressUsers.From(users.All.RemoveAll(u => u.Key == key)) is { } rest)
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
}
