using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>Rules that are wanted often.</summary>
internal enum TemplateKind
{
    /// <summary>Nothing in, nothing out.</summary>
    Isolate,

    /// <summary>The endpoints may talk to each other.</summary>
    AllowWithin,

    /// <summary>A network or a tag may reach some ports.</summary>
    AllowFrom,

    /// <summary>What no rule allowed is logged and denied.</summary>
    DenyAndLog,

    /// <summary>The endpoints can be pinged.</summary>
    AllowIcmp,
}

/// <summary>A template as it is offered.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Title">Its name.</param>
/// <param name="Says">What it does, and where its rules go.</param>
internal sealed record RuleTemplate(TemplateKind Kind, string Title, string Says);

/// <summary>What a template is told: only <see cref="TemplateKind.AllowFrom"/> asks.</summary>
/// <param name="From">A tag, or networks.</param>
/// <param name="Protocol">tcp or udp.</param>
/// <param name="Ports">Ports or names of services; empty for every traffic.</param>
internal sealed record TemplateInput(string From, string Protocol, string Ports)
{
    /// <summary>Nothing told yet.</summary>
    public static TemplateInput Empty { get; } = new("", "tcp", "");
}

/// <summary>Inserts rules that are wanted often. Pure.</summary>
internal static class RuleTemplates
{
    /// <summary>What is offered.</summary>
    public static ImmutableArray<RuleTemplate> All { get; } =
    [
        new(TemplateKind.Isolate, "Isolate", "Denies everything in both directions, before all other rules, until the two rules are removed."),
        new(TemplateKind.AllowWithin, "Allow within", "Its endpoints may talk to each other."),
        new(TemplateKind.AllowFrom, "Allow from a network on ports", "Lets one network, tag or address range in on some ports."),
        new(TemplateKind.DenyAndLog, "Deny and log", "Logs and denies what no ingress rule before allowed."),
        new(TemplateKind.AllowIcmp, "Allow ICMP", "Its endpoints answer pings from anywhere, and errors such as unreachable come in."),
    ];

    /// <summary>The draft with the rules of a template. Allowing rules go before a rule that denies everything.</summary>
    public static T Insert<T>(T draft, TemplateKind kind, TemplateInput input)
        where T : class, IRuleDraft<T>
    {
        switch (kind)
        {
            case TemplateKind.Isolate:
                return draft.WithRules(draft.Ingress.Insert(0, Deny()), draft.Egress.Insert(0, Deny()));
            case TemplateKind.AllowWithin:
                var (tagged, own) = draft.WithOwn();
                return tagged.WithRules(
                    Allow(tagged.Ingress, new RuleDraft { Source = own }),
                    tagged.Egress.Any(IsAllowAll) ? tagged.Egress : Allow(tagged.Egress, new RuleDraft { Destination = own }));
            case TemplateKind.AllowFrom:
                var words = SeveralWords.In(input.From);
                var nets = words.Length > 0 && words.All(w => Cidr.TryParse(w, out _));
                var from = nets ? new EntityDraft { Nets = string.Join(", ", words) } : new EntityDraft { Tag = input.From.Trim() };
                return draft.WithRules(
                    Allow(draft.Ingress, input.Ports.Trim().Length == 0 ? new RuleDraft { Source = from }
                        : new RuleDraft { Protocol = input.Protocol, Source = from, Destination = new EntityDraft { Ports = input.Ports.Trim() } }),
                    draft.Egress);
            case TemplateKind.DenyAndLog:
                return draft.WithRules(draft.Ingress.Add(new RuleDraft { Action = "log" }).Add(Deny()), draft.Egress);
            default:
                return draft.WithRules(Allow(draft.Ingress, new RuleDraft { Protocol = "icmp" }), draft.Egress);
        }
    }

    private static RuleDraft Deny() => new() { Action = "deny" };

    private static ImmutableArray<RuleDraft> Allow(ImmutableArray<RuleDraft> rules, RuleDraft allowed)
    {
        var at = 0;
        while (at < rules.Length && !IsAll(rules[at], "deny"))
        {
            at++;
        }

        // What is denied at the end is often logged just before.
        return rules.Insert(at < rules.Length && at > 0 && IsAll(rules[at - 1], "log") ? at - 1 : at, allowed);
    }

    private static bool IsAllowAll(RuleDraft rule) => IsAll(rule, "allow");

    private static bool IsAll(RuleDraft rule, string action) =>
        rule.Action == action && rule with { Id = Guid.Empty, Origin = Nothing.Origin, Action = Nothing.Action } == Nothing;

    private static RuleDraft Nothing { get; } = new() { Id = Guid.Empty };
}
