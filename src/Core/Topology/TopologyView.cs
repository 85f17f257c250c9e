using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Topology;

/// <summary>What of a cluster is drawn, and how.</summary>
public sealed record TopologyView
{
    /// <summary>What makes the groups: <see cref="EndpointGroups.Network"/> or <see cref="EndpointGroups.Profile"/>.</summary>
    public string Grouping { get; init; } = EndpointGroups.Network;

    /// <summary>Whether permissions are those of IPv6.</summary>
    public bool IsIPv6 { get; init; }

    /// <summary>Only what has this in a name, an address, a host, a group; empty for everything. Case does not matter.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The box that is looked at, by <see cref="TopologyNode.Id"/>; null for none.</summary>
    public string? Focus { get; init; }

    /// <summary>Whether hosts, groups and arrows alone are drawn, as on a page with other things on it.</summary>
    public bool IsSmall { get; init; }
}

/// <summary>What was seen on the wire, to be coloured on the permissions.</summary>
public sealed record TopologyReadings
{
    /// <summary>Nothing was seen.</summary>
    public static TopologyReadings None { get; } = new();

    /// <summary>The BGP sessions; null when BIRD was not asked yet.</summary>
    public BgpMatrix? Bgp { get; init; }

    /// <summary>Pings and TCP connects, newest first.</summary>
    public ImmutableArray<TopologyProbe> Probes { get; init; } = [];
}

/// <summary>A ping or TCP connect that was tried.</summary>
/// <param name="Host">Configured name of the sending container's host.</param>
/// <param name="Container">Id or name of the sending container.</param>
/// <param name="Target">The address that it tried.</param>
/// <param name="Answered">Whether it was answered.</param>
/// <param name="Words">What was tried and what came of it, such as <c>ping: 3 of 3 answered</c>.</param>
/// <param name="At">When (UTC).</param>
public sealed record TopologyProbe(string Host, string Container, string Target, bool Answered, string Words, DateTimeOffset At);
