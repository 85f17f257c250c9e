using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>Which packet of an exchange.</summary>
internal enum PacketRole
{
    /// <summary>The first one.</summary>
    Request,

    /// <summary>What the receiver sends back.</summary>
    Answer,

    /// <summary>The sender's next one: of TCP the one that completes the handshake.</summary>
    Confirmation,
}

/// <summary>What connection tracking of a host says of a packet.</summary>
internal enum PacketState
{
    /// <summary>It begins a connection: rules decide.</summary>
    New,

    /// <summary>It belongs to a connection that was let through: accepted before the rules.</summary>
    Established,

    /// <summary>It belongs to no connection and cannot begin one: dropped before the rules.</summary>
    Invalid,

    /// <summary>A doNotTrack policy took it out of connection tracking: rules decide, as for any packet.</summary>
    Untracked,
}

/// <summary>
/// Linux's connection tracking of one exchange, on every host that it passes. A host that did not see the request takes TCP's SYN-ACK and an echo reply for
/// INVALID, and a
/// UDP answer for a new connection; one that did not see TCP's answer takes what completes the handshake for INVALID (nf_conntrack_proto_tcp, _icmp, _icmpv6).
/// For one
/// exchange only.
/// </summary>
internal sealed class ConnectionTracking
{
    private readonly Dictionary<string, PacketRoles> _seen = new(StringComparer.Ordinal);

    [Flags]
    private enum PacketRoles
    {
        None = 0,
        Request = 1,
        Answer = 2,
    }

    /// <summary>Which packet is on its way.</summary>
    public PacketRole Role { get; set; }

    /// <summary>Whether a packet of the exchange was taken out of connection tracking somewhere.</summary>
    public bool IsUntracked { get; private set; }

    /// <summary>Takes note of a packet at a host and says what it is there.</summary>
    /// <param name="node">The host.</param>
    /// <param name="protocol">IP protocol number.</param>
    /// <param name="untracked">Whether a doNotTrack policy of the host took it out.</param>
    public PacketState Pass(string node, int protocol, bool untracked)
    {
        if (untracked)
        {
            IsUntracked = true;
            return PacketState.Untracked;
        }

        var seen = _seen.GetValueOrDefault(node);
        switch (Role)
        {
            case PacketRole.Request:
                _seen[node] = seen | PacketRoles.Request;
                return PacketState.New;
            case PacketRole.Answer:
                _seen[node] = seen | PacketRoles.Answer;
                return seen.HasFlag(PacketRoles.Request) ? PacketState.Established
                    : protocol is ProtocolNumbers.Tcp or ProtocolNumbers.Icmp or ProtocolNumbers.IcmpV6 ? PacketState.Invalid
                    : PacketState.New;
            case PacketRole.Confirmation:
                return seen.HasFlag(PacketRoles.Answer) ? PacketState.Established
                    : seen.HasFlag(PacketRoles.Request) ? PacketState.Invalid
                    : PacketState.New;
            default:
                throw new ArgumentOutOfRangeException(nameof(node), Role, "unknown packet of an exchange");
        }
    }
}
