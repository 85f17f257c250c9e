using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>IP pools that get in each other's way or in that of the hosts, and networks that have lost theirs.</summary>
public sealed class PoolsAtOdds : IProblemCheck
{
    private const string Overlap = "pool.overlap";
    private const string Covers = "pool.covers-node";
    private const string NoBlock = "pool.no-block";
    private const string NoPool = "network.no-pool";
    private const int IPv4Block = 26;
    private const int IPv6Block = 122;

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Overlap, Covers, NoBlock, NoPool];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var calico = input.Snapshot.Calico;
        Cidr[] pools = [.. calico.IPPools.Keys.Order()];
        return
        [
            .. FewOf.Name(
                Overlapping(pools),
                o => new(
                    Overlap, ProblemSeverity.Attention, Pool(o.Inner), $"The IP pools {o.Outer} and {o.Inner} overlap",
                    "Which of the two settings (IPIP, NAT outgoing, disabled) an address in both gets is not defined."),
                n => $"{n} more IP pools overlap"),
            .. FewOf.Name(
                Covered(calico, pools),
                c => new(
                    Covers, ProblemSeverity.Attention, Pool(c.Pool), $"The IP pool {c.Pool} covers the address of node {c.Node}",
                    "Containers may be given addresses of the hosts' own network, and NAT outgoing leaves traffic to the hosts alone."),
                n => $"{n} more addresses of nodes are in IP pools"),
            .. FewOf.Name(
                pools.Where(p => p.PrefixLength > (p.IsIPv6 ? IPv6Block : IPv4Block)),
                p => new(
                    NoBlock, ProblemSeverity.Attention, Pool(p), $"The IP pool {p} is smaller than a block",
                    $"Nodes take addresses in blocks of 64, a /{(p.IsIPv6 ? IPv6Block : IPv4Block)}: nobody gets an address from this pool."),
                n => $"{n} more IP pools are smaller than a block"),
            .. FewOf.Name(
                Poolless(input.Snapshot),
                l => new(
                    NoPool, ProblemSeverity.Attention, new(SubjectKind.Network, l.Network.Network.Name) { Id = l.Network.Network.Id },
                    $"The network {l.Network.Network.Name} has lost its IP pool {l.Subnet}",
                    "Its containers keep their addresses on their hosts, but BIRD does not export them to others, and no container gets a new one."),
                n => $"{n} more networks have lost their IP pools"),
        ];
    }

    private static ProblemSubject Pool(Cidr cidr) => new(SubjectKind.IPPool, cidr.ToString());

    // Sorted by address, what overlaps a pool stands right behind it.
    private static IEnumerable<(Cidr Outer, Cidr Inner)> Overlapping(Cidr[] pools)
    {
        for (var i = 0; i < pools.Length; i++)
        {
            for (var j = i + 1; j < pools.Length && pools[i].Overlaps(pools[j]); j++)
            {
                yield return (pools[i], pools[j]);
            }
        }
    }

    private static IEnumerable<(Cidr Pool, string Node)> Covered(CalicoState calico, Cidr[] pools) =>
        from node in calico.Nodes.Values
        from address in new[] { node.Value.IPv4, node.Value.IPv6 }.OfType<Cidr>()
        from pool in pools
        where pool.Contains(address.Address)
        select (pool, node.Value.Name);

    // A network of the calico driver stands for its pools: the plugin refuses one without. Nothing is said before etcd was read.
    private static IEnumerable<(NetworkView Network, string Subnet)> Poolless(ClusterSnapshot snapshot) =>
        from network in snapshot.Views.Networks
        where network.IsCalico && snapshot.Feeds.Any(f => f.Name == FeedNames.Etcd && f.LastLive is not null)
        from subnet in network.Network.Subnets
        where Cidr.TryParse(subnet, out var cidr) && !snapshot.Calico.IPPools.ContainsKey(cidr)
        select (network, subnet);
}
