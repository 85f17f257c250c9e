using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>A rule as typed. What no field says (members that are not known, a log prefix) is kept from the rule it was read from.</summary>
public sealed record RuleDraft
{
    /// <summary>Identity in the list, for as long as the page lives.</summary>
    [JsonIgnore]
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>What it was read from.</summary>
    public Rule Origin { get; init; } = new() { Action = "allow" };

    /// <summary>action.</summary>
    public string Action { get; init; } = "allow";

    /// <summary>ipVersion: empty, 4 or 6.</summary>
    public string IPVersion { get; init; } = "";

    /// <summary>protocol: a name or a number.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>notProtocol.</summary>
    public string NotProtocol { get; init; } = "";

    /// <summary>icmp.type.</summary>
    public string IcmpType { get; init; } = "";

    /// <summary>icmp.code.</summary>
    public string IcmpCode { get; init; } = "";

    /// <summary>notICMP.type.</summary>
    public string NotIcmpType { get; init; } = "";

    /// <summary>notICMP.code.</summary>
    public string NotIcmpCode { get; init; } = "";

    /// <summary>source.</summary>
    public EntityDraft Source { get; init; } = new();

    /// <summary>destination.</summary>
    public EntityDraft Destination { get; init; } = new();

    /// <summary>Whether it is not complete yet: a side must name somebody and does not.</summary>
    [JsonIgnore]
    public bool IsOpen => Source.IsOpen || Destination.IsOpen;

    /// <summary>Whether anything beside action, protocol, ICMP, the side that it is about and the ports of the destination is given.</summary>
    /// <param name="ingress">The direction.</param>
    public bool HasMore(bool ingress) =>
        HasExceptions || IPVersion.Length > 0 || Source.Ports.Length > 0 || (ingress ? Destination : Source).HasPeer || (ingress ? Destination : Source)
        .NeedsPeer;

    /// <summary>A rule that was just begun: whom it is from, or where it goes, must be said.</summary>
    /// <param name="ingress">The direction.</param>
    public static RuleDraft New(bool ingress) =>
        ingress ? new() { Source = new EntityDraft { NeedsPeer = true } } : new() { Destination = new EntityDraft { NeedsPeer = true } };

    /// <summary>Whether it excludes anything.</summary>
    public bool HasExceptions => NotProtocol.Length + NotIcmpType.Length + NotIcmpCode.Length > 0 || Source.HasExceptions || Destination.HasExceptions;

    /// <summary>Whether ports make sense, or are there.</summary>
    public bool TakesPorts =>
        Protocol.Trim() is "tcp" or "udp" or "6" or "17" || (Source.Ports + Source.NotPorts + Destination.Ports + Destination.NotPorts).Length > 0;

    /// <summary>Whether an ICMP type makes sense, or is there.</summary>
    public bool TakesIcmp => Protocol.Trim() is "icmp" or "icmpv6" or "1" or "58" || (IcmpType + IcmpCode + NotIcmpType + NotIcmpCode).Length > 0;

    /// <summary>The draft that says the same as a rule.</summary>
    public static RuleDraft From(Rule rule) => new()
    {
        Origin = rule,
        Action = rule.Action.Length == 0 ? "allow" : rule.Action,
        IPVersion = Text(rule.IPVersion),
        Protocol = rule.Protocol?.ToString() ?? "",
        NotProtocol = rule.NotProtocol?.ToString() ?? "",
        IcmpType = Text(rule.Icmp.Type),
        IcmpCode = Text(rule.Icmp.Code),
        NotIcmpType = Text(rule.NotIcmp.Type),
        NotIcmpCode = Text(rule.NotIcmp.Code),
        Source = EntityDraft.From(rule.Source),
        Destination = EntityDraft.From(rule.Destination),
    };

    /// <summary>
    /// The drafts of rules that were read anew: each has the identity of the draft before that says the same, else of the one in its place, so that its card
    /// stays.
    /// </summary>
    public static ImmutableArray<RuleDraft> Keep(ImmutableArray<Rule> rules, ImmutableArray<RuleDraft> before)
    {
        var made = rules.Select(From).ToArray();
        var texts = rules.Select(RuleCodec.KnownText).ToArray();
        var free = before.Select((d, i) => (d.Id, Index: i, Text: RuleCodec.KnownText(d.ToRule().Rule))).ToList();
        var kept = new bool[made.Length];
        Take((i, b) => b.Text == texts[i] && b.Index == i);
        Take((i, b) => b.Text == texts[i]);
        Take((i, b) => b.Index == i);
        return [.. made];

        void Take(Func<int, (Guid Id, int Index, string Text), bool> same)
        {
            for (var i = 0; i < made.Length; i++)
            {
                if (!kept[i] && free.FindIndex(b => same(i, b)) is var at and >= 0)
                {
                    (made[i], kept[i]) = (made[i] with { Id = free[at].Id }, true);
                    free.RemoveAt(at);
                }
            }
        }
    }

    /// <summary>The rule, as far as it can be read; what cannot is told by field, such as <c>source.nets</c>.</summary>
    public (Rule Rule, ImmutableArray<FieldError> Errors) ToRule()
    {
        List<FieldError> errors = [];
        if (this with { Source = Source with { NeedsPeer = false }, Destination = Destination with { NeedsPeer = false } } == From(Origin) with { Id = Id }
            && !IsOpen)
        {
            return (Origin, []);
        }

        var rule = Origin with
        {
            Action = Action,
            StoredAsPass = false,
            IPVersion = Number("ipVersion", IPVersion, errors),
            Protocol = ProtocolOf(Protocol),
            NotProtocol = ProtocolOf(NotProtocol),
            Icmp = new Icmp(Number("icmp.type", IcmpType, errors), Number("icmp.code", IcmpCode, errors)),
            NotIcmp = new Icmp(Number("notICMP.type", NotIcmpType, errors), Number("notICMP.code", NotIcmpCode, errors)),
            Source = Source.ToEntity("source", Origin.Source, errors),
            Destination = Destination.ToEntity("destination", Origin.Destination, errors),
        };
        return (rule, [.. errors]);
    }

    private static Protocol? ProtocolOf(string text) => text.Trim().Length == 0 ? null : RuleCodec.ParseProtocol(text.Trim());

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static int? Number(string field, string text, List<FieldError> errors)
    {
        if (text.Trim().Length == 0)
        {
            return null;
        }

        if (int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors.Add(new FieldError(field, $"'{text.Trim()}' is not a number"));
        return null;
    }
}
