using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Ipam;

/// <summary>IPAM's configuration for the cluster (docs/calico-v1.md#ipam).</summary>
/// <param name="StrictAffinity">Whether a block serves its own node only.</param>
/// <param name="AutoAllocateBlocks">Whether a node may claim new blocks.</param>
public sealed record IpamConfig(bool StrictAffinity, bool AutoAllocateBlocks)
{
    /// <summary>What holds without a key.</summary>
    public static IpamConfig Default { get; } = new(false, true);

    /// <summary>What holds in a datastore. A value that cannot be read counts as both off, which no program would write.</summary>
    public static IpamConfig From(CalicoState calico)
    {
        ArgumentNullException.ThrowIfNull(calico);
        return calico.Keys.Find(V1Keys.IpamConfig) is { } stored ? IpamConfigCodec.Decode(stored.Value.Span).Value ?? new IpamConfig(false, false) : Default;
    }
}

/// <summary>The stored form of <see cref="IpamConfig"/> and of handles. Thread-safe.</summary>
public static class IpamConfigCodec
{
    private static readonly IReadOnlySet<string> Known = GoObject.Names("strict_affinity", "auto_allocate_blocks");

    /// <summary>Reads the stored configuration; members that are absent are false.</summary>
    public static Model.Decoded<IpamConfig> Decode(ReadOnlySpan<byte> value) => GoJson.Read(value, static root =>
    {
        var o = new GoObject(root, "", Known);
        return new IpamConfig(o.Bool("strict_affinity"), o.Bool("auto_allocate_blocks"));
    });

    /// <summary>The bytes that libcalico writes: false members are left out.</summary>
    public static byte[] Encode(IpamConfig config)
    {
        var writer = new GoJsonWriter().BeginObject();
        _ = config.StrictAffinity ? writer.Name("strict_affinity").Bool(true) : writer;
        _ = config.AutoAllocateBlocks ? writer.Name("auto_allocate_blocks").Bool(true) : writer;
        return writer.EndObject().ToBytes();
    }
}
