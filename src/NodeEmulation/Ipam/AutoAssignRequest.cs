using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Ipam;

/// <summary>A wish for addresses of one family.</summary>
/// <param name="Node">The node that asks.</param>
/// <param name="Count">How many.</param>
/// <param name="IPv6">The family.</param>
public sealed record AutoAssignRequest(string Node, int Count, bool IPv6)
{
    /// <summary>Pools to take from, by their exact CIDR; empty for all enabled ones.</summary>
    public ImmutableArray<Cidr> Pools { get; init; } = [];

    /// <summary>Whom to note as owner.</summary>
    public IpamAttribute Owner { get; init; } = BlockArithmetic.Nobody;
}
