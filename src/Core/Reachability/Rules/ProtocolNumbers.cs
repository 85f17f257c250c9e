using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>IP protocol numbers of the names that Felix knows (source: IANA protocol numbers; Felix 2.6 rule validation).</summary>
public static class ProtocolNumbers
{
    /// <summary>ICMP for IPv4.</summary>
    public const int Icmp = 1;

    /// <summary>TCP.</summary>
    public const int Tcp = 6;

    /// <summary>UDP.</summary>
    public const int Udp = 17;

    /// <summary>ICMP for IPv6.</summary>
    public const int IcmpV6 = 58;

    /// <summary>The number of a rule's protocol; null when Felix does not know its name or the number is out of range.</summary>
    public static int? For(Protocol protocol) => protocol.Name switch
    {
        null => protocol.Number is >= 1 and <= 255 ? protocol.Number : null,
        "tcp" => Tcp,
        "udp" => Udp,
        "icmp" => Icmp,
        "icmpv6" => IcmpV6,
        "sctp" => 132,
        "udplite" => 136,
        _ => null,
    };

    /// <summary>The name of a number, as rules spell it; the number itself when it has none.</summary>
    public static string NameOf(int protocol) => protocol switch
    {
        Icmp => "icmp",
        Tcp => "tcp",
        Udp => "udp",
        IcmpV6 => "icmpv6",
        132 => "sctp",
        136 => "udplite",
        _ => protocol.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
