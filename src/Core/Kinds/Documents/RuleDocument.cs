using System.Globalization;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;

namespace CalicoConsole.Core.Kinds.Documents;

/// <summary>Rules as calicoctl 1.6.3 documents have them (libcalico-go lib/api/rule.go).</summary>
internal static class RuleDocument
{
    public static Rule Read(DocumentObject o)
    {
        var icmp = o.OptionalObject("icmp", "ICMPFields");
        var notIcmp = o.OptionalObject("notICMP", "ICMPFields");
        return new Rule
        {
            Action = o.Text("action", ValueRules.Actions.AsSpan()),
            IPVersion = o.Int("ipVersion", "4", "6"),
            Protocol = ReadProtocol(o, "protocol"),
            NotProtocol = ReadProtocol(o, "notProtocol"),
            Icmp = ReadIcmp(icmp),
            NotIcmp = ReadIcmp(notIcmp),
            Source = ReadEntity(o.Object("source", "EntityRule")),
            Destination = ReadEntity(o.Object("destination", "EntityRule")),
        };
    }

    /// <summary>Writes a rule as calicoctl shows it: <c>net</c> as the last of <c>nets</c>, both sides even when empty.</summary>
    public static void Write(GoJsonWriter writer, Rule rule)
    {
        rule = RuleCodec.Shown(rule);
        writer.BeginObject().Name("action").String(rule.Action).OptionalNumber("ipVersion", rule.IPVersion);
        WriteProtocol(writer, "protocol", rule.Protocol);
        WriteIcmp(writer, "icmp", rule.Icmp);
        WriteProtocol(writer, "notProtocol", rule.NotProtocol);
        WriteIcmp(writer, "notICMP", rule.NotIcmp);
        WriteEntity(writer.Name("source"), rule.Source);
        WriteEntity(writer.Name("destination"), rule.Destination);
        writer.EndObject();
    }

    private static Icmp ReadIcmp(DocumentObject? o)
    {
        if (o is null)
        {
            return default;
        }

        var icmp = new Icmp(o.Int("type"), o.Int("code"));
        o.Finish();
        return icmp;
    }

    private static RuleEntity ReadEntity(DocumentObject o)
    {
        var entity = new RuleEntity
        {
            Tag = o.Text("tag"),
            Net = o.Network("net"),
            Nets = o.Networks("nets"),
            Selector = o.Text("selector"),
            Ports = Ports(o, "ports"),
            NotTag = o.Text("notTag"),
            NotNet = o.Network("notNet"),
            NotNets = o.Networks("notNets"),
            NotSelector = o.Text("notSelector"),
            NotPorts = Ports(o, "notPorts"),
        };
        o.Finish();
        return entity;
    }

    private static Protocol? ReadProtocol(DocumentObject o, string name)
    {
        var element = o.Take(name, MemberForm.Text, ValueRules.Protocols.AsSpan());
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined:
                return null;
            case JsonValueKind.Number when byte.TryParse(DocumentObject.Number(element), NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                return new Protocol(null, number);
            case JsonValueKind.String:
                return RuleCodec.ParseProtocol(element.GetString()!);
            default:
                o.Fail(name, $"json: cannot unmarshal {Unfit(element)} into Go value of type uint8");
                return null;
        }
    }

    private static ImmutableArray<PortRange> Ports(DocumentObject o, string name) =>
        [.. o.Array(name, "[]numorstring.Port", (element, at) => Port(o, element, at)).Where(p => p is not null).Select(p => p!.Value)];

    private static PortRange? Port(DocumentObject o, JsonElement element, string at)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            o.Fail(at, $"port range invalid, port number must be between 0 and 65536: {DocumentObject.NullItem}");
            return null;
        }

        if (element.ValueKind != JsonValueKind.String)
        {
            if (element.ValueKind == JsonValueKind.Number
                && ushort.TryParse(DocumentObject.Number(element), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                return new PortRange(port, port);
            }

            o.Fail(at, $"json: cannot unmarshal {Unfit(element)} into Go value of type uint16");
            return null;
        }

        var text = element.GetString()!;

        if (!RuleCodec.TryParsePorts(text, out var ports))
        {
            o.Fail(at, PortReason(text));
            return null;
        }

        if (ports.First > ports.Last)
        {
            o.Fail(at, $"minimum port number ({ports.First}) is greater than maximum port number ({ports.Last}) in port range");
            return null;
        }

        return ports;
    }

    private static string Unfit(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number ? $"number {DocumentObject.Number(element)}" : DocumentObject.Word(element);

    private static string PortReason(string text) => text.Split(':') switch
    {
        [var first, _] => RuleCodec.TryParsePorts(first, out _)
            ? $"invalid maximum port number in range ({text})" : $"invalid minimum port number in range ({text})",
        _ => $"invalid port format ({text})",
    };

    private static void WriteProtocol(GoJsonWriter writer, string name, Protocol? protocol)
    {
        if (protocol is { } p)
        {
            writer.Name(name);
            _ = p.Name is { } text ? writer.String(text) : writer.Number(p.Number);
        }
    }

    private static void WriteIcmp(GoJsonWriter writer, string name, Icmp icmp)
    {
        if (icmp != default)
        {
            writer.Name(name).BeginObject().OptionalNumber("type", icmp.Type).OptionalNumber("code", icmp.Code).EndObject();
        }
    }

    private static void WriteEntity(GoJsonWriter writer, RuleEntity entity) => writer.BeginObject()
        .OptionalString("tag", entity.Tag)
        .OptionalArray("nets", entity.Nets, WriteNet)
        .OptionalString("selector", entity.Selector)
        .OptionalArray("ports", entity.Ports, WritePort)
        .OptionalString("notTag", entity.NotTag)
        .OptionalArray("notNets", entity.NotNets, WriteNet)
        .OptionalString("notSelector", entity.NotSelector)
        .OptionalArray("notPorts", entity.NotPorts, WritePort)
        .EndObject();

    private static void WriteNet(GoJsonWriter writer, Cidr net) => writer.String(net.ToString());

    private static void WritePort(GoJsonWriter writer, PortRange port) =>
        _ = port.First == port.Last ? writer.Number(port.First) : writer.String(port.ToString());
}
