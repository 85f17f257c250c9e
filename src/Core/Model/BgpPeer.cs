namespace CalicoConsole.Core.Model;

/// <summary>A BGP peer (calicoctl 1.6.3 bgpPeer; stored form: docs/calico-v1.md#bgppeer).</summary>
public sealed record BgpPeer
{
    /// <summary>metadata.node: the node that peers; null when all do (scope global).</summary>
    public string? Node { get; init; }

    /// <summary>metadata.peerIP.</summary>
    public required Ip PeerIP { get; init; }

    /// <summary>spec.asNumber; 0 when left out.</summary>
    public uint AsNumber { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}
