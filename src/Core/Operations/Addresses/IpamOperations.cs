using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Addresses;

/// <summary>A change of IPAM's own data.</summary>
public abstract record IpamOperation : KeyOperation
{
    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.IpamFindings)];
}

/// <summary>Releases allocated addresses, each with its part of its handle, as <c>calicoctl ipam release</c>. What somebody uses is refused.</summary>
/// <param name="Addresses">Which; the order is that of errors.</param>
public sealed record ReleaseAddresses(ImmutableArray<Ip> Addresses) : IpamOperation, INamedOperation
{
    private static readonly OperationName Release = new("ipam.release", "Release address", "Releasing", "Released");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Release];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Release.About($"{(Addresses.Length > 1 ? "addresses" : "address")} {ObjectName}");

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

    /// <inheritdoc/>
    protected override OperationName Called => Release;
}

/// <summary>Ends a node's claim to a block as libcalico does (docs/calico-v1.md#ipam): an empty block goes, another one stays without an owner.</summary>
/// <param name="Node">The node.</param>
/// <param name="Block">The block.</param>
public sealed record ReleaseAffinity(string Node, Cidr Block) : IpamOperation, INamedOperation
{
    private static readonly OperationName Release = new("ipam.releaseAffinity", "Release affinity to", "Releasing", "Released");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Release];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Release.About($"{Node}'s affinity to {Block}");

    /// <inheritdoc/>
    public override string ObjectKind => "block";

    /// <inheritdoc/>
    public override string ObjectName => Block.ToString();

    /// <inheritdoc/>
    protected override OperationName Called => Release;
}

/// <summary>Writes the key of a handle as the blocks have it; one without addresses loses its key.</summary>
/// <param name="Handle">The handle's id.</param>
public sealed record RebuildHandle(string Handle) : IpamOperation, INamedOperation
{
    private static readonly OperationName Rebuild = new("ipam.rebuildHandle", "Rebuild handle", "Rebuilding", "Rebuilt");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Rebuild];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => "handle";

    /// <inheritdoc/>
    public override string ObjectName => Handle;

    /// <inheritdoc/>
    protected override OperationName Called => Rebuild;
}

/// <summary>Sets IPAM's configuration for the cluster, which calicoctl has no command for.</summary>
/// <param name="Config">What it shall be.</param>
public sealed record SetIpamConfig(IpamConfig Config) : IpamOperation, INamedOperation
{
    private static readonly OperationName Configure = new("ipam.configure", "Change IPAM", "Changing", "Changed");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Configure];

    /// <summary>The revision of its key that the person saw, 0 when there was none; null takes the snapshot's.</summary>
    public ulong? ExpectedRevision { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Configure.About("the IPAM configuration");

    /// <inheritdoc/>
    public override string ObjectKind => "ipam";

    /// <inheritdoc/>
    public override string ObjectName => "configuration";

    /// <inheritdoc/>
    protected override OperationName Called => Configure;
}
