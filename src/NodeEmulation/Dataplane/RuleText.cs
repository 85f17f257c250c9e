using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>A rule of a policy or profile as lines for iptables-restore or ip6tables-restore. The rule has passed <see cref="RuleCheck"/>.</summary>
internal sealed class RuleText(SetCollector sets, bool isIPv6)
{
    // multiport takes fifteen ports, a range counting as two.
    private const int MultiportLimit = 15;

    /// <summary>The lines of a list of rules.</summary>
    public ImmutableArray<string> Lines(ImmutableArray<Rule> rules) => [.. rules.SelectMany(r => Lines(r))];

    private ImmutableArray<string> Lines(Rule rule)
    {
        if (rule.IPVersion == (isIPv6 ? 4 : 6) || Criteria(rule) is not { } criteria)
        {
            return [];
        }

        var blocks = Blocks(rule.Source, rule.Destination);
        var matches =
            from source in Chunks(rule.Source.Ports)
            from destination in Chunks(rule.Destination.Ports)
            select string.Concat(criteria, Ports("--source-ports", source), Ports("--destination-ports", destination),
                blocks.IsEmpty ? "" : $"-m mark --mark {Marks.AllBlocks} ");
        return [.. blocks, .. matches.SelectMany(match => Action(rule.Action, match))];
    }

    // iptables takes one network a side. Where a rule has more, rules in front of it mark what meets them, as Felix does it: one bit for all of them
    // together, another one for the second list of networks.
    private ImmutableArray<string> Blocks(RuleEntity source, RuleEntity destination)
    {
        var (src, notSrc) = (Nets(source.Nets, source.Net) ?? [], Nets(source.NotNets, source.NotNet) ?? []);
        var (dst, notDst) = (Nets(destination.Nets, destination.Net) ?? [], Nets(destination.NotNets, destination.NotNet) ?? []);
        if (src.Length + notSrc.Length <= 1 && dst.Length + notDst.Length <= 1)
        {
            return [];
        }

        string Network(string option, Cidr net) => $"{option} {net.Masked()} ";
        var both = src.Length > 1 && dst.Length > 1;
        return
        [
            $"-j MARK --set-mark {(src.Length > 1 || dst.Length > 1 ? Marks.NoBlock : Marks.AllBlocksOnly)}",
            .. src.Length > 1 ? src.Select(n => Network("-s", n) + $"-j MARK --set-mark {Marks.AllBlocks}") : [],
            .. dst.Length > 1 ? dst.Select(n => Network("-d", n) + $"-j MARK --set-mark {(both ? Marks.ThisBlock : Marks.AllBlocks)}") : [],
            .. both ? new[] { $"-m mark --mark {Marks.NotThisBlock} -j MARK --set-mark {Marks.NotAllBlocks}" } : [],
            .. src.Length + notSrc.Length > 1 ? notSrc.Select(n => Network("-s", n) + $"-j MARK --set-mark {Marks.NotAllBlocks}") : [],
            .. dst.Length + notDst.Length > 1 ? notDst.Select(n => Network("-d", n) + $"-j MARK --set-mark {Marks.NotAllBlocks}") : [],
        ];
    }

    private static string[] Action(string action, string match) => action switch
    {
        "deny" => [match + "-j DROP"],
        "log" => [match + "-j LOG --log-prefix \"calico-packet: \" --log-level 5"],
        "pass" or "next-tier" => [match + $"-j MARK --set-mark {Marks.Passed}", $"-m mark --mark {Marks.Passed} -j RETURN"],
        _ => [match + $"-j MARK --set-mark {Marks.Accepted}", $"-m mark --mark {Marks.Accepted} -j RETURN"],
    };

    /// <summary>All criteria but positive ports, each followed by a blank; null when nothing in this family can meet them.</summary>
    private string? Criteria(Rule rule)
    {
        if (Protocol(rule) is not { } protocol || Icmp(rule) is not { } icmp || Entity(rule.Source, "src") is not { } source
            || Entity(rule.Destination, "dst") is not { } destination)
        {
            return null;
        }

        var ports = string.Concat(Negated("--source-ports", rule.Source.NotPorts), Negated("--destination-ports", rule.Destination.NotPorts));
        return string.Concat(protocol, icmp, source, destination, ports);
    }

    private string? Protocol(Rule rule)
    {
        if (rule.Protocol is { } protocol)
        {
            // Felix leaves a rule that names the other family's ICMP out; one that gives its number is there and meets nothing.
            return protocol.Name == (isIPv6 ? "icmp" : "icmpv6") ? null : $"-p {Number(protocol)} ";
        }

        if (rule.NotProtocol is { } not)
        {
            return $"! -p {Number(not)} ";
        }

        // Matching on ICMP needs its protocol.
        return rule.Icmp.Type is not null || rule.NotIcmp.Type is not null ? isIPv6 ? "-p 58 " : "-p icmp " : "";
    }

    private static string Number(Protocol protocol) => protocol.Name == "icmpv6" ? "58" : protocol.ToString();

    private string? Icmp(Rule rule)
    {
        if (rule.Icmp.Type is null && rule.NotIcmp.Type is null)
        {
            return "";
        }

        var isIcmp = rule.NotProtocol is null && (isIPv6
            ? rule.Protocol is null or { Name: "icmpv6" } or { Name: null, Number: 58 }
            : rule.Protocol is null or { Name: "icmp" } or { Name: null, Number: 1 });
        return isIcmp ? One("", rule.Icmp) + One("! ", rule.NotIcmp) : null;

        string One(string not, Icmp icmp) => icmp.Type is not { } type ? ""
            : icmp.Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"{Option(not)} {type}/{code} ")
            : string.Create(CultureInfo.InvariantCulture, $"{Option(not)} {type} ");

        string Option(string not) => isIPv6 ? $"-m icmp6 {not}--icmpv6-type" : $"-m icmp {not}--icmp-type";
    }

    private string? Entity(RuleEntity side, string direction)
    {
        var nets = Nets(side.Nets, side.Net);
        var notNets = Nets(side.NotNets, side.NotNet);

        // A list of which nothing is left in this family leaves the rule out of it.
        if (nets is { Length: 0 } || notNets is { Length: 0 } || notNets?.Any(n => n.PrefixLength == 0) == true)
        {
            return null;
        }

        var option = direction == "src" ? "-s" : "-d";
        return string.Concat(
            side.Tag.Length > 0 ? Match(sets.Tag(side.Tag)) : "",
            side.Selector.Length > 0 ? Match(sets.Select(side.Selector)) : "",
            nets is [{ PrefixLength: > 0 } net] ? $"{option} {net.Masked()} " : "",
            side.NotTag.Length > 0 ? Match(sets.Tag(side.NotTag), "! ") : "",
            side.NotSelector.Length > 0 ? Match(sets.Select(side.NotSelector), "! ") : "",
            notNets is [var other] && nets is null ? $"! {option} {other.Masked()} " : "");

        string Match(string set, string not = "") => $"-m set {not}--match-set {set} {direction} ";
    }

    /// <summary>The networks of this family in a list; null when the rule has no such list.</summary>
    private ImmutableArray<Cidr>? Nets(ImmutableArray<Cidr> list, Cidr? one) =>
        list.IsEmpty && one is null ? null : [.. (one is { } single ? list.Add(single) : list).Where(n => n.IsIPv6 == isIPv6)];

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
