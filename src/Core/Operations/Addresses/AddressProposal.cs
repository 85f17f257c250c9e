using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Addresses;

/// <summary>
/// Proposes a free address of a pool for a container of one node, in Calico's order: the node's own blocks, then a block that nobody
/// has, then, without strict affinity, somebody else's (docs/calico-v1.md#ipam). Pure.
/// </summary>
/// <remarks>The pool's first and last address are passed over: they work, but people take them for the network's and the broadcast address.</remarks>
public static class AddressProposal
{
    /// <summary>The next free address for a container on a network; null when its subnet has no enabled pool or the pool is full.</summary>
    /// <param name="snapshot">What is known.</param>
    /// <param name="network">A network with a subnet.</param>
    /// <param name="node">The node whose plugin will ask.</param>
    /// <param name="except">Addresses that are known to be taken though the snapshot does not show it yet.</param>
    public static Ip? For(ClusterSnapshot snapshot, DockerNetwork network, string node, ImmutableArray<Ip> except)
    {
        foreach (var subnet in network.Subnets)
        {
            if (Cidr.TryParse(subnet, out var cidr) && !cidr.IsIPv6 && snapshot.Calico.IPPools.TryGetValue(cidr.Masked(), out var pool) && !pool.Value.Disabled
                && Next(snapshot, pool.Value.Cidr, node, except) is { } next)
            {
                return next;
            }
        }

        return null;
    }

    private static Ip? Next(ClusterSnapshot snapshot, Cidr pool, string node, ImmutableArray<Ip> except)
    {
        var taken = Taken(snapshot);
        taken.UnionWith(except);
        var blocks = snapshot.Calico.Blocks.Where(b => pool.Contains(b.Key)).Select(b => b.Value.Value).ToList();
        foreach (var block in blocks.Where(b => b.AffineNode == node))
        {
            if (FreeIn(block) is { } own)
            {
                return own;
            }
        }

        if (!pool.IsIPv6)
        {
            var existing = blocks.Select(b => b.Cidr).ToHashSet();
            var size = (UInt128)IpamBlock.Size;
            for (var first = pool.First.Bits; first <= pool.Last.Bits; first += size)
            {
                var cidr = new Cidr(new Ip(first, false), 26);
                if (!existing.Contains(cidr) && Enumerable.Range(0, IpamBlock.Size).Select(i => At(cidr, i)).Where(IsFree).Cast<Ip?>()
                    .FirstOrDefault() is { } fresh)
                {
                    return fresh;
                }
            }
        }

        return IsStrict(snapshot) ? null : blocks.Where(b => b.AffineNode != node).Select(FreeIn).FirstOrDefault(ip => ip is not null);

        Ip? FreeIn(IpamBlock block) =>
            block.Unallocated.Where(o => o is >= 0 and < IpamBlock.Size).Select(o => At(block.Cidr, o)).Where(IsFree).Cast<Ip?>().FirstOrDefault();

        bool IsFree(Ip ip) => ip != pool.First && ip != pool.Last && pool.Contains(ip) && !taken.Contains(ip);
    }

    /// <summary>Who holds an address as far as the snapshot tells, for people; null when it is free.</summary>
    public static string? Holder(ClusterSnapshot snapshot, Ip ip)
    {
        if (snapshot.Calico.WorkloadEndpoints.Values.FirstOrDefault(e => e.Value.IPv4Nets.Any(n => n.Address == ip)) is { } endpoint)
        {
            return Names(snapshot, [endpoint.Value.Id])[endpoint.Value.Id];
        }

        foreach (var block in snapshot.Calico.Blocks.Values.Where(b => b.Value.Cidr.Contains(ip)))
        {
            var ordinal = (int)(ip.Bits - block.Value.Cidr.First.Bits);
            if (ordinal < block.Value.Allocations.Length && block.Value.Allocations[ordinal] is not null)
            {
                var tunnel = snapshot.Calico.Nodes.Keys.FirstOrDefault(
                    n => snapshot.Calico.Keys.Find(V1Keys.FelixConfig("IpInIpTunnelAddr", n))?.Text == ip.ToString());
                return tunnel is null ? $"block {block.Value.Cidr}, without an endpoint: perhaps leaked" : $"the IPIP tunnel of node {tunnel}";
            }
        }

        return null;
    }

    /// <summary>Names of endpoints for people: the container where a Docker host knows it, else the endpoint.</summary>
    internal static Dictionary<WorkloadEndpointId, string> Names(ClusterSnapshot snapshot, IEnumerable<WorkloadEndpointId> ids)
    {
        var wanted = ids.Distinct().ToList();
        var byEndpoint = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var host in wanted.Count == 0 ? [] : snapshot.Hosts.Values)
        {
            foreach (var container in host.Containers.Values)
            {
                foreach (var attachment in container.Networks.Where(n => n.EndpointId.Length > 0))
                {
                    byEndpoint[attachment.EndpointId] = $"container {host.Name}/{container.Name}";
                }
            }
        }

        return wanted.ToDictionary(id => id, id => byEndpoint.GetValueOrDefault(id.Name)
            ?? $"workload endpoint {id.Orchestrator}/{id.Workload}/{HostLookup.Short(id.Name)} on node {id.Node}");
    }

    private static Ip At(Cidr block, int ordinal) => new(block.First.Bits + (UInt128)ordinal, block.IsIPv6);

    private static HashSet<Ip> Taken(ClusterSnapshot snapshot)
    {
        var taken = new HashSet<Ip>();
        foreach (var endpoint in snapshot.Calico.WorkloadEndpoints.Values)
        {
            taken.UnionWith(endpoint.Value.IPv4Nets.Select(n => n.Address));
        }

        // A stopped container holds nothing in Calico, but could not start again without the address it was made with.
        foreach (var attachment in snapshot.Hosts.Values.SelectMany(h => h.Containers.Values).SelectMany(c => c.Networks))
        {
            if (Ip.TryParse(attachment.RequestedIPv4, out var requested))
            {
                taken.Add(requested);
            }

            if (Ip.TryParse(attachment.IPv4, out var held))
            {
                taken.Add(held);
            }
        }

        return taken;
    }

    // The config value is {"strict_affinity":true,...}; members that are false are left out (docs/calico-v1.md#ipam).
    private static bool IsStrict(ClusterSnapshot snapshot) =>
        snapshot.Calico.Keys.Find(V1Keys.IpamConfig)?.Text.Contains("\"strict_affinity\":true", StringComparison.Ordinal) == true;
}
