namespace CalicoConsole.Core.Model;

/// <summary>An ipPool (calicoctl 1.6.3 ipPool; stored at <c>/calico/v1/ipam/v{4,6}/pool/&lt;cidr&gt;</c>).</summary>
public sealed record IPPool
{
    /// <summary>Identity of the pool.</summary>
    public required Cidr Cidr { get; init; }

    /// <summary>spec.ipip.enabled: stored as interface name <c>tunl0</c> or the empty text.</summary>
    public bool IpipEnabled { get; init; }

    /// <summary>The stored interface name when it is another than <c>tunl0</c>; empty otherwise. Any name means enabled.</summary>
    public string IpipInterface { get; init; } = "";

    /// <summary>spec.ipip.mode: <c>always</c>, <c>cross-subnet</c> or empty.</summary>
    public string IpipMode { get; init; } = "";

    /// <summary>spec.nat-outgoing, stored as <c>masquerade</c>.</summary>
    public bool NatOutgoing { get; init; }

    /// <summary>spec.disabled.</summary>
    public bool Disabled { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}
