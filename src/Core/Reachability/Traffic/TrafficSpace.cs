using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>
/// All traffic of an IP version cut into the fewest parts that no rule of a model tells apart: protocols, port intervals, ICMP types. Every part
/// has a representative packet, so that evaluating the parts is exact for all traffic. Immutable.
/// </summary>
internal sealed class TrafficSpace
{
    private const int LastPort = 65535;
    private readonly Part[] _parts;
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<CompiledRule, ulong[]> _masks = [];

    private TrafficSpace(bool ipv6, Part[] parts, string signature)
    {
        (IsIPv6, _parts, Signature) = (ipv6, parts, signature);
        Everything = new ulong[(parts.Length + 63) / 64];
        for (var i = 0; i < parts.Length; i++)
        {
            Everything[i >> 6] |= 1UL << (i & 63);
        }
    }

    public bool IsIPv6 { get; }

    /// <summary>How many parts.</summary>
    public int Count => _parts.Length;

    /// <summary>The set of all parts.</summary>
    public ulong[] Everything { get; }

    /// <summary>Spaces of equal text are equal.</summary>
    public string Signature { get; }

    /// <summary>The space of these rules.</summary>
    public static TrafficSpace From(IEnumerable<Rule> rules, IEnumerable<FailsafePort> ports, bool ipv6)
    {
        var icmp = ipv6 ? ProtocolNumbers.IcmpV6 : ProtocolNumbers.Icmp;
        var protocols = new SortedSet<int> { icmp, ProtocolNumbers.Tcp, ProtocolNumbers.Udp };
        var cuts = new Dictionary<(int Protocol, bool Source), SortedSet<int>>();
        var icmps = new SortedDictionary<int, SortedSet<int>>();
        void Cut(int protocol, bool source, PortRange range)
        {
            if (!cuts.TryGetValue((protocol, source), out var set))
            {
                cuts[(protocol, source)] = set = [];
            }

            set.Add(range.First);
            set.Add(range.Last + 1);
        }

        foreach (var rule in rules)
        {
            var protocol = rule.Protocol is { } given ? ProtocolNumbers.For(given) : null;
            protocols.UnionWith(new[] { protocol, rule.NotProtocol is { } not ? ProtocolNumbers.For(not) : null }.OfType<int>());
            foreach (var (side, source) in new[] { (rule.Source, true), (rule.Destination, false) })
            {
                foreach (var range in side.Ports.Concat(side.NotPorts))
                {
                    Cut(protocol ?? ProtocolNumbers.Tcp, source, range);
                }
            }

            foreach (var one in new[] { rule.Icmp, rule.NotIcmp })
            {
                if (one.Type is { } type)
                {
                    if (!icmps.TryGetValue(type, out var codes))
                    {
                        icmps[type] = codes = [];
                    }

                    codes.UnionWith(one.Code is { } code ? [code] : []);
                }
            }
        }

        foreach (var port in ports)
        {
            Cut(port.Protocol, false, new PortRange(port.Port, port.Port));
            if (port.CutsSources)
            {
                Cut(port.Protocol, true, new PortRange(port.Port, port.Port));
            }
        }

        var parts = new List<Part>();
        foreach (var protocol in protocols)
        {
            parts.AddRange(protocol == icmp
                ? Icmp(protocol, icmps)
                : protocol is ProtocolNumbers.Tcp or ProtocolNumbers.Udp
                    ? from source in Intervals(cuts.GetValueOrDefault((protocol, true)))
                      from destination in Intervals(cuts.GetValueOrDefault((protocol, false)))
                      select new Part(protocol, source, destination, null, null, new Transport(protocol, source.First, destination.First, null, null))
                    : [new Part(protocol, null, null, null, null, new Transport(protocol, null, null, null, null))]);
        }

        var other = Enumerable.Range(1, 255).Reverse().First(p => !protocols.Contains(p));
        parts.Add(new Part(0, null, null, null, null, new Transport(other, null, null, null, null)));
        return new TrafficSpace(ipv6, [.. parts], string.Join(';', parts.Select(p => $"{p.Protocol},{p.Source},{p.Destination},{p.IcmpType},{p.IcmpCode}")));
    }

    /// <summary>The representative packet of each part.</summary>
    public IEnumerable<Transport> Representatives => _parts.Select(p => p.Representative);

    /// <summary>The parts that a rule's protocol, ports and ICMP criteria match.</summary>
    public ulong[] MaskOf(CompiledRule rule) => _masks.GetValue(rule, r => Where(part => r.MatchesTransport(part)));

    /// <summary>The parts whose destination is one of some ports.</summary>
    public ulong[] MaskOf(ImmutableArray<FailsafePort> ports) => Where(part => HostRules.IsFailsafe(ports, part));

    /// <summary>The parts that Felix's raw table leaves to connection tracking: to one of some ports, or from one of others.</summary>
    public ulong[] MaskOf(ImmutableArray<FailsafePort> ports, ImmutableArray<FailsafePort> answers) =>
        Where(part => HostRules.IsFailsafe(ports, answers, part));

    /// <summary>A set of parts in words, such as <c>tcp 80, 443; icmp echo request</c>.</summary>
    public ImmutableArray<OpenTraffic> Describe(ulong[] set)
    {
        var found = ImmutableArray.CreateBuilder<OpenTraffic>();
        var indexed = _parts.Select((part, i) => (part, open: Has(set, i)));
        foreach (var protocol in indexed.GroupBy(p => p.part.Protocol))
        {
            var open = protocol.Where(p => p.open).Select(p => p.part).ToArray();
            if (open.Length == 0)
            {
                continue;
            }

            var name = protocol.Key == 0 ? "other protocols" : ProtocolNumbers.NameOf(protocol.Key);
            if (open.Length == protocol.Count())
            {
                found.Add(new OpenTraffic(name, [], [], [], true));
            }
            else if (open[0].Destination is not null)
            {
                var sources = protocol.Select(p => p.part.Source).Distinct().Count();
                // Destination ports of which every source port is open together, the others for each set of source ports.
                foreach (var ports in open.GroupBy(p => p.Destination!.Value)
                    .GroupBy(g => g.Count() == sources ? "" : string.Join(',', g.Select(p => p.Source)))
                    .OrderBy(g => g.Key, StringComparer.Ordinal))
                {
                    found.Add(new OpenTraffic(name, Join(ports.Select(p => p.Key)), ports.Key.Length == 0
                        ? [] : Join(ports.First().Select(p => p.Source!.Value)), [], false));
                }
            }
            else
            {
                found.Add(new OpenTraffic(name, [], [], [.. open.Select(IcmpWords)], false));
            }
        }

        return found.ToImmutable();
    }

    public static bool Has(ulong[] set, int index) => (set[index >> 6] >> (index & 63) & 1) != 0;

    private ulong[] Where(Func<Transport, bool> matches)
    {
        var mask = new ulong[Everything.Length];
        for (var i = 0; i < _parts.Length; i++)
        {
            if (matches(_parts[i].Representative))
            {
                mask[i >> 6] |= 1UL << (i & 63);
            }
        }

        return mask;
    }

    private static IEnumerable<PortRange> Intervals(SortedSet<int>? cuts)
    {
        var first = 1;
        foreach (var cut in cuts ?? [])
        {
            if (cut > first && cut <= LastPort)
            {
                yield return new PortRange(first, cut - 1);
                first = cut;
            }
        }

        yield return new PortRange(first, LastPort);
    }

    private static IEnumerable<Part> Icmp(int protocol, SortedDictionary<int, SortedSet<int>> types)
    {
        foreach (var (type, codes) in types)
        {
            foreach (var code in codes)
            {
                yield return new Part(protocol, null, null, type, code, new Transport(protocol, null, null, type, code));
            }

            var other = Enumerable.Range(0, 256).FirstOrDefault(c => !codes.Contains(c));
            yield return new Part(protocol, null, null, type, null, new Transport(protocol, null, null, type, other));
        }

        var rest = Enumerable.Range(0, 256).First(t => !types.ContainsKey(t));
        yield return new Part(protocol, null, null, null, null, new Transport(protocol, null, null, rest, 0));
    }

    private static ImmutableArray<PortRange> Join(IEnumerable<PortRange> ranges)
    {
        var joined = new List<PortRange>();
        foreach (var range in ranges.Distinct().OrderBy(r => r.First))
        {
            if (joined.Count > 0 && joined[^1].Last + 1 == range.First)
            {
                joined[^1] = new PortRange(joined[^1].First, range.Last);
            }
            else
            {
                joined.Add(range);
            }
        }

        return [.. joined];
    }

    private static string IcmpWords(Part part) => part switch
    {
        { IcmpType: null } => "other types",
        { Protocol: ProtocolNumbers.Icmp, IcmpType: 8, IcmpCode: null } or { Protocol: ProtocolNumbers.IcmpV6, IcmpType: 128, IcmpCode: null } =>
            "echo request",
        { IcmpCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"type {part.IcmpType} code {code}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"type {part.IcmpType}"),
    };

    private sealed record Part(int Protocol, PortRange? Source, PortRange? Destination, int? IcmpType, int? IcmpCode, Transport Representative);
}

/// <summary>Traffic of one protocol.</summary>
/// <param name="Protocol">Its name as rules spell it, its number, or <c>other protocols</c>.</param>
/// <param name="Ports">Destination ports; empty when all, or when the protocol has none.</param>
/// <param name="SourcePorts">Source ports; empty when all.</param>
/// <param name="Icmp">ICMP types in words; empty when all, or when it is not ICMP.</param>
/// <param name="IsWhole">Whether it is all of the protocol.</param>
public sealed record OpenTraffic(string Protocol, ImmutableArray<PortRange> Ports, ImmutableArray<PortRange> SourcePorts, ImmutableArray<string> Icmp,
    bool IsWhole)
{
    /// <summary>In words, such as <c>tcp 80, 443</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Protocol);
        if (!Ports.IsEmpty && !(Ports is [{ First: 1, Last: 65535 }]))
        {
            text.Append(' ').AppendJoin(", ", Ports.Select(Words));
        }

        if (!SourcePorts.IsEmpty)
        {
            text.Append(" from source ports ").AppendJoin(", ", SourcePorts.Select(Words));
        }

        if (!Icmp.IsEmpty)
        {
            text.Append(' ').AppendJoin(", ", Icmp);
        }

        return text.ToString();
    }

    internal static string Words(PortRange range) => range.First == range.Last
        ? range.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}");
}
