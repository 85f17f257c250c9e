using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Captures;

/// <summary>Which packets are taken, as fields: what tcpdump is given is built from what was read of them, never from text.</summary>
/// <param name="Protocol"><c>icmp</c>, <c>tcp</c>, <c>udp</c>, or empty for all.</param>
/// <param name="Port">A port of tcp and udp, on either side; null for all.</param>
/// <param name="Hosts">Addresses or networks, as text; a packet is taken that is from or to one of them. Empty for all.</param>
/// <param name="Arp">Whether ARP is taken too: its answers go to other MACs than IP's packets.</param>
public sealed record CaptureFilter(string Protocol, int? Port, ImmutableArray<string> Hosts, bool Arp)
{
    /// <summary>Most entries of <see cref="Hosts"/>.</summary>
    public const int MostHosts = 16;

    private static readonly ImmutableArray<string> Protocols = ["icmp", "tcp", "udp"];

    /// <summary>Everything.</summary>
    public static CaptureFilter All { get; } = new("", null, [], true);

    /// <summary>What is wrong with it, by field.</summary>
    public IEnumerable<FieldError> Errors()
    {
        if (Protocol.Length > 0 && !Protocols.Contains(Protocol))
        {
            yield return new FieldError("protocol", $"'{Protocol}' is none of {string.Join(", ", Protocols)}; leave it empty for all");
        }

        if (Port is not (null or (>= 1 and <= 65535)))
        {
            yield return new FieldError("port", "a port is a number from 1 to 65535");
        }
        else if (Port is not null && Protocol == "icmp")
        {
            yield return new FieldError("port", "icmp has no ports");
        }

        if (Hosts.Length > MostHosts)
        {
            yield return new FieldError("hosts", string.Create(CultureInfo.InvariantCulture, $"{Hosts.Length} addresses are too many: at most {MostHosts}"));
        }

        foreach (var host in Hosts.Where(h => !Cidr.TryParse(h, out _)))
        {
            yield return new FieldError("hosts", $"'{host}' is not an address or a network such as 10.0.0.0/24");
        }
    }

    /// <summary>The filter in the language of pcap; empty takes everything. Only of one without errors.</summary>
    public string Expression()
    {
        var parts = new List<string>();
        if (Protocol.Length > 0)
        {
            parts.Add(Protocol == "icmp" ? "(icmp or icmp6)" : Protocol);
        }

        if (Port is { } port)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"port {port}"));
        }

        var hosts = Hosts.Select(h => Cidr.TryParse(h, out var cidr) ? cidr : throw new ArgumentException($"'{h}' is no address")).Distinct().ToArray();
        var addresses = hosts.Length == 0 ? "" : $"({string.Join(" or ", hosts.Select(Address))})";
        var traffic = string.Join(" and ", parts.Concat(addresses.Length > 0 ? [addresses] : []));
        // "host" of pcap's language is true of ARP's addresses too, so that they are written once for both.
        return (traffic.Length, Arp) switch
        {
            (0, true) => "",
            (0, false) => "not arp",
            (_, true) when parts.Count == 0 => addresses,
            (_, true) => addresses.Length == 0 ? $"arp or ({traffic})" : $"(arp and {addresses}) or ({traffic})",
            _ => $"not arp and {traffic}",
        };
    }

    /// <summary>What is taken, for people.</summary>
    public string Words
    {
        get
        {
            var what = Protocol.Length > 0 ? Protocol : Port is not null ? "tcp and udp" : Arp ? "everything" : "everything but ARP";
            return what + (Port is { } port ? string.Create(CultureInfo.InvariantCulture, $" port {port}") : "")
                + (Hosts.IsEmpty ? "" : $" from or to {string.Join(", ", Hosts)}") + (Arp && (Protocol.Length > 0 || Port is not null) ? ", and ARP" : "");
        }
    }

    private static string Address(Cidr cidr) => cidr.IsSingle ? $"host {cidr.Address}" : $"net {cidr.Masked()}";
}
