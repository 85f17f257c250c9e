using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>What is wrong with one block, its affinity keys and its allocated addresses.</summary>
/// <param name="calico">The datastore.</param>
/// <param name="pools">All pools.</param>
/// <param name="cidr">The block, which may not exist.</param>
/// <param name="affine">Nodes with an affinity key for it.</param>
/// <param name="users">Who uses an address.</param>
/// <param name="running">The running container that has an address, in words; null when none has.</param>
internal sealed class IpamBlockCheck(
    CalicoState calico, ImmutableArray<IPPool> pools, Cidr cidr, ImmutableSortedSet<string> affine, Func<Ip, AddressUsers?> users, Func<Ip, string?> running)
{
    public ImmutableArray<IpamFinding> Findings()
    {
        var block = calico.Blocks.GetValueOrDefault(cidr)?.Value;
        IEnumerable<IpamFinding> all = Affinity(block);
        return block is null ? [.. all] : [.. all, .. Place(block), .. Addresses(block)];
    }

    private IEnumerable<IpamFinding> Affinity(IpamBlock? block)
    {
        // A block that cannot be read says nothing about its node, and is found as such.
        var unreadable = block is null && calico.Unparsable.ContainsKey(Model.V1.V1Keys.IpamBlock(cidr));
        foreach (var node in affine)
        {
            var kind = !calico.Nodes.ContainsKey(node) ? IpamFindingKind.AffinityOfMissingNode
                : block is null ? IpamFindingKind.AffinityWithoutBlock
                : IpamFindingKind.AffinityOfOther;
            if (kind == IpamFindingKind.AffinityOfMissingNode || (!unreadable && block?.AffineNode != node))
            {
                yield return About(kind, node, block) with { Detail = kind == IpamFindingKind.AffinityOfOther ? block?.AffineNode ?? "" : "" };
            }
        }

        if (block?.AffineNode is { } owner && !affine.Contains(owner))
        {
            yield return About(calico.Nodes.ContainsKey(owner) ? IpamFindingKind.BlockWithoutAffinity : IpamFindingKind.AffinityOfMissingNode, owner, block);
        }
    }

    private IEnumerable<IpamFinding> Place(IpamBlock block)
    {
        var around = pools.Where(p => p.Cidr.Contains(cidr)).ToArray();
        if (around.Length == 0 || around.All(p => p.Disabled))
        {
            yield return About(around.Length == 0 ? IpamFindingKind.OutsidePools : IpamFindingKind.InDisabledPool, block.AffineNode, block);
        }

        if (IpamFindings.Problems(block) is { IsEmpty: false } problems)
        {
            yield return About(IpamFindingKind.BlockUnsound, block.AffineNode, block)
                with
            { Detail = problems[0] + (problems.Length > 1 ? $", and {problems.Length - 1} more" : "") };
        }
    }

    private List<IpamFinding> Addresses(IpamBlock block)
    {
        var findings = new List<IpamFinding>();
        var (borrowed, borrowers) = (0, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var (address, owner) in BlockArithmetic.Allocated(block))
        {
            if (users(address) is { } used)
            {
                if (block.AffineNode is not null && used.First.Node != block.AffineNode)
                {
                    borrowed++;
                    borrowers.Add(used.First.Node);
                }
            }
            else if (running(address) is { } container)
            {
                findings.Add(About(IpamFindingKind.EndpointLost, block.AffineNode, block)
                    with
                { Address = address, Handle = owner.HandleId, Count = 1, Detail = $"the running container {container}" });
            }
            else
            {
                findings.Add(About(IpamFindingKind.Leak, block.AffineNode, block) with { Address = address, Handle = owner.HandleId, Count = 1 });
            }
        }

        if (borrowed > 0)
        {
            findings.Add(About(IpamFindingKind.Borrowed, block.AffineNode, block)
                with
            { Count = borrowed, Detail = string.Join(", ", borrowers.Take(5)) + (borrowers.Count > 5 ? ", …" : "") });
        }

        return findings;
    }

    private IpamFinding About(IpamFindingKind kind, string? node, IpamBlock? block) => new(kind) { Block = cidr, Node = node, Count = block?.Used ?? 0 };
}
