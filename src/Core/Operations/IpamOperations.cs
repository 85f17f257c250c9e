using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>A change of IPAM's own data.</summary>
public abstract record IpamOperation : Operation;

/// <summary>Releases allocated addresses, each with its part of its handle, as <c>calicoctl ipam release</c>. What somebody uses is refused.</summary>
/// <param name="Addresses">Which; the order is that of errors.</param>
public sealed record ReleaseAddresses(ImmutableArray<Ip> Addresses) : IpamOperation
{
    /// <inheritdoc/>
    public override string Name => "ipam.release";

    /// <inheritdoc/>
    public override string ObjectKind => "address";

    /// <inheritdoc/>
    public override string ObjectName => Addresses.Length switch
    {
        0 => "none",
        1 => Addresses[0].ToString(),
        var count => $"{Addresses[0]} and {count - 1} more",
    };

    /// <inheritdoc/>
    public bool Equals(ReleaseAddresses? other) => other is not null && Addresses.SequenceEqual(other.Addresses);

    /// <inheritdoc/>
    public override int GetHashCode() => Addresses.Length == 0 ? 0 : HashCode.Combine(Addresses.Length, Addresses[0]);
}

/// <summary>Ends a node's claim to a block as libcalico does (reference §6.6): an empty block goes, another one stays without an owner.</summary>
/// <param name="Node">The node.</param>
/// <param name="Block">The block.</param>
public sealed record ReleaseAffinity(string Node, Cidr Block) : IpamOperation
{
    /// <inheritdoc/>
    public override string Name => "ipam.releaseAffinity";

    /// <inheritdoc/>
    public override string ObjectKind => "block";

    /// <inheritdoc/>
    public override string ObjectName => Block.ToString();
}

/// <summary>Writes the key of a handle as the blocks have it; one without addresses loses its key.</summary>
/// <param name="Handle">The handle's id.</param>
public sealed record RebuildHandle(string Handle) : IpamOperation
{
    /// <inheritdoc/>
    public override string Name => "ipam.rebuildHandle";

    /// <inheritdoc/>
    public override string ObjectKind => "handle";

    /// <inheritdoc/>
    public override string ObjectName => Handle;
}

/// <summary>Sets IPAM's configuration for the cluster, which calicoctl has no command for.</summary>
/// <param name="Config">What it shall be.</param>
public sealed record SetIpamConfig(IpamConfig Config) : IpamOperation
{
    /// <summary>The revision of its key that the person saw, 0 when there was none; null takes the snapshot's.</summary>
    public ulong? ExpectedRevision { get; init; }

    /// <inheritdoc/>
    public override string Name => "ipam.configure";

    /// <inheritdoc/>
    public override string ObjectKind => "ipam";

    /// <inheritdoc/>
    public override string ObjectName => "configuration";
}
