using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>What a rule does with a packet that it matches.</summary>
internal enum RuleAction
{
    Allow,
    Deny,
    Log,
    Pass,
}

/// <summary>Protocol, ports and ICMP type of a packet.</summary>
/// <param name="Protocol">IP protocol number.</param>
/// <param name="SourcePort">Source port; null when it has none or any.</param>
/// <param name="DestinationPort">Destination port; null when it has none.</param>
/// <param name="IcmpType">ICMP type; null when it is not ICMP.</param>
/// <param name="IcmpCode">ICMP code; null when it is not ICMP.</param>
internal readonly record struct Transport(int Protocol, int? SourcePort, int? DestinationPort, int? IcmpType, int? IcmpCode);

/// <summary>A packet on its way, with its addresses looked up.</summary>
internal readonly struct Packet(in ResolvedAddress source, in ResolvedAddress destination, in Transport transport)
{
    public readonly ResolvedAddress Source = source;
    public readonly ResolvedAddress Destination = destination;
    public readonly Transport Transport = transport;
}

/// <summary>A rule of one IP version, compiled. Immutable.</summary>
internal sealed class CompiledRule
{
    private readonly int? _protocol;
    private readonly int? _notProtocol;

    private CompiledRule(int index, Rule rule, RuleCatalog catalog, bool ipv6)
    {
        Index = index;
        Rule = rule;
        Action = rule.Action switch { "deny" => RuleAction.Deny, "log" => RuleAction.Log, "pass" => RuleAction.Pass, _ => RuleAction.Allow };
        _protocol = rule.Protocol is { } protocol ? ProtocolNumbers.For(protocol) : null;
        _notProtocol = rule.NotProtocol is { } not ? ProtocolNumbers.For(not) : null;
        Source = catalog.Matcher(rule.Source, ipv6);
        Destination = catalog.Matcher(rule.Destination, ipv6);
    }

    /// <summary>Its index among the stored rules, from 0.</summary>
    public int Index { get; }

    public Rule Rule { get; }

    public RuleAction Action { get; }

    /// <summary>What it asks of the source address; null when any will do.</summary>
    public AddressMatcher? Source { get; }

    /// <summary>What it asks of the destination address; null when any will do.</summary>
    public AddressMatcher? Destination { get; }

    /// <summary>The rules that exist for an IP version. Felix leaves out a rule of the other version, or whose CIDRs are all of the other.</summary>
    public static CompiledRule[] Compile(ImmutableArray<Rule> rules, RuleCatalog catalog, bool ipv6) =>
        [.. rules.Select((rule, index) => (rule, index)).Where(r => ExistsIn(r.rule, ipv6)).Select(r => new CompiledRule(r.index, r.rule, catalog, ipv6))];

    /// <summary>Whether Felix makes a rule for an IP version.</summary>
    public static bool ExistsIn(Rule rule, bool ipv6)
    {
        int? version = (rule.IPVersion, rule.Protocol) switch
        {
            ({ } given and not 0, _) => given,
            (_, { Name: "icmp" }) => 4,
            (_, { Name: "icmpv6" }) => 6,
            _ => null,
        };
        return (version is null || version == 6 == ipv6)
            && Has(RuleCatalog.Nets(rule.Source), ipv6) && Has(RuleCatalog.NotNets(rule.Source), ipv6)
            && Has(RuleCatalog.Nets(rule.Destination), ipv6) && Has(RuleCatalog.NotNets(rule.Destination), ipv6);
    }

    public bool Matches(in Packet packet, MemberSets members) =>
        MatchesTransport(packet.Transport)
        && (Source is null || Source.Matches(packet.Source, members))
        && (Destination is null || Destination.Matches(packet.Destination, members));

    public bool MatchesTransport(in Transport transport) =>
        (_protocol is null || _protocol == transport.Protocol)
        && (_notProtocol is null || _notProtocol != transport.Protocol)
        && MatchesIcmp(transport)
        && MatchesPorts(Rule.Source, transport.SourcePort)
        && MatchesPorts(Rule.Destination, transport.DestinationPort);

    public static bool In(ImmutableArray<PortRange> ranges, int? port)
    {
        foreach (var range in ranges)
        {
            if (port >= range.First && port <= range.Last)
            {
                return true;
            }
        }

        return false;
    }

    private static bool MatchesPorts(RuleEntity side, int? port) =>
        (side.Ports.IsEmpty || In(side.Ports, port)) && (side.NotPorts.IsEmpty || !In(side.NotPorts, port));

    private static bool Has(ImmutableArray<Cidr> nets, bool ipv6) => nets.IsEmpty || nets.Any(n => n.IsIPv6 == ipv6);

    private bool MatchesIcmp(in Transport transport)
    {
        var (wanted, not) = (Rule.Icmp, Rule.NotIcmp);
        if (wanted.Type is null && not.Type is null)
        {
            return true;
        }

        // A code without a type is ignored.
        return transport.IcmpType is { } type
            && (wanted.Type is null || (wanted.Type == type && (wanted.Code is null || wanted.Code == transport.IcmpCode)))
            && (not.Type is null || not.Type != type || (not.Code is not null && not.Code != transport.IcmpCode));
    }
}
