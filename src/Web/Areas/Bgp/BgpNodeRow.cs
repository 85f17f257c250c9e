using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Bgp;

/// <summary>A node's part in BGP.</summary>
/// <param name="Node">The node.</param>
/// <param name="GlobalAs">The AS number of nodes without one of their own.</param>
/// <param name="Peers">How many peers of its own it has.</param>
public sealed record BgpNodeRow(Node Node, string GlobalAs, int Peers)
{
    /// <summary>Its AS number.</summary>
    public string As => Node.AsNumber?.ToString(CultureInfo.InvariantCulture) ?? GlobalAs;

    /// <summary>Where that comes from.</summary>
    public string From => Node.AsNumber is null ? "all nodes" : "the node";

    /// <summary>Whether it takes part.</summary>
    public StateWords State => Node is { IPv4: null, IPv6: null }
        ? new(ChipState.Idle, "no BGP data", "It has no BGP address in etcd: a compute host of OpenStack, or one whose calico-node never registered.")
        : new(ChipState.Healthy, "takes part", null);

    /// <summary>Every node of the datastore.</summary>
    public static ImmutableArray<BgpNodeRow> AllIn(CalicoState calico)
    {
        var global = EffectiveConfiguration.Bgp(calico, "as_num").Value;
        var peers = calico.BgpPeers.Values.CountBy(p => p.Value.Node ?? "", StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return [.. calico.Nodes.Values.Select(n => new BgpNodeRow(n.Value, global, peers.GetValueOrDefault(n.Value.Name)))];
    }
}
