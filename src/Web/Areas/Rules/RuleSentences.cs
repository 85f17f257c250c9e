using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>Makes sentences of rules. Pure. What the validator refuses is marked in its place; members that are not known stand at the end.</summary>
internal static class RuleSentences
{
    /// <summary>What happens to traffic that no rule names, as Felix does it (docs/calico-v1.md#how-felix-decides).</summary>
    public static RuleSentence Rest { get; } = new("deny", [new(RulePartKind.Action, "Deny"), new(RulePartKind.Text, " everything else")]);

    /// <summary>The same at the end of a policy: the next one goes on, and what none names is denied.</summary>
    public static RuleSentence RestOfPolicy { get; } = new("pass",
        [new(RulePartKind.Text, "Everything else goes on to the next policy; after the last it is denied")]);

    /// <summary>The same at the end of a doNotTrack or preDNAT policy, which has no drop at its end (docs/calico-v1.md#host-endpoints).</summary>
    public static RuleSentence RestOfEarlyPolicy { get; } = new("pass", [new(RulePartKind.Text, "Everything else goes on to the policies that come later")]);

    /// <summary>What a list of rules answers, as its heading.</summary>
    /// <param name="ingress">Which list.</param>
    public static string Heading(bool ingress) => ingress ? "Who may reach" : "Whom they may reach";

    /// <summary>The sentence of a rule in a list of ingress or egress rules.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="ingress">Which list it stands in.</param>
    /// <param name="inPolicy">Whether the list is a policy's and not a profile's.</param>
    public static RuleSentence For(Rule rule, bool ingress, bool inPolicy = false)
    {
        var action = rule.Action.Length == 0 ? "allow" : rule.Action;
        var text = new RuleSentenceBuilder(rule with { Action = action });
        text.Verb(rule, action);
        Protocol(text, rule);
        var (to, from) = (Restricts(rule.Destination), Restricts(rule.Source));
        if (to || from || rule.Protocol is not null || rule.NotProtocol is not null)
        {
            if (to || !ingress)
            {
                Side(text, " to ", "destination", rule.Destination, anywhere: !ingress);
            }

            if (from || ingress)
            {
                Side(text, " from ", "source", rule.Source, anywhere: ingress);
            }
        }

        text.Text(action switch
        {
            "log" => ", then go on with the next rule",
            "pass" => inPolicy ? " on to the profiles" : " on to the next profile",
            _ => ""
        });
        if (rule.LogPrefix.Length > 0)
        {
            text.Text(", log prefix ").Value("log_prefix", rule.LogPrefix);
        }

        foreach (var (name, value) in rule.Unknown.Members)
        {
            text.Text(" ").Wrong($"{name}: {value}", $"'{name}' is not known to this version, so what it does is not described here. It is kept.");
        }

        return text.Build(action);
    }

    private static void Protocol(RuleSentenceBuilder text, Rule rule)
    {
        if (rule.IPVersion is { } version)
        {
            text.Text(" ").Part("ipVersion", $"IPv{version.ToString(CultureInfo.InvariantCulture)}");
        }

        text.Text(" ");
        if (rule.Protocol is { } protocol)
        {
            text.Part("protocol", Words(protocol));
        }
        else
        {
            text.Text(rule.IPVersion is null || rule.NotProtocol is not null ? "everything" : "traffic");
        }

        if (rule.NotProtocol is { } not)
        {
            text.Text(" except ");
            if (rule.Protocol is null)
            {
                text.Part("notProtocol", Words(not));
            }
            else
            {
                text.Wrong(Words(not), "Felix of Calico v2.6 stops working on a rule with both protocol and notProtocol");
            }
        }

        Icmp(text, "icmp", rule.Icmp, rule.Protocol is { Name: "icmp" or "icmpv6" } ? " " : " with ICMP ");
        Icmp(text, "notICMP", rule.NotIcmp, rule.Protocol is { Name: "icmp" or "icmpv6" } ? " except " : " except ICMP ");
    }

    private static void Icmp(RuleSentenceBuilder text, string field, Icmp icmp, string lead)
    {
        if (icmp.Type is { } type)
        {
            text.Text(lead + "type ").Value($"{field}.type", type.ToString(CultureInfo.InvariantCulture));
            lead = " ";
        }

        if (icmp.Code is { } code)
        {
            text.Text(lead + "code ").Value($"{field}.code", code.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string Words(Protocol protocol) => protocol switch
    {
        { Name: "tcp" or "udp" or "icmp" or "sctp" } => protocol.Name.ToUpperInvariant(),
        { Name: "icmpv6" } => "ICMPv6",
        { Name: "udplite" } => "UDP-Lite",
        { Name: { } other } => other,
        { Number: 1 } => "protocol 1 (ICMP)",
        { Number: 6 } => "protocol 6 (TCP)",
        { Number: 17 } => "protocol 17 (UDP)",
        _ => $"protocol {protocol}",
    };

    private static bool Restricts(RuleEntity e) => e != new RuleEntity() && (e.Tag.Length + e.NotTag.Length + e.Selector.Length + e.NotSelector.Length > 0
        || e.Net is not null || e.NotNet is not null || !(e.Nets.IsDefaultOrEmpty && e.NotNets.IsDefaultOrEmpty && e.Ports.IsDefaultOrEmpty
            && e.NotPorts.IsDefaultOrEmpty));

    private static void Side(RuleSentenceBuilder text, string lead, string side, RuleEntity entity, bool anywhere)
    {
        var ports = Ports(text, lead, side, entity);
        var nets = All(entity.Nets, entity.Net);
        var notNets = All(entity.NotNets, entity.NotNet);
        var positive = entity.Tag.Length + entity.Selector.Length + nets.Length > 0;
        var negative = entity.NotTag.Length + entity.NotSelector.Length + notNets.Length > 0;
        if (positive || negative)
        {
            text.Text(ports ? " of " : lead);
            Positive(text, side, entity, nets, negative && !positive);
            Negative(text, side, entity, notNets);
        }
        else if (!ports && anywhere)
        {
            text.Text($"{lead}anywhere");
        }
        else if (ports && anywhere)
        {
            text.Text(" anywhere");
        }
    }

    private static bool Ports(RuleSentenceBuilder text, string lead, string side, RuleEntity entity)
    {
        var source = lead == " from " ? "source " : "";
        if (!entity.Ports.IsDefaultOrEmpty)
        {
            text.Text($"{lead}{source}{(entity.Ports is [{ } one] && one.First == one.Last ? "port " : "ports ")}").List($"{side}.ports", entity.Ports, Words);
        }
        else if (!entity.NotPorts.IsDefaultOrEmpty)
        {
            text.Text($"{lead}any {source}port");
        }
        else
        {
            return false;
        }

        if (!entity.NotPorts.IsDefaultOrEmpty)
        {
            text.Text(" except ").List($"{side}.notPorts", entity.NotPorts, Words);
        }

        return true;
    }

    private static void Positive(RuleSentenceBuilder text, string side, RuleEntity entity, ImmutableArray<Cidr> nets, bool none)
    {
        if (none)
        {
            text.Text("anywhere");
            return;
        }

        var endpoints = entity.Tag.Length + entity.Selector.Length > 0;
        if (entity.Tag.Length > 0)
        {
            text.Text("endpoints tagged ").Value($"{side}.tag", entity.Tag);
        }

        if (entity.Selector.Length > 0)
        {
            text.Text(entity.Tag.Length > 0 ? " and matching " : "endpoints matching ").Value($"{side}.selector", entity.Selector);
        }

        if (nets.Length > 0)
        {
            Networks(text, side, "net", nets, endpoints ? " with an address in " : null);
        }
    }

    private static void Negative(RuleSentenceBuilder text, string side, RuleEntity entity, ImmutableArray<Cidr> nets)
    {
        var lead = " except ";
        if (entity.NotTag.Length > 0)
        {
            text.Text($"{lead}endpoints tagged ").Value($"{side}.notTag", entity.NotTag);
            lead = " and ";
        }

        if (entity.NotSelector.Length > 0)
        {
            text.Text($"{lead}endpoints matching ").Value($"{side}.notSelector", entity.NotSelector);
            lead = " and ";
        }

        if (nets.Length > 0)
        {
            text.Text(lead);
            Networks(text, side, "notNet", nets, null);
        }
    }

    private static void Networks(RuleSentenceBuilder text, string side, string field, ImmutableArray<Cidr> nets, string? lead)
    {
        var single = nets.All(n => n.IsSingle);
        text.Text(lead ?? (single ? nets.Length == 1 ? "address " : "addresses " : "addresses in "))
            .List($"{side}.{field}", nets, n => single && lead is null ? n.Address.ToString() : n.ToString());
    }

    private static string Words(PortRange ports) => ports.First == ports.Last
        ? ports.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{ports.First}–{ports.Last}");

    private static ImmutableArray<Cidr> All(ImmutableArray<Cidr> nets, Cidr? net)
    {
        ImmutableArray<Cidr> all = nets.IsDefault ? [] : nets;
        return net is { } one ? all.Add(one) : all;
    }
}
