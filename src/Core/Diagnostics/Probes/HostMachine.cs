using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>A Docker host's network, read in its calico-node container, which shares it. A part that could not be read is absent and proves nothing.</summary>
public sealed record HostMachine
{
    /// <summary>Interfaces with their counts of packets, by name; null when unknown.</summary>
    public ImmutableSortedDictionary<string, InterfaceCount>? Interfaces { get; init; }

    /// <summary>IPv4 addresses with the interface that has each; default when unknown.</summary>
    public ImmutableArray<(string Interface, Cidr Address)> Addresses { get; init; }

    /// <summary>The neighbour that the host has for the endpoint's address on its interface; null when none is known.</summary>
    public HostNeighbour? Neighbour { get; init; }

    /// <summary>Whether <see cref="Neighbour"/> was looked for: false proves nothing.</summary>
    public bool HasNeighbours { get; init; }

    /// <summary>Kernel parameters below <c>/proc/sys/net</c>, by path without that beginning, such as <c>ipv4/ip_forward</c>.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Where the host sends packets to the endpoint's own address; null when unknown.</summary>
    public HostRoute? OwnRoute { get; init; }

    /// <summary>Where it sends packets to the other end; null when unknown.</summary>
    public HostRoute? PeerRoute { get; init; }

    /// <summary>Where it would send packets to 169.254.1.1, which decides whether it answers for that address; null when unknown.</summary>
    public HostRoute? GatewayRoute { get; init; }

    /// <summary>Names of the processes that the calico-node container shows; null when unknown.</summary>
    public ImmutableHashSet<string>? Processes { get; init; }

    /// <summary>Packets that the host's reverse path check dropped (<c>TcpExt: IPReversePathFilter</c>); null when unknown.</summary>
    public long? ReversePathDrops { get; init; }

    /// <summary>A kernel parameter; null when it was not read.</summary>
    public string? Parameter(string path) => Parameters.GetValueOrDefault(path);

    /// <summary>Whether an interface is there; null when the interfaces are not known.</summary>
    public bool? Has(string name) => Interfaces?.ContainsKey(name);
}

/// <summary>An entry of the host's ARP table.</summary>
/// <param name="Mac">MAC in lower case.</param>
/// <param name="IsPermanent">Whether it was set by hand, as Felix sets it, and is never asked for.</param>
public sealed record HostNeighbour(string Mac, bool IsPermanent);

/// <summary>What <c>ip route get</c> answers.</summary>
/// <param name="Kind"><c>unicast</c>, <c>local</c>, <c>blackhole</c>, <c>unreachable</c> or <c>none</c>.</param>
/// <param name="Interface">The interface; empty when it goes nowhere.</param>
/// <param name="Via">The next hop; null when the target is on the link.</param>
/// <param name="Text">The answer itself.</param>
public sealed record HostRoute(string Kind, string Interface, Ip? Via, string Text)
{
    /// <summary>Whether packets go anywhere by it.</summary>
    public bool GoesOn => Kind is "unicast" or "local";
}

/// <summary>
/// Reads <see cref="HostMachine"/> in calico-node by one constant shell script whose parts may each fail. What is looked for is given as arguments of the
/// shell, so that no word of anybody's is ever part of the script.
/// </summary>
/// <param name="Interface">The endpoint's interface on the host; empty when there is none.</param>
/// <param name="Address">The endpoint's address.</param>
/// <param name="Peer">The other end's address.</param>
public sealed record MachineProbe(string Interface, Ip Address, Ip Peer) : ExecProbe<HostMachine>
{
    private const string Script = """
        part() { echo "@@ $1"; shift; "$@" 2>&1; echo "@= $?"; }
        part links cat /proc/net/dev
        part addresses ip -4 -o addr show
        part arp cat /proc/net/arp
        part own ip -4 route get "$2"
        part peer ip -4 route get "$3"
        part gateway ip -4 route get 169.254.1.1
        part parameters grep -H . /proc/sys/net/ipv4/ip_forward /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max \
          /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/proxy_arp "/proc/sys/net/ipv4/neigh/$1/proxy_delay"
        part drops grep -h ^TcpExt: /proc/net/netstat
        part processes grep -h . /proc/[0-9]*/comm
        """;

    private const string SysNet = "/proc/sys/net/";

    /// <inheritdoc/>
    public override string Name => "network of the host";

    /// <inheritdoc/>
    public override ProbeVantage Vantage => ProbeVantage.CalicoNode;

    /// <inheritdoc/>
    public override string Reads => "interfaces, addresses, neighbours, routes and kernel parameters of the host, and the processes of calico-node";

    /// <inheritdoc/>
    public override ImmutableArray<string> Command =>
        ["sh", "-c", Script, "calico-console", Interface.Length == 0 ? "lo" : Interface, Address.ToString(), Peer.ToString()];

    /// <inheritdoc/>
    protected override Reading<HostMachine> Understand(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var parts = Parts(output.Lines);
        return parts.Count == 0
            ? Reading.Unknown<HostMachine>($"calico-node's shell answered nothing that can be read: {Brief(output.Said)}")
            : Reading.Known(new HostMachine
            {
                Interfaces = Good(parts, "links") is { } links ? Links(links) : null,
                Addresses = Good(parts, "addresses") is { } addresses ? [.. addresses.Select(AddressIn).OfType<(string, Cidr)>()] : default,
                Neighbour = Good(parts, "arp")?.Select(NeighbourIn).FirstOrDefault(n => n is not null),
                HasNeighbours = Good(parts, "arp") is not null,
                OwnRoute = Route(parts, "own"),
                PeerRoute = Route(parts, "peer"),
                GatewayRoute = Route(parts, "gateway"),
                Parameters = parts.TryGetValue("parameters", out var parameters) ? Parameters(parameters.Lines) : ImmutableSortedDictionary<string,
                    string>.Empty,
                ReversePathDrops = Good(parts, "drops") is { } drops ? Counter(drops, "IPReversePathFilter") : null,
                Processes = Good(parts, "processes") is { } processes ? [.. processes.Select(p => p.Trim())] : null,
            });
    }

    private static Dictionary<string, (List<string> Lines, int Exit)> Parts(ImmutableArray<string> lines)
    {
        var parts = new Dictionary<string, (List<string>, int)>(StringComparer.Ordinal);
        string? name = null;
        var now = new List<string>();
        foreach (var line in lines)
        {
            if (line.StartsWith("@@ ", StringComparison.Ordinal))
            {
                (name, now) = (line[3..].Trim(), []);
            }
            else if (line.StartsWith("@= ", StringComparison.Ordinal) && name is not null && int.TryParse(line[3..], CultureInfo.InvariantCulture,
                out var exit))
            {
                parts[name] = (now, exit);
                name = null;
            }
            else
            {
                now.Add(line);
            }
        }

        return parts;
    }

    private static List<string>? Good(Dictionary<string, (List<string> Lines, int Exit)> parts, string name) =>
        parts.TryGetValue(name, out var part) && part.Exit == 0 ? part.Lines : null;

    private static ImmutableSortedDictionary<string, InterfaceCount> Links(List<string> lines) =>
        lines.Select(InterfaceCount.Read).OfType<(string Name, InterfaceCount Count)>()
            .DistinctBy(l => l.Name).ToImmutableSortedDictionary(l => l.Name, l => l.Count, StringComparer.Ordinal);

    // 2: eth0    inet 192.168.122.45/24 brd 192.168.122.255 scope global eth0
    private static (string, Cidr)? AddressIn(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var name, "inet", var address, ..] && Cidr.TryParse(address, out _)
        && Ip.TryParse(address.Split('/')[0], out var ip) && int.TryParse(address.Split('/')[^1], CultureInfo.InvariantCulture, out var length)
            ? (name.Split('@')[0], new Cidr(ip, length))
            : null;

    // 192.0.2.101      0x1         0x6         ee:ee:ee:ee:ee:ee     *        cali1234
    private HostNeighbour? NeighbourIn(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var address, _, var flags, var mac, _, var name, ..]
        && name == Interface && address == Address.ToString() && MacText.IsMac(mac)
            ? new HostNeighbour(MacText.Normal(mac), flags is "0x6")
            : null;

    private static HostRoute? Route(Dictionary<string, (List<string> Lines, int Exit)> parts, string name)
    {
        if (!parts.TryGetValue(name, out var part) || part.Lines.FirstOrDefault(l => l.Trim().Length > 0)?.Trim() is not { } line)
        {
            return null;
        }

        // iproute2 fails for a route that forbids, with an error for each kind; busybox's ip prints the route itself.
        if (part.Exit != 0)
        {
            return line.Contains("not found", StringComparison.Ordinal) ? null
                : new HostRoute(
                    line.Contains("Invalid argument", StringComparison.OrdinalIgnoreCase) ? "blackhole"
                    : line.Contains("Network is unreachable", StringComparison.OrdinalIgnoreCase) ? "none" : "unreachable",
                    "", null, line);
        }

        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var kind = words[0] is "local" or "blackhole" or "unreachable" or "prohibit" or "broadcast" ? words[0] : "unicast";
        return new HostRoute(kind, After(words, "dev") ?? "", Ip.TryParse(After(words, "via"), out var via) ? via : null, line);
    }

    // A line of names, then a line of numbers.
    private static long? Counter(List<string> lines, string name) => lines is [var names, var numbers, ..]
        && Array.IndexOf(names.Split(' '), name) is var at and > 0 && numbers.Split(' ') is var values && at < values.Length
        && long.TryParse(values[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? After(string[] words, string word) => Array.IndexOf(words, word) is var at and >= 0 && at + 1 < words.Length ? words[at + 1] : null;

    private static ImmutableSortedDictionary<string, string> Parameters(List<string> lines)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > SysNet.Length && line.StartsWith(SysNet, StringComparison.Ordinal))
            {
                parameters[line[SysNet.Length..colon]] = line[(colon + 1)..].Trim();
            }
        }

        return parameters.ToImmutable();
    }
}
