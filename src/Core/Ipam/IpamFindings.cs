using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>An allocated address that no endpoint and no tunnel uses.</summary>
/// <param name="Address">The address.</param>
/// <param name="Block">Its block.</param>
/// <param name="Node">The node of the block; null when none.</param>
/// <param name="Owner">Who is noted for it.</param>
public sealed record IpamLeak(Ip Address, Cidr Block, string? Node, IpamAttribute Owner);

/// <summary>Where IPAM and the endpoints disagree (docs/calico-v1.md#what-is-derived). Pure.</summary>
/// <remarks>
/// One look is no proof: the libnetwork plugin allocates before it writes the endpoint and releases after it deletes it. Look
/// twice, and at Docker, before an address is released.
/// </remarks>
public static class IpamFindings
{
    /// <summary>Allocated addresses without an endpoint or tunnel, sorted.</summary>
    public static ImmutableArray<IpamLeak> Leaks(IEnumerable<IpamBlock> blocks, IEnumerable<WorkloadEndpoint> endpoints, IEnumerable<Ip> tunnelAddresses)
    {
        var used = AddressesOf(endpoints).Concat(tunnelAddresses).ToHashSet();
        return
        [
            .. blocks.SelectMany(block => BlockArithmetic.Allocated(block)
                    .Where(a => !used.Contains(a.Address))
                    .Select(a => new IpamLeak(a.Address, block.Cidr, block.AffineNode, a.Owner)))
                .OrderBy(l => l.Address),
        ];
    }

    /// <summary>
    /// Addresses of endpoints that lie in an enabled pool but are not allocated, sorted: the next assignment may give them
    /// out a second time.
    /// </summary>
    public static ImmutableArray<Ip> NotAllocated(IEnumerable<IpamBlock> blocks, IEnumerable<WorkloadEndpoint> endpoints, IEnumerable<IPPool> pools)
    {
        var allocated = blocks.SelectMany(b => BlockArithmetic.Allocated(b).Select(a => a.Address)).ToHashSet();
        var enabled = pools.Where(p => !p.Disabled).Select(p => p.Cidr).ToArray();
        return [.. AddressesOf(endpoints).Distinct().Where(ip => !allocated.Contains(ip) && enabled.Any(p => p.Contains(ip))).Order()];
    }

    /// <summary>What is wrong inside one block, one sentence each; empty when it is sound.</summary>
    public static ImmutableArray<string> Problems(IpamBlock block)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var attributes = block.Attributes.IsDefault ? 0 : block.Attributes.Length;
        for (var ordinal = 0; ordinal < block.Allocations.Length; ordinal++)
        {
            var times = block.Unallocated.Count(o => o == ordinal);
            var address = BlockArithmetic.AddressAt(block, ordinal);
            if (block.Allocations[ordinal] is not { } index)
            {
                _ = times == 1 || Add($"{address} is free but is {times} times in the list of free addresses");
                continue;
            }

            _ = times == 0 || Add($"{address} is allocated but also in the list of free addresses");
            _ = (index >= 0 && index < attributes) || Add($"{address} names owner {index}, but there are {attributes}");
        }

        foreach (var ordinal in block.Unallocated.Where(o => o is < 0 or >= IpamBlock.Size))
        {
            Add($"the list of free addresses names ordinal {ordinal}, which no block of {IpamBlock.Size} has");
        }

        return problems.ToImmutable();

        bool Add(FormattableString problem)
        {
            problems.Add(FormattableString.Invariant(problem));
            return false;
        }
    }

    /// <summary>All addresses of endpoints, of both families.</summary>
    public static IEnumerable<Ip> AddressesOf(IEnumerable<WorkloadEndpoint> endpoints) =>
        endpoints.SelectMany(e => e.IPv4Nets.Concat(e.IPv6Nets)).Select(n => n.Address);
}
