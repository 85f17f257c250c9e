using System.Globalization;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Ipam;

/// <summary>What can be found wrong, or worth knowing, in IPAM (docs/calico-v1.md#ipam, #what-is-derived).</summary>
public enum IpamFindingKind
{
    /// <summary>An allocated address that no endpoint, tunnel or running container has: a leak once it is confirmed.</summary>
    Leak,

    /// <summary>An allocated address that a running container has, but whose workload endpoint is missing.</summary>
    EndpointLost,

    /// <summary>Two or more endpoints or tunnels have one address.</summary>
    SharedAddress,

    /// <summary>An endpoint or tunnel has an address of an enabled pool that is not allocated.</summary>
    NotAllocated,

    /// <summary>A block lies in no pool.</summary>
    OutsidePools,

    /// <summary>A block lies in disabled pools only.</summary>
    InDisabledPool,

    /// <summary>A node has the affinity key of a block that does not exist.</summary>
    AffinityWithoutBlock,

    /// <summary>A block names a node that has no affinity key for it.</summary>
    BlockWithoutAffinity,

    /// <summary>A node has the affinity key of a block that names another node, or none.</summary>
    AffinityOfOther,

    /// <summary>An affinity key or a block names a node that does not exist.</summary>
    AffinityOfMissingNode,

    /// <summary>Endpoints of other nodes use addresses of a node's block. Legal without strict affinity.</summary>
    Borrowed,

    /// <summary>A block contradicts itself.</summary>
    BlockUnsound,

    /// <summary>A stored block cannot be read.</summary>
    BlockUnreadable,

    /// <summary>A block names a handle that has no key: Calico's own programs exit silently when they release such an address.</summary>
    HandleMissing,

    /// <summary>A handle counts other addresses than the blocks hold for it.</summary>
    HandleCountWrong,

    /// <summary>A handle has a key but no address.</summary>
    HandleUnused,

    /// <summary>A stored handle cannot be read.</summary>
    HandleUnreadable,
}

/// <summary>How bad a finding is.</summary>
public enum IpamSeverity
{
    /// <summary>It breaks something: an address may be given twice, or a program of Calico's ends.</summary>
    Broken,

    /// <summary>It should be looked at or repaired.</summary>
    Attention,

    /// <summary>Good to know; nothing is wrong.</summary>
    Note,
}

/// <summary>Which operation repairs a finding.</summary>
public enum IpamRepair
{
    /// <summary>None of IPAM's.</summary>
    None,

    /// <summary>Releasing the address.</summary>
    ReleaseAddress,

    /// <summary>Releasing the affinity of <see cref="IpamFinding.Node"/> to <see cref="IpamFinding.Block"/>.</summary>
    ReleaseAffinity,

    /// <summary>Counting the handle anew.</summary>
    RebuildHandle,
}

/// <summary>One finding. Its words are made when they are asked for: a cluster may have very many.</summary>
/// <param name="Kind">What it is.</param>
public sealed record IpamFinding(IpamFindingKind Kind)
{
    /// <summary>The address; null when it is not about one.</summary>
    public Ip? Address { get; init; }

    /// <summary>The block; null when there is none.</summary>
    public Cidr? Block { get; init; }

    /// <summary>The node; null when there is none.</summary>
    public string? Node { get; init; }

    /// <summary>The handle; null when there is none.</summary>
    public string? Handle { get; init; }

    /// <summary>How many addresses it is about, where that says something.</summary>
    public int Count { get; init; }

    /// <summary>Whether the address's user takes its addresses from IPAM: all but virtual machines do.</summary>
    public bool Managed { get; init; }

    /// <summary>The particulars: names of endpoints, a container, what a parser said.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Stable identity while the finding lasts.</summary>
    public string Id => string.Join(' ', Identity.Where(p => p is not null));

    private string?[] Identity => Address is { } address
        ? [Kind.ToString(), address.ToString(), Handle]
        : [Kind.ToString(), Block?.ToString(), Node, Handle];

    /// <summary>How bad it is. A leak is worth attention only; whether it is confirmed says <see cref="IpamIndex.IsConfirmed"/>.</summary>
    public IpamSeverity Severity => Kind switch
    {
        IpamFindingKind.Borrowed or IpamFindingKind.InDisabledPool => IpamSeverity.Note,
        IpamFindingKind.HandleMissing or IpamFindingKind.HandleUnreadable or IpamFindingKind.SharedAddress or IpamFindingKind.AffinityOfOther
            or IpamFindingKind.BlockUnsound or IpamFindingKind.BlockUnreadable or IpamFindingKind.EndpointLost => IpamSeverity.Broken,
        // VM endpoints are never in IPAM: only a pool that covers their network is odd.
        IpamFindingKind.NotAllocated => Managed ? IpamSeverity.Broken : IpamSeverity.Attention,
        _ => IpamSeverity.Attention,
    };

    /// <summary>What repairs it.</summary>
    public IpamRepair Repair => Kind switch
    {
        IpamFindingKind.Leak => IpamRepair.ReleaseAddress,
        IpamFindingKind.AffinityWithoutBlock or IpamFindingKind.BlockWithoutAffinity or IpamFindingKind.AffinityOfOther
            or IpamFindingKind.AffinityOfMissingNode => IpamRepair.ReleaseAffinity,
        IpamFindingKind.HandleMissing or IpamFindingKind.HandleCountWrong or IpamFindingKind.HandleUnused or IpamFindingKind.HandleUnreadable =>
            IpamRepair.RebuildHandle,
        _ => IpamRepair.None,
    };

    /// <summary>What is so, in a sentence without its full stop.</summary>
    public string Text => Kind switch
    {
        IpamFindingKind.Leak => $"{Address} is allocated but no endpoint has it{(Handle is null ? "" : $"; it is noted for the handle {Handle}")}",
        IpamFindingKind.EndpointLost => $"{Address} is held by {Detail}, but its workload endpoint is missing",
        IpamFindingKind.SharedAddress => $"{Address} is used {Count.ToString(CultureInfo.InvariantCulture)} times: {Detail}",
        IpamFindingKind.NotAllocated => $"{Address} is used by {Detail} but is not allocated",
        IpamFindingKind.OutsidePools => $"The block {Block} lies in no IP pool{(Count == 0 ? "" : $", with {Addresses}")}",
        IpamFindingKind.InDisabledPool => $"The block {Block} lies in a disabled IP pool{(Count == 0 ? "" : $", with {Addresses}")}",
        IpamFindingKind.AffinityWithoutBlock => $"{Node} claims the block {Block}, which does not exist",
        IpamFindingKind.BlockWithoutAffinity => $"The block {Block} names {Node}, which has no affinity key for it",
        IpamFindingKind.AffinityOfOther => $"{Node} claims the block {Block}, which {(Detail.Length == 0 ? "names no node" : $"names {Detail}")}",
        IpamFindingKind.AffinityOfMissingNode => $"The block {Block} belongs to {Node}, a node that does not exist",
        IpamFindingKind.Borrowed => $"{Addresses} of {Node}'s block {Block} {(Count == 1 ? "is" : "are")} borrowed by {Detail}",
        IpamFindingKind.BlockUnsound => $"The block {Block} contradicts itself: {Detail}",
        IpamFindingKind.BlockUnreadable => $"The block {Block} cannot be read",
        IpamFindingKind.HandleMissing => $"{Addresses} {(Count == 1 ? "is" : "are")} noted for the handle {Handle}, which has no key",
        IpamFindingKind.HandleCountWrong => $"The handle {Handle} counts wrongly: {Detail}",
        IpamFindingKind.HandleUnused => $"The handle {Handle} has no address",
        _ => $"The handle {Handle} cannot be read: {Detail}",
    };

    /// <summary>What follows from it or what to do about it, in a sentence.</summary>
    public string Why => Kind switch
    {
        IpamFindingKind.Leak => "Nobody can get it until it is released.",
        IpamFindingKind.EndpointLost => "Felix drops all its traffic. Restart the container: do not release the address.",
        IpamFindingKind.SharedAddress => "Traffic goes to one of them, or to the one and the other in turn. Recreate all but one.",
        IpamFindingKind.NotAllocated when Managed => "The next container may be given the same address. Recreate its workload so that it gets one of its own.",
        IpamFindingKind.NotAllocated =>
            "Addresses of virtual machines are never in IPAM, and an enabled IP pool covers this one: a container may be given the same.",
        IpamFindingKind.OutsidePools => "BIRD exports no route to it and outgoing traffic is not masqueraded. Create an IP pool for it, or stop what uses it.",
        IpamFindingKind.InDisabledPool => "Its node goes on assigning from it; nobody takes a new block there.",
        IpamFindingKind.AffinityWithoutBlock =>
            "The node announces a network with nothing in it. It claims the block again with its next address, or release the affinity.",
        IpamFindingKind.BlockWithoutAffinity => "The node neither announces the block nor assigns from it. Release the affinity so that any node may use it.",
        IpamFindingKind.AffinityOfOther =>
            "Both announce the network, and traffic may go to the wrong one. Release the affinity of the node that the block does not name.",
        IpamFindingKind.AffinityOfMissingNode => "Addresses can be taken from it only by borrowing. Release the affinity.",
        IpamFindingKind.Borrowed => "Legal without strict affinity: each such address has a route of its own.",
        IpamFindingKind.BlockUnsound => "The next assignment from it may give an address twice. Look at the document before anything else is changed.",
        IpamFindingKind.BlockUnreadable => Detail,
        IpamFindingKind.HandleMissing => "calicoctl ipam release and the plugins exit silently when they release such an address. Rebuild the handle.",
        IpamFindingKind.HandleCountWrong => "A release may end the program that asks for it, or leave the handle behind. Rebuild the handle.",
        IpamFindingKind.HandleUnused => "It is left over. Rebuilding removes it.",
        _ => "Programs that release its addresses fail. Rebuild the handle.",
    };

    private string Addresses => Count == 1 ? "1 address" : $"{Count.ToString("N0", CultureInfo.InvariantCulture)} addresses";
}
