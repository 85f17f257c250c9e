using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Web.Areas.Bgp;

/// <summary>A BGP peer as typed.</summary>
public sealed record BgpPeerDraft
{
    /// <summary>metadata.node; empty for a peer of all nodes.</summary>
    public string Node { get; init; } = "";

    /// <summary>metadata.peerIP.</summary>
    public string PeerIP { get; init; } = "";

    /// <summary>spec.asNumber.</summary>
    public string AsNumber { get; init; } = "";

    /// <summary>What the stored document has and no field says.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>The draft that says the same as a peer.</summary>
    public static BgpPeerDraft From(BgpPeer peer) => new()
    {
        Node = peer.Node ?? "",
        PeerIP = peer.PeerIP.ToString(),
        AsNumber = peer.AsNumber.ToString(CultureInfo.InvariantCulture),
        Unknown = peer.Unknown,
    };

    /// <summary>The peer, or why it cannot be read. A missing AS number is refused: calicoctl stores 0, on which BIRD fails.</summary>
    public (BgpPeer? Peer, ImmutableArray<FieldError> Errors) ToPeer()
    {
        List<FieldError> errors = [];
        if (!Ip.TryParse(PeerIP.Trim(), out var ip))
        {
            errors.Add(new FieldError("metadata.peerIP", PeerIP.Trim().Length == 0 ? "An address is needed"
                : $"'{PeerIP.Trim()}' is not an address such as 192.0.2.1 or fd00::1"));
        }

        if (!AsNumbers.TryParse(AsNumber.Trim(), out var number))
        {
            errors.Add(new FieldError("spec.asNumber", AsNumber.Trim().Length == 0 ? "An AS number is needed: BIRD refuses a peer without one"
                : $"'{AsNumber.Trim()}' is not an AS number such as 64512 or 1.10"));
        }

        return errors.Count == 0 ? (new BgpPeer { Node = Node.Trim().Length == 0 ? null : Node.Trim(), PeerIP = ip, AsNumber = number, Unknown = Unknown }, [])
            : (null, [.. errors]);
    }
}
