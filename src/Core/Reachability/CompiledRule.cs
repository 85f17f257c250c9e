using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>A rule of one IP version with its sets found.</summary>
internal sealed class CompiledRule
{
    private readonly int? _protocol;
    private readonly int? _notProtocol;
    private readonly Side _source;
    private readonly Side _destination;

    private CompiledRule(int index, Rule rule, AddressSets sets, bool ipv6)
    {
        Index = index;
        Rule = rule;
        _protocol = rule.Protocol is { } protocol ? ProtocolNumbers.Of(protocol) : null;
        _notProtocol = rule.NotProtocol is { } not ? ProtocolNumbers.Of(not) : null;
        _source = new Side(rule.Source, sets, ipv6);
        _destination = new Side(rule.Destination, sets, ipv6);
    }

    public int Index { get; }

    public Rule Rule { get; }

    public string Action => Rule.Action.Length == 0 ? "allow" : Rule.Action;

    /// <summary>The rules that exist for an IP version. Felix leaves out a rule of the other version, or whose CIDRs are all of the other.</summary>
    public static CompiledRule[] Compile(ImmutableArray<Rule> rules, AddressSets sets, bool ipv6) =>
        [.. rules.Select((rule, index) => (rule, index)).Where(r => IsOf(r.rule, ipv6)).Select(r => new CompiledRule(r.index, r.rule, sets, ipv6))];

    public bool Matches(Flow flow) =>
        (_protocol is null || _protocol == flow.Protocol)
        && (_notProtocol is null || _notProtocol != flow.Protocol)
        && MatchesIcmp(flow)
        && _source.Matches(flow.Source.Address, flow.SourcePort)
        && _destination.Matches(flow.Destination.Address, flow.DestinationPort);

    private static bool IsOf(Rule rule, bool ipv6)
    {
        var version = rule.IPVersion ?? rule.Protocol switch
        {
            { Name: "icmp" } => 4,
            { Name: "icmpv6" } => 6,
            _ => null,
        };
        return (version is null || version == 6 == ipv6)
            && Has(Nets(rule.Source), ipv6) && Has(NotNets(rule.Source), ipv6)
            && Has(Nets(rule.Destination), ipv6) && Has(NotNets(rule.Destination), ipv6);
    }

    private static bool Has(ImmutableArray<Cidr> nets, bool ipv6) => nets.IsEmpty || nets.Any(n => n.IsIPv6 == ipv6);

    private static ImmutableArray<Cidr> Nets(RuleEntity side) => side.Net is { } net ? side.Nets.Add(net) : side.Nets;

    private static ImmutableArray<Cidr> NotNets(RuleEntity side) => side.NotNet is { } net ? side.NotNets.Add(net) : side.NotNets;

    private bool MatchesIcmp(Flow flow)
    {
        var (wanted, not) = (Rule.Icmp, Rule.NotIcmp);
        if (wanted.Type is null && not.Type is null)
        {
            return true;
        }

        // A code without a type is not looked at (section 3).
        return flow.IcmpType is { } type
            && (wanted.Type is null || (wanted.Type == type && (wanted.Code is null || wanted.Code == flow.IcmpCode)))
            && (not.Type is null || not.Type != type || (not.Code is not null && not.Code != flow.IcmpCode));
    }

    private readonly struct Side(RuleEntity entity, AddressSets sets, bool ipv6)
    {
        private readonly AddressSet? _tag = entity.Tag.Length == 0 ? null : sets.OfTag(entity.Tag);
        private readonly AddressSet? _notTag = entity.NotTag.Length == 0 ? null : sets.OfTag(entity.NotTag);
        private readonly AddressSet? _selector = entity.Selector.Length == 0 ? null : sets.OfSelector(entity.Selector);
        private readonly AddressSet? _notSelector = entity.NotSelector.Length == 0 ? null : sets.OfSelector(entity.NotSelector);
        private readonly ImmutableArray<Cidr> _nets = [.. Nets(entity).Where(n => n.IsIPv6 == ipv6)];
        private readonly ImmutableArray<Cidr> _notNets = [.. NotNets(entity).Where(n => n.IsIPv6 == ipv6)];
        private readonly ImmutableArray<PortRange> _ports = entity.Ports;
        private readonly ImmutableArray<PortRange> _notPorts = entity.NotPorts;

        public bool Matches(Ip address, int? port) =>
            (_ports.IsEmpty || In(_ports, port))
            && (_notPorts.IsEmpty || !In(_notPorts, port))
            && (_nets.IsEmpty || In(_nets, address))
            && (_notNets.IsEmpty || !In(_notNets, address))
            && (_tag is null || _tag.Contains(address))
            && (_notTag is null || !_notTag.Contains(address))
            && (_selector is null || _selector.Contains(address))
            && (_notSelector is null || !_notSelector.Contains(address));

        private static bool In(ImmutableArray<PortRange> ranges, int? port)
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

        private static bool In(ImmutableArray<Cidr> nets, Ip address)
        {
            foreach (var net in nets)
            {
                if (net.Contains(address))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
