using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of a policy (docs/calico-v1.md#policy). Thread-safe.</summary>
public static class PolicyCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names(
        "order", "inbound_rules", "outbound_rules", "selector", "untracked", "annotations", "pre_dnat", "types");

    /// <summary>Reads a stored policy; one without types is read as both, as calicoctl 1.6.3 reads it.</summary>
    public static Decoded<Policy> Decode(string name, ReadOnlySpan<byte> value) => GoJson.Read(value, root => Read(name, root, RuleCodec.Read, RuleCodec.Read));

    /// <summary>What is known of a stored policy of which nobody can say what Felix makes of it (<see cref="Policy.Doubt"/>); null of any other.</summary>
    public static Policy? ReadDoubtful(string name, ReadOnlySpan<byte> value)
    {
        var doubt = new RuleDoubt();
        var read = GoJson.Read(value, root => Read(name, root, doubt.Reading("inbound_rules"), doubt.Reading("outbound_rules")));
        return read.IsOk && doubt.Reason is { } reason ? read.Value with { Doubt = reason } : null;
    }

    /// <summary>
    /// The bytes that calicoctl 1.6.3 writes: all members but the selector are left out when empty, and missing types are
    /// filled in: egress alone when there are only egress rules, ingress alone when there are none, else both.
    /// </summary>
    public static byte[] Encode(Policy policy)
    {
        var writer = new GoJsonWriter().BeginObject();
        if (policy.Order is { } order)
        {
            writer.Name("order").Float(order);
        }

        writer.OptionalArray("inbound_rules", policy.Ingress, RuleCodec.Write)
            .OptionalArray("outbound_rules", policy.Egress, RuleCodec.Write)
            .Name("selector").String(policy.Selector);
        True(writer, "untracked", policy.DoNotTrack);
        if (!policy.Annotations.IsEmpty)
        {
            writer.Name("annotations").Map(policy.Annotations);
        }

        True(writer, "pre_dnat", policy.PreDnat);
        return writer.Name("types").Strings(Types(policy)).EndObject(policy.Unknown).ToBytes();
    }

    /// <summary>The desired policy with what the stored one has and no document can say; rules as <see cref="RuleCodec.Merge"/>.</summary>
    public static Policy Merge(Policy desired, Policy stored) => desired with
    {
        Ingress = RuleCodec.Merge(desired.Ingress, stored.Ingress),
        Egress = RuleCodec.Merge(desired.Egress, stored.Egress),
        Unknown = stored.Unknown,
    };

    private static ImmutableArray<string> Types(Policy policy) => policy switch
    {
        { Types.IsDefaultOrEmpty: false } => policy.Types,
        { Egress.IsDefaultOrEmpty: true } => ["ingress"],
        { Ingress.IsDefaultOrEmpty: true } => ["egress"],
        _ => ["ingress", "egress"],
    };

    private static Policy Read(string name, JsonElement root, Func<JsonElement, string, Rule> ingress, Func<JsonElement, string, Rule> egress)
    {
        var o = new GoObject(root, "", Known);
        var types = o.Strings("types");
        return new Policy
        {
            Name = name,
            Order = o.Float("order"),
            Ingress = o.Array("inbound_rules", ingress),
            Egress = o.Array("outbound_rules", egress),
            Selector = o.Text("selector"),
            DoNotTrack = o.Bool("untracked"),
            Annotations = o.Map("annotations"),
            PreDnat = o.Bool("pre_dnat"),
            Types = types.IsEmpty ? ["ingress", "egress"] : types,
            Unknown = o.Unknown,
        };
    }

    private static void True(GoJsonWriter writer, string name, bool value)
    {
        if (value)
        {
            writer.Name(name).Bool(true);
        }
    }
}
