using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>A rule that Felix rejects or iptables cannot say; its whole profile then denies.</summary>
internal sealed class RuleNotExpressibleException(string message) : Exception(message);

/// <summary>One rule as lines of iptables, without the chain.</summary>
internal static class RuleText
{
    // The multiport match takes fifteen ports; a range counts as two.
    private const int PortsOfOneMatch = 15;

    public static IEnumerable<string> Lines(Rule rule, IpSetCatalogue sets)
    {
        if (rule.IPVersion == 6 || rule.Protocol is { Name: "icmpv6" })
        {
            return [];
        }

        if (rule.Protocol is not null && rule.NotProtocol is not null)
        {
            throw new RuleNotExpressibleException("a rule has both protocol and notProtocol, on which Felix panics");
        }

        var match = new List<string>();
        AddProtocol(match, rule);
        AddEntity(match, rule.Source, "src", sets, out var possible);
        AddEntity(match, rule.Destination, "dst", sets, out var alsoPossible);
        if (!possible || !alsoPossible)
        {
            return [];
        }

        CheckPorts(rule);
        return
            from source in PortMatches("--sports", rule.Source.Ports)
            from destination in PortMatches("--dports", rule.Destination.Ports)
            let criteria = string.Join(' ', match.Append(source).Append(destination).Where(m => m.Length > 0))
            from action in Actions(rule.Action)
            select criteria.Length == 0 ? action : $"{criteria} {action}";
    }

    private static IEnumerable<string> Actions(string action) => action switch
    {
        "" or "allow" => [$"-j MARK --set-xmark {DataplaneBuilder.AcceptMark}", $"-m mark --mark {DataplaneBuilder.AcceptMark} -j RETURN"],
        "deny" => ["-j DROP"],
        "log" => ["-j LOG --log-prefix \"calico-packet: \" --log-level 5"],
        "pass" or "next-tier" => [$"-j MARK --set-xmark {DataplaneBuilder.PassMark}", $"-m mark --mark {DataplaneBuilder.PassMark} -j RETURN"],
        _ => throw new RuleNotExpressibleException($"unknown action '{action}'"),
    };

    private static void AddProtocol(List<string> match, Rule rule)
    {
        if (rule.Protocol is { } protocol)
        {
            match.Add($"-p {protocol}");
        }

        if (rule.NotProtocol is { } not)
        {
            match.Add($"! -p {not}");
        }

        if (IcmpText(rule.Icmp) is { } icmp)
        {
            match.Add((rule.Protocol is null && rule.NotProtocol is null ? "-p icmp " : "") + $"-m icmp --icmp-type {icmp}");
        }

        if (IcmpText(rule.NotIcmp) is { } notIcmp)
        {
            match.Add((rule.Protocol is null && rule.NotProtocol is null && rule.Icmp.Type is null ? "-p icmp " : "") + $"-m icmp ! --icmp-type {notIcmp}");
        }
    }

    private static string? IcmpText(Icmp icmp) => icmp.Type is not { } type ? null
        : icmp.Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"{type}/{code}")
        : type.ToString(CultureInfo.InvariantCulture);

    private static void AddEntity(List<string> match, RuleEntity entity, string side, IpSetCatalogue sets, out bool possible)
    {
        possible = AddNets(match, All(entity.Net, entity.Nets), side, sets);
        var excluded = All(entity.NotNet, entity.NotNets).Where(n => !n.IsIPv6).ToImmutableArray();
        if (excluded.Any(n => n.PrefixLength == 0))
        {
            possible = false;
        }
        else if (!excluded.IsEmpty)
        {
            match.Add($"-m set ! --match-set {sets.Nets(excluded)} {side}");
        }

        foreach (var (text, negation) in new[] { (entity.Tag, ""), (entity.NotTag, "! ") })
        {
            if (text.Length > 0)
            {
                match.Add($"-m set {negation}--match-set {sets.Tag(text)} {side}");
            }
        }

        foreach (var (text, negation) in new[] { (entity.Selector, ""), (entity.NotSelector, "! ") })
        {
            if (text.Length > 0)
            {
                match.Add($"-m set {negation}--match-set {SelectorSet(text, sets)} {side}");
            }
        }

        foreach (var ports in Chunks(entity.NotPorts))
        {
            match.Add($"-m multiport ! --{side[0]}ports {ports}");
        }
    }

    /// <summary>False when only networks of the other family are named: the rule then has no IPv4 form.</summary>
    private static bool AddNets(List<string> match, ImmutableArray<Cidr> nets, string side, IpSetCatalogue sets)
    {
        var ours = nets.Where(n => !n.IsIPv6).ToImmutableArray();
        if (ours.Length == 1 && ours[0].PrefixLength > 0)
        {
            match.Add($"-{side[0]} {ours[0].Masked()}");
        }
        else if (!ours.IsEmpty && ours.All(n => n.PrefixLength > 0))
        {
            match.Add($"-m set --match-set {sets.Nets(ours)} {side}");
        }

        return nets.IsEmpty || !ours.IsEmpty;
    }

    private static ImmutableArray<Cidr> All(Cidr? single, ImmutableArray<Cidr> several) => single is { } one ? several.Add(one) : several;

    private static string SelectorSet(string text, IpSetCatalogue sets) => Selector.TryParse(text, out var selector, out var error)
        ? sets.Selector(text, selector.Matches)
        : throw new RuleNotExpressibleException($"selector '{text}': {error.Reason}");

    private static void CheckPorts(Rule rule)
    {
        var hasPorts = new[] { rule.Source.Ports, rule.Source.NotPorts, rule.Destination.Ports, rule.Destination.NotPorts }.Any(p => !p.IsEmpty);
        if (hasPorts && !(rule.Protocol is { Name: "tcp" or "udp" } || rule.Protocol is { Name: null, Number: 6 or 17 }))
        {
            throw new RuleNotExpressibleException("a rule has ports without protocol tcp or udp");
        }
    }

    private static IEnumerable<string> PortMatches(string option, ImmutableArray<PortRange> ports) =>
        ports.IsEmpty ? [""] : Chunks(ports).Select(chunk => $"-m multiport {option} {chunk}");

    private static IEnumerable<string> Chunks(ImmutableArray<PortRange> ports)
    {
        var chunk = new List<string>();
        var used = 0;
        foreach (var range in ports)
        {
            var cost = range.First == range.Last ? 1 : 2;
            if (used + cost > PortsOfOneMatch)
            {
                yield return string.Join(',', chunk);
                chunk.Clear();
                used = 0;
            }

            chunk.Add(range.ToString());
            used += cost;
        }

        if (chunk.Count > 0)
        {
            yield return string.Join(',', chunk);
        }
    }
}
