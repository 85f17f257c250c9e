using System.Globalization;
using System.Text;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Model.V1;

/// <summary>One key of a resource that consists of several: the value to write, or a deletion.</summary>
/// <param name="Key">The etcd key.</param>
/// <param name="Value">The bytes; null deletes the key if it is there.</param>
public sealed record KeyValueWrite(string Key, byte[]? Value);

/// <summary>The stored form of a node: raw values below three directories (docs/calico-v1.md#node). Thread-safe.</summary>
public static class NodeCodec
{
    private static readonly IReadOnlySet<string> NoMembers = GoObject.Names();

    private static readonly IReadOnlySet<string> RefMembers = GoObject.Names("orchestrator", "nodeName");

    /// <summary>Reads a node from its keys; others among them are ignored. A key that cannot be read counts as missing and is named.</summary>
    public static DecodedParts<Node> Decode(string name, IEnumerable<StoredKey> keys)
    {
        var problems = ImmutableArray.CreateBuilder<KeyProblem>();
        var parts = new Dictionary<NodePart, StoredKey>();
        foreach (var stored in keys)
        {
            if (V1Key.Parse(stored.Key) is V1Key.NodeKey part && part.Node == name)
            {
                parts[part.Part] = stored;
            }
        }

        T? Take<T>(NodePart part, Func<StoredKey, Decoded<T>> decode)
            where T : class
        {
            if (!parts.TryGetValue(part, out var stored))
            {
                return null;
            }

            var decoded = decode(stored);
            if (!decoded.IsOk)
            {
                problems.Add(new KeyProblem(stored.Key, decoded.Reason));
            }

            return decoded.Value;
        }

        string? Odd(NodePart address, NodePart network, bool ipv6) =>
            parts.TryGetValue(address, out var at) && Ip.TryParse(at.Text, out var ip)
                ? OddText(ip, parts.TryGetValue(network, out var of) && of.Text.Contains('/', StringComparison.Ordinal) && Cidr.TryParse(of.Text, out var cidr)
                    ? cidr : null, ipv6)
                : null;

        var asNumber = Take(NodePart.AsNumber, s => AsNumbers.TryParse(s.Text, out var n)
            ? new Decoded<object>(n, null) : new(null, $"not an AS number: {s.Text}"));
        var metadata = Take(NodePart.Metadata, s => DecodeMetadata(s.Value.Span));
        return new DecodedParts<Node>(
            new Node
            {
                Name = name,
                HasMetadata = parts.ContainsKey(NodePart.Metadata),
                AsNumber = asNumber is uint number ? number : null,
                IPv4 = Address(Take(NodePart.IPv4, s => DecodeAddress(s.Text, false)), Take(NodePart.NetworkV4, s => DecodeNetwork(s.Text))),
                IPv6 = Address(Take(NodePart.IPv6, s => DecodeAddress(s.Text, true)), Take(NodePart.NetworkV6, s => DecodeNetwork(s.Text))),
                OddIPv4 = Odd(NodePart.IPv4, NodePart.NetworkV4, false),
                OddIPv6 = Odd(NodePart.IPv6, NodePart.NetworkV6, true),
                OrchRefs = [.. Take(NodePart.OrchRefs, s => DecodeOrchRefs(s.Value.Span)) ?? []],
                Unknown = metadata is UnknownMembers unknown ? unknown : default,
            },
            problems.ToImmutable());
    }

    /// <summary>
    /// The eight keys in the order in which calicoctl 1.6.3 treats them. Unset addresses are empty texts, since BIRD's
    /// templates need the keys; orchestrator_refs is left out when there are none, since it is never deleted.
    /// </summary>
    public static ImmutableArray<KeyValueWrite> Encode(Node node)
    {
        var writes = ImmutableArray.CreateBuilder<KeyValueWrite>(8);
        writes.Add(new(V1Keys.Node(node.Name, NodePart.Metadata), new GoJsonWriter().BeginObject().EndObject(node.Unknown).ToBytes()));
        writes.Add(new(V1Keys.Node(node.Name, NodePart.IPv4), Bytes(node.IPv4?.Address.ToString() ?? "")));
        writes.Add(new(V1Keys.Node(node.Name, NodePart.IPv6), Bytes(node.IPv6?.Address.ToString() ?? "")));
        writes.Add(new(V1Keys.Node(node.Name, NodePart.BirdIp), Bytes(node.IPv4?.Address.ToString())));
        writes.Add(new(V1Keys.Node(node.Name, NodePart.AsNumber), Bytes(node.AsNumber?.ToString(CultureInfo.InvariantCulture))));
        writes.Add(new(V1Keys.Node(node.Name, NodePart.NetworkV4), Bytes(node.IPv4?.Masked().ToString())));
        writes.Add(new(V1Keys.Node(node.Name, NodePart.NetworkV6), Bytes(node.IPv6?.Masked().ToString())));
        if (!node.OrchRefs.IsDefaultOrEmpty)
        {
            writes.Add(new(V1Keys.Node(node.Name, NodePart.OrchRefs), new GoJsonWriter().Array(node.OrchRefs, WriteRef).ToBytes()));
        }

        return writes.ToImmutable();
    }

    /// <summary>The desired node with what the stored one has and no document can say.</summary>
    public static Node Merge(Node desired, Node stored) => desired with { Unknown = stored.Unknown, HasMetadata = stored.HasMetadata };

    private static Decoded<object> DecodeMetadata(ReadOnlySpan<byte> value) =>
        GoJson.Read<object>(value, static root => new GoObject(root, "", NoMembers).Unknown);

    private static Decoded<IReadOnlyList<OrchRef>> DecodeOrchRefs(ReadOnlySpan<byte> value) =>
        GoJson.Read<IReadOnlyList<OrchRef>>(value, static root => GoJson.Array(root, "orchestrator_refs", static (e, path) =>
        {
            var o = new GoObject(e, path, RefMembers);
            return new OrchRef(o.Text("orchestrator"), o.Text("nodeName"));
        }));

    private static Decoded<object> DecodeAddress(string text, bool ipv6) =>
        text.Length == 0 ? new("", null)
        : Ip.TryParse(text, out var ip) && ip.IsIPv6 == ipv6 ? new(ip, null)
        : new(null, $"not an IPv{(ipv6 ? 6 : 4)} address: {text}");

    private static Decoded<object> DecodeNetwork(string text) => Cidr.TryParse(text, out var cidr) ? new(cidr, null) : new(null, $"not a CIDR: {text}");

    // Go lays the mask of the network on whatever address there is: of an IPv6 mask the last 32 bits count for IPv4, an IPv4 mask fits no IPv6 address.
    private static string? OddText(Ip address, Cidr? network, bool ipv6) => network is { } net && net.IsIPv6 != address.IsIPv6
        ? address.IsIPv6 ? "<nil>" : new Cidr(address, Math.Max(0, net.PrefixLength - 96)).ToString()
        : address.IsIPv6 == ipv6 ? null : new Cidr(address, network?.PrefixLength ?? address.Width).ToString();

    private static Cidr? Address(object? address, object? network) => address is not Ip ip ? null
        : network is Cidr cidr && cidr.IsIPv6 == ip.IsIPv6 ? new Cidr(ip, cidr.PrefixLength)
        : new Cidr(ip, ip.Width);

    private static void WriteRef(GoJsonWriter writer, OrchRef reference) => writer.BeginObject()
        .OptionalString("orchestrator", reference.Orchestrator).OptionalString("nodeName", reference.NodeName).EndObject();

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
