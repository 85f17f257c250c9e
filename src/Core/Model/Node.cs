namespace CalicoConsole.Core.Model;

/// <summary>A node (calicoctl 1.6.3 node; several keys, see docs/calico-v1.md#node).</summary>
public sealed record Node
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the <c>metadata</c> key exists; hosts with endpoints only have none.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>spec.bgp.asNumber; null inherits the global one.</summary>
    public uint? AsNumber { get; init; }

    /// <summary>spec.bgp.ipv4Address with its prefix; null when unset.</summary>
    public Cidr? IPv4 { get; init; }

    /// <summary>spec.bgp.ipv6Address with its prefix; null when unset.</summary>
    public Cidr? IPv6 { get; init; }

    /// <summary>spec.orchRefs.</summary>
    public ImmutableArray<OrchRef> OrchRefs { get; init; } = [];

    /// <summary>
    /// What calicoctl prints for spec.bgp.ipv4Address where the stored address and network are of different families; null where they are not.
    /// </summary>
    public string? OddIPv4 { get; init; }

    /// <summary>The same for spec.bgp.ipv6Address.</summary>
    public string? OddIPv6 { get; init; }

    /// <summary>Members of the <c>metadata</c> key, which this version leaves empty.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A node's name in an orchestrator.</summary>
public readonly record struct OrchRef(string Orchestrator, string NodeName);
