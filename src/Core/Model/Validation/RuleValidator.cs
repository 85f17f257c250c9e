namespace CalicoConsole.Core.Model.Validation;

/// <summary>Checks rules (docs/calico-v1.md#rules).</summary>
internal static class RuleValidator
{
    public static void Check(Findings found, string field, ImmutableArray<Rule> rules)
    {
        for (var i = 0; i < rules.Length && !found.IsFull; i++)
        {
            Check(found, $"{field}[{i}]", rules[i]);
        }
    }

    private static void Check(Findings found, string field, Rule rule)
    {
        if (!ValueRules.Actions.Contains(rule.Action))
        {
            found.Error($"{field}.action", $"'{rule.Action}' is not one of {string.Join(", ", ValueRules.Actions)}");
        }

        if (rule.IPVersion is not (null or 4 or 6))
        {
            found.Error($"{field}.ipVersion", $"'{rule.IPVersion}' is not 4 or 6");
        }

        Protocol(found, $"{field}.protocol", rule.Protocol);
        Protocol(found, $"{field}.notProtocol", rule.NotProtocol);
        if (rule is { Protocol: not null, NotProtocol: not null })
        {
            found.Warn($"{field} has both protocol and notProtocol: Felix of Calico v2.6 stops working on such a rule. Leave notProtocol out.");
        }

        Icmp(found, $"{field}.icmp", rule.Icmp);
        Icmp(found, $"{field}.notICMP", rule.NotIcmp);
        var ports = rule.Protocol is { } p && (p.Name is null ? p.Number is 6 or 17 : p.Name is "tcp" or "udp");
        Entity(found, $"{field}.source", rule.Source, ports);
        Entity(found, $"{field}.destination", rule.Destination, ports);
        Networks(found, field, rule);
    }

    private static void Protocol(Findings found, string field, Protocol? protocol)
    {
        if (protocol is { Name: null, Number: < 1 or > 255 })
        {
            found.Error(field, "protocol number invalid");
        }
        else if (protocol is { Name: { } name } && !ValueRules.IsProtocolName(name))
        {
            found.Error(field, "protocol name invalid");
        }
    }

    private static void Icmp(Findings found, string field, Icmp icmp)
    {
        if (icmp.Type is < 0 or > 254)
        {
            found.Error($"{field}.type", $"'{icmp.Type}' is not 0 to 254");
        }

        if (icmp.Code is < 0 or > 255)
        {
            found.Error($"{field}.code", $"'{icmp.Code}' is not 0 to 255");
        }

        if (icmp is { Code: not null, Type: null })
        {
            found.Error($"{field}.code", "ICMP code specified without an ICMP type");
        }
    }

    private static void Entity(Findings found, string field, RuleEntity entity, bool supportsPorts)
    {
        Tag(found, $"{field}.tag", entity.Tag);
        Selector(found, $"{field}.selector", entity.Selector);
        Ports(found, $"{field}.ports", entity.Ports, supportsPorts);
        Tag(found, $"{field}.notTag", entity.NotTag);
        Selector(found, $"{field}.notSelector", entity.NotSelector);
        Ports(found, $"{field}.notPorts", entity.NotPorts, supportsPorts);
    }

    private static void Tag(Findings found, string field, string tag)
    {
        if (tag.Length > 0)
        {
            found.Name(field, tag);
        }
    }

    public static void Selector(Findings found, string field, string text)
    {
        if (!Selectors.Selector.TryParse(text, out _, out var error))
        {
            found.Error(field, $"'{text}' is not a selector: {error.Reason} at character {error.Position + 1}");
        }
    }

    private static void Ports(Findings found, string field, ImmutableArray<PortRange> ports, bool supported)
    {
        if (!ports.IsEmpty && !supported)
        {
            found.Error(field, "protocol does not support ports");
        }

        for (var i = 0; i < ports.Length && !found.IsFull; i++)
        {
            if (ports[i].First > ports[i].Last)
            {
                found.Error($"{field}[{i}]", "port range invalid");
            }

            if (ports[i].First is < 1 or > 65535 || ports[i].Last is < 1 or > 65535)
            {
                found.Error($"{field}[{i}]", "port range invalid, port number must be between 0 and 65536");
            }
        }
    }

    private static void Networks(Findings found, string field, Rule rule)
    {
        var (s, d) = (rule.Source, rule.Destination);
        var hasNet = s.Net ?? s.NotNet ?? d.Net ?? d.NotNet;
        if (hasNet is not null && (s.Nets.Length + s.NotNets.Length + d.Nets.Length + d.NotNets.Length) > 0)
        {
            found.Error($"{field}.{((s.Net ?? s.NotNet) is not null ? "source" : "destination")}", "only one of Net and Nets fields allowed");
        }

        var (seenV4, seenV6) = (false, false);
        void Scan(string name, Cidr? net, ImmutableArray<Cidr> nets)
        {
            ImmutableArray<Cidr> all = net is { } one ? nets.Add(one) : nets;
            var path = $"{field}.{name}{(net is null ? "s" : "")}";
            var (v4, v6) = (all.Any(n => !n.IsIPv6), all.Any(n => n.IsIPv6));
            if ((rule.IPVersion is { } version && v4 && version != 4) || (rule.IPVersion is { } other && v6 && other != 6))
            {
                found.Error(path, "rule IP version doesn't match CIDR version");
            }

            if ((v4 && (seenV6 || v6)) || (v6 && seenV4))
            {
                found.Error(path, "rule contains both IPv4 and IPv6 CIDRs");
            }

            (seenV4, seenV6) = (seenV4 || v4, seenV6 || v6);
        }

        Scan("source.net", s.Net, s.Nets);
        Scan("source.notNet", s.NotNet, s.NotNets);
        Scan("destination.net", d.Net, d.Nets);
        Scan("destination.notNet", d.NotNet, d.NotNets);
    }
}
