using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>A container's network as it sees it itself, with the counters that tell who ate a packet.</summary>
public sealed record ContainerInside
{
    /// <summary>MAC of the Calico interface, in lower case; empty when it has none of that name.</summary>
    public string Mac { get; init; } = "";

    /// <summary>MTU of the Calico interface in bytes; null when unknown.</summary>
    public int? Mtu { get; init; }

    /// <summary>Interfaces with their counts of packets, by name.</summary>
    public ImmutableSortedDictionary<string, InterfaceCount> Interfaces { get; init; } = ImmutableSortedDictionary<string, InterfaceCount>.Empty;

    /// <summary>Default routes: interface and gateway, best first; the gateway is 0.0.0.0 for a route without one.</summary>
    public ImmutableArray<ContainerRoute> DefaultRoutes { get; init; } = [];

    /// <summary>MAC that the container has for 169.254.1.1; all zero while nobody answered; null when it never asked.</summary>
    public string? GatewayMac { get; init; }

    /// <summary>Packets that reached IP (<c>Ip: InReceives</c>); null when unknown.</summary>
    public long? InReceives { get; init; }

    /// <summary>Packets that IP handed up (<c>Ip: InDelivers</c>); null when unknown.</summary>
    public long? InDelivers { get; init; }

    /// <summary>Packets that the reverse path check dropped (<c>TcpExt: IPReversePathFilter</c>); null when unknown.</summary>
    public long? ReversePathDrops { get; init; }

    /// <summary>Addresses of name servers.</summary>
    public ImmutableArray<string> NameServers { get; init; } = [];
}

/// <summary>A route of a container.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Gateway">The gateway; 0.0.0.0 when there is none.</param>
/// <param name="Metric">Lower goes first.</param>
public sealed record ContainerRoute(string Interface, Ip Gateway, int Metric);

/// <summary>Reads <see cref="ContainerInside"/> with nothing but <c>cat</c>: each of the files says by its own form which it is.</summary>
/// <param name="Interface">Name of the Calico interface inside, <c>cali0</c> unless the plugin was told otherwise.</param>
public sealed record InsideProbe(string Interface) : ExecProbe<ContainerInside>
{
    /// <summary>What the plugin calls the interface inside of a container unless it is told otherwise.</summary>
    public const string UsualInterface = "cali0";

    /// <inheritdoc/>
    public override string Name => "network inside the container";

    /// <inheritdoc/>
    public override ProbeVantage Vantage => ProbeVantage.Container;

    /// <inheritdoc/>
    public override string Reads => "MAC, routes, neighbours, counters and name servers of the container's network namespace";

    /// <inheritdoc/>
    public override ImmutableArray<string> Command =>
    [
        "cat", $"/sys/class/net/{Interface}/address", $"/sys/class/net/{Interface}/mtu", "/proc/net/route", "/proc/net/arp", "/proc/net/dev", "/proc/net/snmp",
        "/proc/net/netstat", "/etc/resolv.conf",
    ];

    /// <inheritdoc/>
    protected override Reading<ContainerInside> Understand(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var inside = new ContainerInside();
        var header = ImmutableArray<string>.Empty;
        var routes = ImmutableArray.CreateBuilder<ContainerRoute>();
        foreach (var line in output.Lines)
        {
            string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case [var mac] when MacText.IsMac(mac) && inside.Mac.Length == 0:
                    inside = inside with { Mac = MacText.Normal(mac) };
                    break;
                case [var mtu] when inside.Mtu is null && int.TryParse(mtu, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes):
                    inside = inside with { Mtu = bytes };
                    break;
                case [var name, "00000000", var gateway, _, _, _, var metric, "00000000", ..] when Route(name, gateway, metric) is { } route:
                    routes.Add(route);
                    break;
                case ["169.254.1.1", _, _, var mac, ..] when MacText.IsMac(mac):
                    inside = inside with { GatewayMac = MacText.Normal(mac) };
                    break;
                case ["Ip:" or "TcpExt:", var first, ..]:
                    if (char.IsAsciiLetter(first[0]))
                    {
                        header = [.. words];
                    }
                    else if (header.Length > 0 && header[0] == words[0])
                    {
                        inside = Counted(inside, header, words);
                    }

                    break;
                case ["nameserver", var server, ..]:
                    inside = inside with { NameServers = inside.NameServers.Add(server) };
                    break;
                default:
                    inside = InterfaceCount.Read(line) is var (counted, count)
                        ? inside with { Interfaces = inside.Interfaces.SetItem(counted, count) } : inside;
                    break;
            }
        }

        return inside.Interfaces.IsEmpty && inside.InReceives is null
            ? Reading.Unknown<ContainerInside>($"{Command[0]} in the container showed nothing of its network: {Brief(output.Said)}")
            : Reading.Known(inside with { DefaultRoutes = [.. routes.OrderBy(r => r.Metric)] });
    }

    private static ContainerInside Counted(ContainerInside inside, ImmutableArray<string> header, string[] values)
    {
        long? Value(string name) => header.IndexOf(name) is var at and > 0 && at < values.Length
            && long.TryParse(values[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return header[0] == "Ip:"
            ? inside with { InReceives = Value("InReceives"), InDelivers = Value("InDelivers") }
            : inside with { ReversePathDrops = Value("IPReversePathFilter") };
    }

    // The kernel writes the address as a number in its own byte order, which is little-endian wherever Docker of this age runs.
    private static ContainerRoute? Route(string name, string gateway, string metric) =>
        uint.TryParse(gateway, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
        && int.TryParse(metric, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ContainerRoute(name, new Ip(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits), false), number)
            : null;
}

/// <summary>Text forms of MAC addresses.</summary>
internal static class MacText
{
    /// <summary>Whether a text is six pairs of hexadecimal digits with colons.</summary>
    public static bool IsMac(string text) => text.Length == 17 && text.Split(':') is { Length: 6 } parts
        && parts.All(p => p.Length == 2 && p.All(char.IsAsciiHexDigit));

    /// <summary>Lower case, as Calico stores it: the plugin answers Docker in upper case.</summary>
    public static string Normal(string mac) => string.Create(mac.Length, mac, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = char.ToLowerInvariant(from[i]);
        }
    });
}
