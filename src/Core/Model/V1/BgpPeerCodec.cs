using System.Globalization;
using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of a BGP peer (docs/calico-v1.md#bgppeer). Thread-safe.</summary>
public static class BgpPeerCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names("ip", "as_num");

    /// <summary>Reads a stored peer, whose identity comes from its key; its AS number must be a JSON string of decimal digits.</summary>
    public static Decoded<BgpPeer> Decode(string? node, Ip peer, ReadOnlySpan<byte> value) => GoJson.Read(value, root => Read(node, peer, root));

    /// <summary>The bytes that calicoctl 1.6.3 writes.</summary>
    public static byte[] Encode(BgpPeer peer) => new GoJsonWriter().BeginObject()
        .Name("ip").String(peer.PeerIP.ToString())
        .Name("as_num").String(peer.AsNumber.ToString(CultureInfo.InvariantCulture))
        .EndObject(peer.Unknown)
        .ToBytes();

    /// <summary>The desired peer with what the stored one has and no document can say.</summary>
    public static BgpPeer Merge(BgpPeer desired, BgpPeer stored) => desired with { Unknown = stored.Unknown };

    private static BgpPeer Read(string? node, Ip peer, JsonElement root)
    {
        var o = new GoObject(root, "", Known);
        _ = o.Address("ip");
        return !o.Has("as_num") ? new BgpPeer { Node = node, PeerIP = peer, AsNumber = 0, Unknown = o.Unknown }
            : TryParse(o.Text("as_num"), out var number) ? new BgpPeer { Node = node, PeerIP = peer, AsNumber = number, Unknown = o.Unknown }
            : throw new GoJsonException($"'as_num' is not a decimal AS number: {o.Text("as_num")}");
    }

    // The text is JSON once more: a number, null for none, or a text in its own quotes, which may be dotted.
    private static bool TryParse(string text, out uint number)
    {
        number = 0;
        try
        {
            using var inner = JsonDocument.Parse(text);
            return inner.RootElement.ValueKind switch
            {
                JsonValueKind.Null => true,
                JsonValueKind.Number => uint.TryParse(inner.RootElement.GetRawText(), NumberStyles.None, CultureInfo.InvariantCulture, out number),
                JsonValueKind.String => AsNumbers.TryParse(inner.RootElement.GetString()!, out number),
                _ => false,
            };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
