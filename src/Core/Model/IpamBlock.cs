namespace CalicoConsole.Core.Model;

/// <summary>An IPAM block of 64 addresses (libcalico-go backend/model/block.go). Not a calicoctl kind.</summary>
public sealed record IpamBlock
{
    /// <summary>How many addresses a block holds.</summary>
    public const int Size = 64;

    /// <summary>The block's /26 or /122.</summary>
    public required Cidr Cidr { get; init; }

    /// <summary><c>host:&lt;node&gt;</c>, or null.</summary>
    public string? Affinity { get; init; }

    /// <summary>hostAffinity of old blocks: read when <see cref="Affinity"/> is null.</summary>
    public string? HostAffinity { get; init; }

    /// <summary>Copy of the configuration at creation.</summary>
    public bool StrictAffinity { get; init; }

    /// <summary>64 entries: null is free, else an index into <see cref="Attributes"/>.</summary>
    public required ImmutableArray<int?> Allocations { get; init; }

    /// <summary>Free ordinals, next one first.</summary>
    public required ImmutableArray<int> Unallocated { get; init; }

    /// <summary>Owners by index; default when stored as null.</summary>
    public ImmutableArray<IpamAttribute> Attributes { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>The node this block is affine to, or null.</summary>
    public string? AffineNode => Affinity is null ? HostAffinity : Affinity.StartsWith("host:", StringComparison.Ordinal) ? Affinity[5..] : null;

    /// <summary>How many addresses are taken.</summary>
    public int Used => Allocations.Count(a => a is not null);
}

/// <summary>Who holds an address in a block.</summary>
/// <param name="HandleId">handle_id, or null.</param>
/// <param name="Secondary">secondary, or null.</param>
public sealed record IpamAttribute(string? HandleId, ImmutableSortedDictionary<string, string>? Secondary);
