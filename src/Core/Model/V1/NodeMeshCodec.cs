namespace CalicoConsole.Core.Model.V1;

/// <summary>The stored form of the node-to-node mesh, <c>{"enabled":true}</c> (docs/calico-v1.md#bgppeer). Thread-safe.</summary>
public static class NodeMeshCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names("enabled");

    /// <summary>Reads the stored value: a boxed bool.</summary>
    public static Decoded<object> Decode(ReadOnlySpan<byte> value) => GoJson.Read<object>(value, static root => new GoObject(root, "", Known).Bool("enabled"));

    /// <summary>The bytes that calicoctl 1.6.3 writes.</summary>
    public static byte[] Encode(bool enabled) => new GoJsonWriter().BeginObject().Name("enabled").Bool(enabled).EndObject().ToBytes();
}
