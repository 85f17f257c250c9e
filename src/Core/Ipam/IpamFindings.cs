using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>What a block says about itself that cannot be, and the addresses that endpoints use. Pure.</summary>
public static class IpamFindings
{
    /// <summary>What is wrong inside one block, one sentence each; empty when it is sound.</summary>
    public static ImmutableArray<string> Problems(IpamBlock block)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var attributes = block.Attributes.IsDefault ? 0 : block.Attributes.Length;
        var listed = new int[IpamBlock.Size];
        foreach (var ordinal in block.Unallocated)
        {
            if (ordinal is < 0 or >= IpamBlock.Size)
            {
                Add($"the list of free addresses names ordinal {ordinal}, which no block of {IpamBlock.Size} has");
                continue;
            }

            listed[ordinal]++;
        }

        for (var ordinal = 0; ordinal < block.Allocations.Length; ordinal++)
        {
            var times = listed[ordinal];
            var address = BlockArithmetic.AddressAt(block, ordinal);
            if (block.Allocations[ordinal] is not { } index)
            {
                _ = times == 1 || Add($"{address} is free but is {times} times in the list of free addresses");
                continue;
            }

            _ = times == 0 || Add($"{address} is allocated but also in the list of free addresses");
            _ = (index >= 0 && index < attributes) || Add($"{address} names owner {index}, but there are {attributes}");
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
