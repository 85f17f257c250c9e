using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of a host endpoint (docs/calico-v1.md#hostendpoint). Thread-safe.</summary>
public static class HostEndpointCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names("name", "expected_ipv4_addrs", "expected_ipv6_addrs", "labels", "profile_ids");

    /// <summary>Reads a stored host endpoint, whose identity comes from its key.</summary>
    public static Decoded<HostEndpoint> Decode(string node, string name, ReadOnlySpan<byte> value) => GoJson.Read(value, root => Read(node, name, root));

    /// <summary>The bytes that calicoctl 1.6.3 writes: every member is left out when empty.</summary>
    public static byte[] Encode(HostEndpoint endpoint)
    {
        var writer = new GoJsonWriter().BeginObject()
            .OptionalString("name", endpoint.InterfaceName)
            .OptionalArray("expected_ipv4_addrs", endpoint.ExpectedIPv4, WriteIp)
            .OptionalArray<string>("expected_ipv6_addrs", [.. endpoint.ExpectedIPv6Texts()], static (w, ip) => w.String(ip));
        if (!endpoint.Labels.IsEmpty)
        {
            writer.Name("labels").Map(endpoint.Labels);
        }

        return writer.OptionalArray("profile_ids", endpoint.ProfileIds, static (w, p) => w.String(p)).EndObject(endpoint.Unknown).ToBytes();
    }

    /// <summary>The desired endpoint with what the stored one has and no document can say.</summary>
    public static HostEndpoint Merge(HostEndpoint desired, HostEndpoint stored) => desired with { Unknown = stored.Unknown };

    private static HostEndpoint Read(string node, string name, JsonElement root)
    {
        var o = new GoObject(root, "", Known);
        var sixes = o.Array<Ip?>("expected_ipv6_addrs", static (e, path) => GoJson.Text(e, path).Length == 0 ? null : ReadIp(e, path));
        return new HostEndpoint
        {
            Node = node,
            Name = name,
            InterfaceName = o.Text("name"),
            ExpectedIPv4 = o.Array("expected_ipv4_addrs", ReadIp),
            ExpectedIPv6 = [.. sixes.OfType<Ip>()],
            BlankExpectedIPs = HostEndpoint.Blanks(sixes),
            Labels = o.Map("labels"),
            ProfileIds = o.Strings("profile_ids"),
            Unknown = o.Unknown,
        };
    }

    private static Ip ReadIp(JsonElement element, string path) => Ip.TryParse(GoJson.Text(element, path), out var ip)
        ? ip
        : throw new GoJsonException($"'{path}' is not an IP address: {GoJson.Text(element, path)}");

    private static void WriteIp(GoJsonWriter writer, Ip ip) => writer.String(ip.ToString());
}
