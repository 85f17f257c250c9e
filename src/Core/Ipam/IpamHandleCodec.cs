using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Core.Ipam;

/// <summary>A handle: how many addresses it holds in each block, by the block's CIDR text.</summary>
/// <param name="Blocks">Counts above zero.</param>
public sealed record IpamHandle(ImmutableSortedDictionary<string, int> Blocks)
{
    /// <summary>A handle without addresses; such a one has no key.</summary>
    public static IpamHandle None { get; } = new(ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));

    /// <summary>With more addresses in a block.</summary>
    public IpamHandle Plus(Cidr block, int count) => new(Blocks.SetItem(block.ToString(), Blocks.GetValueOrDefault(block.ToString()) + count));

    /// <summary>With fewer addresses in a block; null when it does not hold so many there.</summary>
    public IpamHandle? Minus(Cidr block, int count) => (Blocks.GetValueOrDefault(block.ToString()) - count) switch
    {
        < 0 => null,
        0 => new(Blocks.Remove(block.ToString())),
        var rest => new(Blocks.SetItem(block.ToString(), rest)),
    };
}

/// <summary>The stored form of a handle (libcalico-go backend/model/ipam_handle.go). Thread-safe.</summary>
public static class IpamHandleCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names("block");

    /// <summary>Reads a stored handle.</summary>
    public static Decoded<IpamHandle> Decode(ReadOnlySpan<byte> value) => GoJson.Read(value, static root =>
    {
        var o = new GoObject(root, "", Known);
        var blocks = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        if (o.Has("block"))
        {
            GoJson.Expect(o["block"], System.Text.Json.JsonValueKind.Object, "block", "an object");
            foreach (var property in o["block"].EnumerateObject())
            {
                blocks[property.Name] = GoObject.Int(property.Value, $"block.{property.Name}");
            }
        }

        return new IpamHandle(blocks.ToImmutable());
    });

    /// <summary>The bytes that libcalico writes.</summary>
    public static byte[] Encode(IpamHandle handle)
    {
        var writer = new GoJsonWriter().BeginObject().Name("block").BeginObject();
        foreach (var (block, count) in handle.Blocks.OrderBy(b => b.Key, GoJson.ByteOrder))
        {
            writer.Name(block).Number(count);
        }

        return writer.EndObject().EndObject().ToBytes();
    }
}
