using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Finds what Felix would refuse in a rule, and what iptables would (docs/calico-v1.md#rules, #the-mark-of-a-pass).</summary>
internal static class RuleCheck
{
    private static readonly ImmutableHashSet<string> Protocols = ["tcp", "udp", "icmp", "icmpv6", "sctp", "udplite"];

    /// <summary>What is wrong, in one sentence; null when nothing is.</summary>
    public static string? Problem(Rule rule)
    {
        RuleEntity[] sides = [rule.Source, rule.Destination];
        if (rule.StoredAsPass)
        {
            return "'pass' is no stored action (next-tier is)";
        }

        if (rule.Action is not ("" or "allow" or "deny" or "log" or "next-tier" or "pass"))
        {
            return $"'{rule.Action}' is no action";
        }

        if (rule.IPVersion is not (null or 4 or 6))
        {
            return $"{rule.IPVersion} is no IP version";
        }

        foreach (var protocol in new[] { rule.Protocol, rule.NotProtocol })
        {
            if (protocol is { } p && (p.Name is { } name ? !Protocols.Contains(name) : p.Number is < 1 or > 255))
            {
                return $"'{p}' is no protocol";
            }
        }

        if (rule.Protocol is not null && rule.NotProtocol is not null)
        {
            return "a rule with both protocol and notProtocol cannot be given to iptables (Felix ends over it)";
        }

        if (sides.Any(s => !s.Ports.IsEmpty || !s.NotPorts.IsEmpty) && !HasPorts(rule.Protocol))
        {
            return "ports need protocol tcp or udp";
        }

        if (sides.SelectMany(s => s.Ports.Concat(s.NotPorts)).Any(p => p.First is < 0 or > 65535 || p.Last < p.First || p.Last > 65535))
        {
            return "a port is out of range";
        }

        if (new[] { rule.Icmp, rule.NotIcmp }.Any(i => i.Type is < 0 or > 254 || i.Code is < 0 or > 255))
        {
            return "an ICMP type or code is out of range";
        }

        foreach (var text in sides.SelectMany(s => new[] { s.Selector, s.NotSelector }).Where(t => t.Length > 0))
        {
            if (!Selector.TryParse(text, out _, out var error))
            {
                return $"'{text}' is no selector: {error.Reason}";
            }
        }

        return null;
    }

    private static bool HasPorts(Protocol? protocol) => protocol is { } p && (p.Name is "tcp" or "udp" || (p.Name is null && p.Number is 6 or 17));
}
