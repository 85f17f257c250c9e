using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Bgp;

/// <summary>A BGP peer as lists show it.</summary>
/// <param name="Key">Its datastore key.</param>
/// <param name="Peer">The peer.</param>
/// <param name="PeerNode">The node of this cluster that has the peer's address; null when it is none.</param>
/// <param name="NodeMissing">Whether it is a peer of a node that etcd does not have.</param>
public sealed record BgpPeerRow(string Key, BgpPeer Peer, string? PeerNode, bool NodeMissing)
{
    /// <summary>global or node.</summary>
    public string Scope => Peer.Node is null ? "global" : "node";

    /// <summary>Its AS number.</summary>
    public string As => Peer.AsNumber.ToString(CultureInfo.InvariantCulture);

    /// <summary>The address of its page.</summary>
    public string Href => Links.BgpPeer(Peer.PeerIP, Peer.Node);

    /// <summary>Whether it can work, as far as the datastore says. The sessions themselves are read on demand.</summary>
    public StateWords State => this switch
    {
        { Peer.AsNumber: 0 } =>
            new(ChipState.Broken, "no AS number", "AS number 0 is stored when none is given. BIRD refuses its whole configuration and keeps the one before."),
        { NodeMissing: true } => new(ChipState.Attention, "node missing", $"There is no node {Peer.Node}."),
        _ => new(ChipState.Healthy, "stored", "Whether the session is up is read from BIRD under BGP sessions."),
    };

    /// <summary>Every peer, in the order of their keys.</summary>
    public static ImmutableArray<BgpPeerRow> AllIn(ClusterSnapshot snapshot) =>
    [
        .. snapshot.Calico.BgpPeers.Select(p => new BgpPeerRow(
            p.Key, p.Value.Value, BgpNodes.NameOf(snapshot, p.Value.Value.PeerIP), p.Value.Value.Node is { } node && !snapshot.Calico.Nodes.ContainsKey(node))),
    ];
}
