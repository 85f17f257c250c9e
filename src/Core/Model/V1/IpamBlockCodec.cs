using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of an IPAM block (docs/calico-v1.md#ipam; libcalico-go backend/model/block.go). Thread-safe.</summary>
public static class IpamBlockCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names(
        "cidr", "affinity", "strictAffinity", "allocations", "unallocated", "attributes", "hostAffinity");

    private static readonly IReadOnlySet<string> AttributeMembers = GoObject.Names("handle_id", "secondary");

    /// <summary>Reads a stored block. One that breaks the rules (64 entries, ordinals, indexes) is refused with what is wrong.</summary>
    public static Decoded<IpamBlock> Decode(ReadOnlySpan<byte> value) => GoJson.Read(value, Read);

    /// <summary>The bytes that libcalico-go writes. A hostAffinity of an old block is written back only when it stood there.</summary>
    public static byte[] Encode(IpamBlock block)
    {
        var writer = new GoJsonWriter().BeginObject()
            .Name("cidr").String(block.Cidr.ToString())
            .Name("affinity");
        _ = block.Affinity is null ? writer.Null() : writer.String(block.Affinity);
        writer.Name("strictAffinity").Bool(block.StrictAffinity)
            .Name("allocations").Array(block.Allocations, static (w, a) => _ = a is { } index ? w.Number(index) : w.Null())
            .Name("unallocated").Array(block.Unallocated, static (w, ordinal) => w.Number(ordinal))
            .Name("attributes");
        _ = block.Attributes.IsDefault ? writer.Null() : writer.Array(block.Attributes, WriteAttribute);
        if (block.HostAffinity is not null)
        {
            writer.Name("hostAffinity").String(block.HostAffinity);
        }

        return writer.EndObject(block.Unknown).ToBytes();
    }

    private static IpamBlock Read(JsonElement root)
    {
        var o = new GoObject(root, "", Known);
        var block = new IpamBlock
        {
            Cidr = o.Network("cidr") ?? throw new GoJsonException("'cidr' is missing"),
            Affinity = IsSet(o["affinity"]) ? o.Text("affinity") : null,
            HostAffinity = IsSet(o["hostAffinity"]) ? o.Text("hostAffinity") : null,
            StrictAffinity = o.Bool("strictAffinity"),
            Allocations = o.Array("allocations", static (e, path) => e.ValueKind == JsonValueKind.Null ? (int?)null : GoObject.Int(e, path)),
            Unallocated = o.Array("unallocated", GoObject.Int),
            Attributes = IsSet(o["attributes"]) ? o.Array("attributes", ReadAttribute) : default,
            Unknown = o.Unknown,
        };
        Check(block);
        return block;
    }

    private static void Check(IpamBlock block)
    {
        var attributes = block.Attributes.IsDefault ? 0 : block.Attributes.Length;
        if (block.Allocations.Length != IpamBlock.Size)
        {
            throw new GoJsonException($"'allocations' has {block.Allocations.Length} entries and not {IpamBlock.Size}");
        }

        foreach (var index in block.Allocations)
        {
            if (index is < 0 || index >= attributes)
            {
                throw new GoJsonException($"'allocations' names attribute {index}, but there are {attributes}");
            }
        }

        foreach (var ordinal in block.Unallocated)
        {
            if (ordinal is < 0 or >= IpamBlock.Size)
            {
                throw new GoJsonException($"'unallocated' names ordinal {ordinal}, outside 0 to {IpamBlock.Size - 1}");
            }
        }
    }

    private static IpamAttribute ReadAttribute(JsonElement element, string path)
    {
        var o = new GoObject(element, path, AttributeMembers);
        return new IpamAttribute(IsSet(o["handle_id"]) ? o.Text("handle_id") : null, IsSet(o["secondary"]) ? o.Map("secondary") : null);
    }

    private static void WriteAttribute(GoJsonWriter writer, IpamAttribute attribute)
    {
        writer.BeginObject().Name("handle_id");
        _ = attribute.HandleId is null ? writer.Null() : writer.String(attribute.HandleId);
        writer.Name("secondary");
        _ = attribute.Secondary is null ? writer.Null() : writer.Map(attribute.Secondary);
        writer.EndObject();
    }

    private static bool IsSet(JsonElement element) => element.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
}
