using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Counters;

/// <summary>
/// What Felix 2.6 makes of a rule for IPv4: how many rules of the kernel, of what shape, and which of them count the packets that the rule decided.
/// </summary>
internal static class RuleShapes
{
    private const int MultiportLimit = 15;
    private const string Mark = "MARK";

    /// <summary>The rules of the kernel in order; none where the rule has no meaning for IPv4.</summary>
    public static ImmutableArray<(RuleShape Shape, bool Counts)> For(Rule rule)
    {
        if (rule.IPVersion == 6 || rule.Protocol?.Name == "icmpv6"
            || Nets(rule.Source.Nets, rule.Source.Net) is not { } source || Nets(rule.Source.NotNets, rule.Source.NotNet) is not { } notSource
            || Nets(rule.Destination.Nets, rule.Destination.Net) is not { } destination
            || Nets(rule.Destination.NotNets, rule.Destination.NotNet) is not { } notDestination)
        {
            return [];
        }

        var shapes = ImmutableArray.CreateBuilder<(RuleShape, bool)>();
        shapes.AddRange(Enumerable.Repeat((new RuleShape(Mark), false), Blocks(source, notSource, destination, notDestination)));
        foreach (var sources in PortChunks(rule.Source.Ports))
        {
            foreach (var destinations in PortChunks(rule.Destination.Ports))
            {
                var decides = new RuleShape(rule.Action switch { "deny" => "DROP", "log" => "LOG", _ => Mark })
                {
                    Protocol = ProtocolOf(rule),
                    SourcePorts = string.Join(',', sources),
                    DestinationPorts = string.Join(',', destinations),
                    SourceSet = HasSet(rule.Source),
                    DestinationSet = HasSet(rule.Destination),
                };
                shapes.Add((decides, true));
                if (decides.Target == Mark)
                {
                    shapes.Add((new RuleShape("RETURN"), false));
                }
            }
        }

        return shapes.ToImmutable();
    }

    /// <summary>Lists of ports that multiport can take, fifteen each, a range counting as two; one empty list for no ports.</summary>
    private static List<List<PortRange>> PortChunks(ImmutableArray<PortRange> ports)
    {
        List<List<PortRange>> chunks = [[]];
        var free = MultiportLimit;
        foreach (var port in ports)
        {
            var needed = port.First == port.Last ? 1 : 2;
            if (free < needed)
            {
                chunks.Add([]);
                free = MultiportLimit;
            }

            chunks[^1].Add(port);
            free -= needed;
        }

        return chunks;
    }

    // iptables takes one network a side. More become rules that set marks in front of the rule itself.
    private static int Blocks(int source, int notSource, int destination, int notDestination)
    {
        if (source + notSource <= 1 && destination + notDestination <= 1)
        {
            return 0;
        }

        var sources = source > 1 ? source : 0;
        var destinations = destination > 1 ? destination + (sources > 0 ? 1 : 0) : 0;
        return 1 + sources + destinations + (source + notSource > 1 ? notSource : 0) + (destination + notDestination > 1 ? notDestination : 0);
    }

    // How many networks of IPv4 a list has; null where it has networks, and none of them is.
    private static int? Nets(ImmutableArray<Cidr> list, Cidr? one)
    {
        var count = list.Count(n => !n.IsIPv6) + (one is { IsIPv6: false } ? 1 : 0);
        return count == 0 && (!list.IsEmpty || one is not null) ? null : count;
    }

    private static bool HasSet(RuleEntity side) => side.Tag.Length + side.Selector.Length + side.NotTag.Length + side.NotSelector.Length > 0;

    private static string ProtocolOf(Rule rule) => rule.Protocol switch
    {
        { Name: "tcp" or "udp" or "icmp" } p => p.Name,
        { Name: null, Number: 6 } => "tcp",
        { Name: null, Number: 17 } => "udp",
        { Name: null, Number: 1 } => "icmp",
        null when rule.NotProtocol is null && (rule.Icmp.Type is not null || rule.NotIcmp.Type is not null) => "icmp",
        _ => "",
    };
}
