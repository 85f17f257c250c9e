using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Joins of BGP sessions with the cluster. Pure.</summary>
public static class BgpNodes
{
    /// <summary>The Calico node that has this BGP address; null when none has.</summary>
    public static string? NameOf(ClusterSnapshot snapshot, Ip address)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Calico.Nodes.Values.Select(n => n.Value).FirstOrDefault(n => n.IPv4?.Address == address || n.IPv6?.Address == address)?.Name;
    }

    /// <summary>The Calico node at the other end of a session; null when the peer is none.</summary>
    public static string? NodeOf(ClusterSnapshot snapshot, BgpSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Ip.TryParse(session.Peer, out var address) ? NameOf(snapshot, address) : null;
    }

    /// <summary>The session towards a node among those of another one: its view of the same connection. Null when it has none.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="node">The node that the session leads to.</param>
    /// <param name="far">What the other node's BIRD said.</param>
    /// <param name="ipv6">The family.</param>
    public static BgpSession? Towards(ClusterSnapshot snapshot, string node, BgpStatus far, bool ipv6)
    {
        ArgumentNullException.ThrowIfNull(far);
        return (ipv6 ? far.IPv6 : far.IPv4).Sessions.FirstOrDefault(s => NodeOf(snapshot, s) == node);
    }
}
