using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability;

/// <summary>
/// What Felix 2.6 refuses in a stored rule. One refused rule makes a whole policy absent and a whole profile deny everything
/// (calico-v1 reference, section 3).
/// </summary>
public static class FelixRuleCheck
{
    /// <summary>The reason in one sentence; null when Felix takes the rule.</summary>
    public static string? Problem(Rule rule)
    {
        if (rule.StoredAsPass || rule.Action is not ("" or "allow" or "deny" or "log" or "pass"))
        {
            return $"action '{rule.Action}' is not one that Felix knows (allow, deny, log, next-tier)";
        }

        if (rule.IPVersion is not (null or 4 or 6))
        {
            return $"IP version {rule.IPVersion} is neither 4 nor 6";
        }

        foreach (var protocol in (ReadOnlySpan<Protocol?>)[rule.Protocol, rule.NotProtocol])
        {
            if (protocol is { } given && ProtocolNumbers.Of(given) is null)
            {
                return $"protocol '{given}' is not known";
            }
        }

        if (rule.Icmp.Type is < 0 or > 254 || rule.NotIcmp.Type is < 0 or > 254)
        {
            return "an ICMP type must be 0 to 254";
        }

        return Problem(rule, rule.Source) ?? Problem(rule, rule.Destination);
    }

    private static string? Problem(Rule rule, RuleEntity side)
    {
        if ((!side.Ports.IsEmpty || !side.NotPorts.IsEmpty) && (rule.Protocol is not { } protocol || ProtocolNumbers.Of(protocol) is not (ProtocolNumbers.Tcp or ProtocolNumbers.Udp)))
        {
            return "ports need protocol tcp or udp";
        }

        foreach (var text in (ReadOnlySpan<string>)[side.Selector, side.NotSelector])
        {
            if (text.Length > 0 && !Selector.TryParse(text, out _, out var error))
            {
                return $"selector '{text}' cannot be read: {error.Reason}";
            }
        }

        return null;
    }
}
