using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>
/// What Felix 2.6 refuses in a stored rule, and what it takes but cannot give to the kernel. One refused rule makes a whole policy absent and a whole profile
/// deny everything
/// (docs/calico-v1.md#rules; field by field as libcalico-go edf3017 validates what Felix 2.6.7 reads). Pure.
/// </summary>
public static class FelixRuleCheck
{
    /// <summary>The reason in one sentence; null when Felix takes the rule.</summary>
    public static string? Problem(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.StoredAsPass || rule.Action is not ("" or "allow" or "deny" or "log" or "pass"))
        {
            return $"action '{rule.Action}' is not one that Felix knows (allow, deny, log, next-tier)";
        }

        // 0 is as unset.
        if (rule.IPVersion is not (null or 0 or 4 or 6))
        {
            return $"IP version {rule.IPVersion} is neither 4 nor 6";
        }

        foreach (var protocol in (ReadOnlySpan<Protocol?>)[rule.Protocol, rule.NotProtocol])
        {
            if (protocol is { } given && ProtocolNumbers.For(given) is null)
            {
                return $"protocol '{given}' is not known";
            }
        }

        if (rule.Icmp.Type is < 0 or > 254 || rule.NotIcmp.Type is < 0 or > 254)
        {
            return "an ICMP type must be 0 to 254";
        }

        if (rule.Icmp.Code is < 0 or > 255 || rule.NotIcmp.Code is < 0 or > 255)
        {
            return "an ICMP code must be 0 to 255";
        }

        // Felix looks at every tag but the negated one of the destination.
        foreach (var tag in (ReadOnlySpan<string>)[rule.Source.Tag, rule.Source.NotTag, rule.Destination.Tag])
        {
            if (tag.Length > 0 && !ValueRules.IsName(tag))
            {
                return $"tag '{tag}' is not 1 to 128 letters, digits, '_', '.' and '-'";
            }
        }

        return Problem(rule, rule.Source) ?? Problem(rule, rule.Destination);
    }

    /// <summary>
    /// Why Felix, although it takes a rule, cannot program it; null when it can. iptables refuses what Felix makes of it, and Felix then stops updating every
    /// host that should have it.
    /// </summary>
    public static string? Unprogrammable(Rule rule) => Unprogrammable(rule, ipv6: false) ?? Unprogrammable(rule, ipv6: true);

    /// <summary>As <see cref="Unprogrammable(Rule)"/>, for the rules of one IP version.</summary>
    public static string? Unprogrammable(Rule rule, bool ipv6)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Destination.NotTag is { Length: > 0 } tag && !Selector.TryParse($"has({tag})", out _, out _))
        {
            return $"notTag '{tag}' of the destination is not a label: Felix accepts it and then stops";
        }

        if (!CompiledRule.ExistsIn(rule, ipv6))
        {
            return null;
        }

        if (rule is { Protocol: not null, NotProtocol: not null })
        {
            return "it has both protocol and notProtocol, and iptables takes one of them only";
        }

        var hasType = rule.Icmp.Type is not null || rule.NotIcmp.Type is not null;
        return !hasType || (rule.Protocol is { } protocol && ProtocolNumbers.For(protocol) == (ipv6 ? ProtocolNumbers.IcmpV6 : ProtocolNumbers.Icmp))
            ? null
            : $"it asks for an ICMP type, which {(ipv6 ? "ip6tables takes only with protocol icmpv6" : "iptables takes only with protocol icmp")}, and it is "
                + $"{(rule.Protocol is { } other ? $"of protocol {other}" : rule.NotProtocol is { } not ? $"of any protocol but {not}" : "of any protocol")}"
                + $"{(rule.IPVersion is null or 0 && rule.Protocol is { Name: null }
                    ? $" and for {(ipv6 ? "IPv6" : "IPv4")} too: say ipVersion, or name the protocol"
                    : "")}";
    }

    private static string? Problem(Rule rule, RuleEntity side)
    {
        if ((!side.Ports.IsEmpty || !side.NotPorts.IsEmpty)
            && (rule.Protocol is not { } protocol || ProtocolNumbers.For(protocol) is not (ProtocolNumbers.Tcp or ProtocolNumbers.Udp)))
        {
            return "ports need protocol tcp or udp";
        }

        foreach (var text in (ReadOnlySpan<string>)[side.Selector, side.NotSelector])
        {
            if (!Selector.TryParse(text, out _, out var error))
            {
                return $"selector '{text}' cannot be read: {error.Reason}";
            }
        }

        return null;
    }
}
