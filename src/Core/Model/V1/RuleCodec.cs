using System.Globalization;
using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of rules (docs/calico-v1.md#rules), used by profiles and policies. Thread-safe.</summary>
public static class RuleCodec
{
    /// <summary>What <c>pass</c> is called in etcd.</summary>
    public const string NextTier = "next-tier";

    private static readonly IReadOnlySet<string> Known = GoObject.Names(
        "action", "ip_version", "protocol", "!protocol", "icmp_type", "icmp_code", "!icmp_type", "!icmp_code",
        "src_tag", "src_net", "src_nets", "src_selector", "src_ports", "dst_tag", "dst_selector", "dst_net", "dst_nets", "dst_ports",
        "!src_tag", "!src_net", "!src_nets", "!src_selector", "!src_ports", "!dst_tag", "!dst_selector", "!dst_net", "!dst_nets", "!dst_ports", "log_prefix");

    /// <summary>Reads a rule; throws <see cref="GoJsonException"/>.</summary>
    public static Rule Read(JsonElement element, string path) => Read(element, path, null);

    /// <summary>The same without the nulls among networks and ports, which are noted: what is left is not the rule, but what is known of it.</summary>
    internal static Rule Read(JsonElement element, string path, List<string>? nulls)
    {
        var o = new GoObject(element, path, Known);
        var action = o.Text("action");
        return new Rule
        {
            Action = action == NextTier ? "pass" : action,
            StoredAsPass = action == "pass",
            IPVersion = o.Int("ip_version"),
            Protocol = Protocol(o, "protocol"),
            NotProtocol = Protocol(o, "!protocol"),
            Icmp = new Icmp(o.Int("icmp_type"), o.Int("icmp_code")),
            NotIcmp = new Icmp(o.Int("!icmp_type"), o.Int("!icmp_code")),
            Source = Entity(o, "src", nulls),
            Destination = Entity(o, "dst", nulls),
            LogPrefix = o.Text("log_prefix"),
            Unknown = o.Unknown,
        };
    }

    /// <summary>Writes a rule as calicoctl does: members in Go's struct order, empty ones left out, destination CIDRs masked.</summary>
    public static void Write(GoJsonWriter writer, Rule rule)
    {
        var (s, d) = (rule.Source, rule.Destination);
        writer.BeginObject().OptionalString("action", rule is { Action: "pass", StoredAsPass: false } ? NextTier : rule.Action)
            .OptionalNumber("ip_version", rule.IPVersion);
        Protocol(writer, "protocol", rule.Protocol);
        Protocol(writer, "!protocol", rule.NotProtocol);
        writer.OptionalNumber("icmp_type", rule.Icmp.Type).OptionalNumber("icmp_code", rule.Icmp.Code)
            .OptionalNumber("!icmp_type", rule.NotIcmp.Type).OptionalNumber("!icmp_code", rule.NotIcmp.Code)
            .OptionalString("src_tag", s.Tag);
        Network(writer, "src_net", s.Net);
        Networks(writer, "src_nets", s.Nets).OptionalString("src_selector", s.Selector).OptionalArray("src_ports", s.Ports, WritePort)
            .OptionalString("dst_tag", d.Tag).OptionalString("dst_selector", d.Selector);
        Network(writer, "dst_net", d.Net?.Masked());
        Networks(writer, "dst_nets", Masked(d.Nets)).OptionalArray("dst_ports", d.Ports, WritePort)
            .OptionalString("!src_tag", s.NotTag);
        Network(writer, "!src_net", s.NotNet);
        Networks(writer, "!src_nets", s.NotNets).OptionalString("!src_selector", s.NotSelector).OptionalArray("!src_ports", s.NotPorts, WritePort)
            .OptionalString("!dst_tag", d.NotTag).OptionalString("!dst_selector", d.NotSelector);
        Network(writer, "!dst_net", d.NotNet?.Masked());
        Networks(writer, "!dst_nets", Masked(d.NotNets)).OptionalArray("!dst_ports", d.NotPorts, WritePort)
            .OptionalString("log_prefix", rule.LogPrefix)
            .EndObject(rule.Unknown);
    }

    /// <summary>A rule's stored JSON text without unknown members and log prefix: equal for rules that mean the same text.</summary>
    public static string KnownText(Rule rule)
    {
        var writer = new GoJsonWriter();
        Write(writer, rule with { Unknown = default, LogPrefix = "", StoredAsPass = false, Action = rule.Action.Length == 0 ? "allow" : rule.Action });
        return writer.ToString();
    }

    /// <summary>
    /// The desired rules, each with the unknown members and log prefix of a stored rule that is otherwise equal. Of several
    /// equal stored rules each is used once, in order.
    /// </summary>
    public static ImmutableArray<Rule> Merge(ImmutableArray<Rule> desired, ImmutableArray<Rule> stored)
    {
        var waiting = stored.GroupBy(ShownText, StringComparer.Ordinal).ToDictionary(g => g.Key, g => new Queue<Rule>(g), StringComparer.Ordinal);
        return [.. desired.Select(rule => waiting.TryGetValue(ShownText(rule), out var same) && same.TryDequeue(out var kept)
            ? rule with { Unknown = kept.Unknown, LogPrefix = kept.LogPrefix }
            : rule)];
    }

    /// <summary>Whether calicoctl shows both alike, in order, however they are stored.</summary>
    public static bool ShownAlike(ImmutableArray<Rule> one, ImmutableArray<Rule> other) =>
        one.Select(ShownText).SequenceEqual(other.Select(ShownText), StringComparer.Ordinal);

    /// <summary>The rule as calicoctl shows it: <c>net</c> as the last of <c>nets</c>, a missing action as allow (docs/calico-v1.md#rules).</summary>
    public static Rule Shown(Rule rule) => rule with
    {
        Action = rule.Action.Length == 0 ? "allow" : rule.Action,
        StoredAsPass = false,
        Source = Shown(rule.Source),
        Destination = Shown(rule.Destination),
    };

    /// <summary>A protocol from text: a number when it is one, else a name.</summary>
    public static Protocol ParseProtocol(string text) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new Protocol(null, number) : new Protocol(text, 0);

    /// <summary>A port or range from text such as <c>80</c> or <c>80:90</c>; false when it is neither or above 65535.</summary>
    public static bool TryParsePorts(string text, out PortRange ports)
    {
        ports = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (!ushort.TryParse(colon < 0 ? text : text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var first))
        {
            return false;
        }

        var last = first;
        if (colon >= 0 && !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out last))
        {
            return false;
        }

        ports = new PortRange(first, last);
        return true;
    }

    private static string ShownText(Rule rule) => KnownText(Shown(rule));

    private static RuleEntity Shown(RuleEntity entity) => entity with
    {
        Net = null,
        Nets = entity.Net is { } net ? entity.Nets.Add(net) : entity.Nets,
        NotNet = null,
        NotNets = entity.NotNet is { } not ? entity.NotNets.Add(not) : entity.NotNets,
    };

    private static RuleEntity Entity(GoObject o, string side, List<string>? nulls) => new()
    {
        Tag = o.Text($"{side}_tag"),
        Net = o.Network($"{side}_net"),
        Nets = Conditions(o, $"{side}_nets", GoObject.Network, nulls),
        Selector = o.Text($"{side}_selector"),
        Ports = Conditions(o, $"{side}_ports", ReadPort, nulls),
        NotTag = o.Text($"!{side}_tag"),
        NotNet = o.Network($"!{side}_net"),
        NotNets = Conditions(o, $"!{side}_nets", GoObject.Network, nulls),
        NotSelector = o.Text($"!{side}_selector"),
        NotPorts = Conditions(o, $"!{side}_ports", ReadPort, nulls),
    };

    // A null among conditions is refused, but for whoever wants to know what else is there.
    private static ImmutableArray<T> Conditions<T>(GoObject o, string name, Func<JsonElement, string, T> read, List<string>? nulls)
    {
        if (nulls is null || o[name] is not { ValueKind: JsonValueKind.Array } list || !list.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Null))
        {
            return o.Array(name, read);
        }

        nulls.Add(o.At(name));
        return [.. list.EnumerateArray().Where(e => e.ValueKind != JsonValueKind.Null).Select(e => read(e, o.At(name)))];
    }

    private static Protocol? Protocol(GoObject o, string name)
    {
        var element = o[name];
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined:
                return null;
            case JsonValueKind.String:
                return ParseProtocol(element.GetString()!);
            default:
                var number = GoObject.Int(element, o.At(name));
                return number is >= 0 and <= 255 ? new Protocol(null, number) : throw new GoJsonException($"'{o.At(name)}' is not a protocol: {number}");
        }
    }

    private static PortRange ReadPort(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return TryParsePorts(element.GetString()!, out var ports) && ports.First <= ports.Last
                ? ports : throw new GoJsonException($"'{path}' is not a port: {element.GetString()}");
        }

        var port = GoObject.Int(element, path);
        return port is >= 0 and <= 65535 ? new PortRange(port, port) : throw new GoJsonException($"'{path}' is not a port: {port}");
    }

    private static void WritePort(GoJsonWriter writer, PortRange ports)
    {
        if (ports.First == ports.Last)
        {
            writer.Number(ports.First);
        }
        else
        {
            writer.String(ports.ToString());
        }
    }

    private static void Protocol(GoJsonWriter writer, string name, Protocol? protocol)
    {
        if (protocol is { Name: { } text })
        {
            writer.Name(name).String(text);
        }
        else if (protocol is { } number)
        {
            writer.Name(name).Number(number.Number);
        }
    }

    private static void Network(GoJsonWriter writer, string name, Cidr? net)
    {
        if (net is { } cidr)
        {
            writer.Name(name).String(cidr.ToString());
        }
    }

    private static GoJsonWriter Networks(GoJsonWriter writer, string name, ImmutableArray<Cidr> nets) =>
        writer.OptionalArray(name, nets, static (w, n) => w.String(n.ToString()));

    private static ImmutableArray<Cidr> Masked(ImmutableArray<Cidr> nets) => nets.IsDefaultOrEmpty ? [] : [.. nets.Select(n => n.Masked())];
}
