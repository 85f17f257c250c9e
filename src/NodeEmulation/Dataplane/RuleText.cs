using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>A rule of a policy or profile as lines for iptables-restore, IPv4. The rule has passed <see cref="RuleCheck"/>.</summary>
internal static class RuleText
{
    // multiport takes fifteen ports, a range counting as two.
    private const int MultiportLimit = 15;

    public static ImmutableArray<string> Lines(Rule rule, SetCollector sets)
    {
        if (rule.IPVersion == 6 || Criteria(rule, sets) is not { } criteria)
        {
            return [];
        }

        var matches =
            from source in Chunks(rule.Source.Ports)
            from destination in Chunks(rule.Destination.Ports)
            select string.Concat(criteria, Ports("--source-ports", source), Ports("--destination-ports", destination));
        return [.. matches.SelectMany(match => Action(rule.Action, match))];
    }

    private static string[] Action(string action, string match) => action switch
    {
        "deny" => [match + "-j DROP"],
        "log" => [match + "-j LOG --log-prefix \"calico-packet: \" --log-level 5"],
        "pass" or "next-tier" => [match + $"-j MARK --set-mark {Marks.Passed}", $"-m mark --mark {Marks.Passed} -j RETURN"],
        _ => [match + $"-j MARK --set-mark {Marks.Accepted}", $"-m mark --mark {Marks.Accepted} -j RETURN"],
    };

    /// <summary>All criteria but positive ports, each followed by a blank; null when nothing in IPv4 can meet them.</summary>
    private static string? Criteria(Rule rule, SetCollector sets)
    {
        if (Protocol(rule) is not { } protocol || Icmp(rule) is not { } icmp || Entity(rule.Source, "src", sets) is not { } source || Entity(rule.Destination, "dst", sets) is not { } destination)
        {
            return null;
        }

        var ports = string.Concat(Negated("--source-ports", rule.Source.NotPorts), Negated("--destination-ports", rule.Destination.NotPorts));
        return string.Concat(protocol, icmp, source, destination, ports);
    }

    private static string? Protocol(Rule rule)
    {
        if (rule.Protocol is { } protocol)
        {
            return protocol is { Name: "icmpv6" } or { Name: null, Number: 58 } ? null : $"-p {protocol} ";
        }

        if (rule.NotProtocol is { } not)
        {
            return $"! -p {(not.Name == "icmpv6" ? "58" : not.ToString())} ";
        }

        // Matching on ICMP needs its protocol.
        return rule.Icmp.Type is not null || rule.NotIcmp.Type is not null ? "-p icmp " : "";
    }

    private static string? Icmp(Rule rule)
    {
        if (rule.Icmp.Type is null && rule.NotIcmp.Type is null)
        {
            return "";
        }

        var isIcmp = rule.NotProtocol is null && rule.Protocol is null or { Name: "icmp" } or { Name: null, Number: 1 };
        return isIcmp ? One("", rule.Icmp) + One("! ", rule.NotIcmp) : null;

        static string One(string not, Icmp icmp) => icmp.Type is not { } type ? ""
            : icmp.Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"-m icmp {not}--icmp-type {type}/{code} ")
            : string.Create(CultureInfo.InvariantCulture, $"-m icmp {not}--icmp-type {type} ");
    }

    private static string? Entity(RuleEntity side, string direction, SetCollector sets)
    {
        var nets = Nets(side.Nets, side.Net);
        var notNets = Nets(side.NotNets, side.NotNet);

        // A list of which nothing is left in this family leaves the rule out of it.
        if (nets is { Length: 0 } || notNets is { Length: 0 } || notNets?.Any(n => n.PrefixLength == 0) == true)
        {
            return null;
        }

        return string.Concat(
            side.Tag.Length > 0 ? Match(sets.Tag(side.Tag)) : "",
            side.Selector.Length > 0 ? Match(sets.Select(side.Selector)) : "",
            nets is { } some && !some.Any(n => n.PrefixLength == 0) ? Match(sets.Nets(some)) : "",
            side.NotTag.Length > 0 ? Match(sets.Tag(side.NotTag), "! ") : "",
            side.NotSelector.Length > 0 ? Match(sets.Select(side.NotSelector), "! ") : "",
            notNets is { } others ? Match(sets.Nets(others), "! ") : "");

        string Match(string set, string not = "") => $"-m set {not}--match-set {set} {direction} ";
    }

    /// <summary>The IPv4 networks of a list; null when the rule has no such list.</summary>
    private static ImmutableArray<Cidr>? Nets(ImmutableArray<Cidr> list, Cidr? one) =>
        list.IsEmpty && one is null ? null : [.. (one is { } single ? list.Add(single) : list).Where(n => !n.IsIPv6)];

    private static string Ports(string option, ImmutableArray<PortRange> ports) =>
        ports.IsEmpty ? "" : $"-m multiport {option} {string.Join(',', ports)} ";

    private static string Negated(string option, ImmutableArray<PortRange> ports) =>
        ports.IsEmpty ? "" : string.Concat(Chunks(ports).Select(c => $"-m multiport ! {option} {string.Join(',', c)} "));

    /// <summary>Lists that multiport can take; one empty list for no ports.</summary>
    private static List<ImmutableArray<PortRange>> Chunks(ImmutableArray<PortRange> ports)
    {
        var chunks = new List<ImmutableArray<PortRange>>();
        var chunk = ImmutableArray.CreateBuilder<PortRange>();
        var size = 0;
        foreach (var port in ports)
        {
            var more = port.First == port.Last ? 1 : 2;
            if (size + more > MultiportLimit)
            {
                chunks.Add(chunk.ToImmutable());
                chunk.Clear();
                size = 0;
            }

            chunk.Add(port);
            size += more;
        }

        chunks.Add(chunk.ToImmutable());
        return chunks;
    }
}
