using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>What an address of a block is to somebody who looks at it.</summary>
public enum AddressState
{
    /// <summary>Nobody has it.</summary>
    Free,

    /// <summary>A workload endpoint has it.</summary>
    Endpoint,

    /// <summary>The IPIP tunnel of a node has it.</summary>
    Tunnel,

    /// <summary>It is allocated, and only a handle says for whom.</summary>
    Handle,

    /// <summary>Something is wrong with it: see <see cref="AddressHolder.Finding"/>.</summary>
    Suspect,
}

/// <summary>One address of a block with who holds it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Owner">What the block notes for it; null when it is not allocated.</param>
/// <param name="Users">Endpoints and tunnels that use it; more than one is a fault.</param>
/// <param name="Finding">What is wrong with it; null when nothing is.</param>
/// <param name="Borrowed">Whether a node other than the block's own uses it.</param>
public sealed record AddressHolder(Ip Address, IpamAttribute? Owner, ImmutableArray<AddressUser> Users, IpamFinding? Finding, bool Borrowed)
{
    /// <summary>Whether the block has it as allocated.</summary>
    public bool IsAllocated => Owner is not null;

    /// <summary>What it is.</summary>
    public AddressState State => this switch
    {
        { Finding.Kind: IpamFindingKind.Leak, Owner.HandleId: not null } => AddressState.Handle,
        { Finding: not null } => AddressState.Suspect,
        { Users: [{ TunnelOf: not null }, ..] } => AddressState.Tunnel,
        { Users.IsEmpty: false } => AddressState.Endpoint,
        _ => AddressState.Free,
    };
}
