using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Topology;

/// <summary>What a box of the topology stands for.</summary>
public enum TopologyNodeKind
{
    /// <summary>A Docker host, a Calico node, a compute host, or several hosts that are drawn as one.</summary>
    Host,

    /// <summary>A BGP peer that is no node of the cluster.</summary>
    Peer,

    /// <summary>A workload endpoint, or several of one host and the same groups that are drawn as one.</summary>
    Workload,

    /// <summary>The endpoints of one network or profile, over all hosts, or of several that are drawn as one.</summary>
    Group,

    /// <summary>Every address outside of Calico that no rule names more closely.</summary>
    Outside,
}

/// <summary>A box of the topology.</summary>
/// <param name="Id">Names it within the graph and in addresses of pages; the same for the same thing in every graph.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="Name">What it is called.</param>
public sealed record TopologyNode(string Id, TopologyNodeKind Kind, string Name)
{
    /// <summary>How many endpoints it stands for, or has.</summary>
    public int Endpoints { get; init; }

    /// <summary>How many things of its kind it stands for: 1 unless several are drawn as one.</summary>
    public int Things { get; init; } = 1;

    /// <summary>The host that a workload is drawn under.</summary>
    public string? HostId { get; init; }

    /// <summary>The groups that a workload is in, in the order of the groups.</summary>
    public ImmutableArray<string> GroupIds { get; init; } = [];

    /// <summary>The host; null for other kinds and for several that are drawn as one.</summary>
    public NodeView? Host { get; init; }

    /// <summary>The endpoint; null for other kinds and for several that are drawn as one.</summary>
    public WorkloadEndpoint? Endpoint { get; init; }

    /// <summary>The endpoint's container; null when there is none or it is not known.</summary>
    public ContainerView? Container { get; init; }

    /// <summary>What is open among a group's own endpoints; null for other kinds.</summary>
    public ReachabilityCell? Within { get; init; }

    /// <summary>Whether several things are drawn as this one.</summary>
    public bool IsCount => Things > 1;
}

/// <summary>What an arrow of the topology says.</summary>
public enum TopologyEdgeKind
{
    /// <summary>A workload is in a group.</summary>
    Member,

    /// <summary>What one side may send to the other.</summary>
    Permission,

    /// <summary>A BGP session.</summary>
    Session,

    /// <summary>A ping or TCP connect that was really tried.</summary>
    Probe,
}

/// <summary>What an arrow reports, to be coloured by.</summary>
public enum TopologyTone
{
    /// <summary>Nothing to be said.</summary>
    Plain,

    /// <summary>Everything may pass.</summary>
    Open,

    /// <summary>Something may pass.</summary>
    Partly,

    /// <summary>It works: the session is established, the probe was answered.</summary>
    Works,

    /// <summary>It does not work.</summary>
    Fails,

    /// <summary>Nobody can say.</summary>
    Unknown,
}

/// <summary>An arrow of the topology.</summary>
/// <param name="From">The box that it leaves.</param>
/// <param name="To">The box that it leads to.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Tone">What it reports.</param>
/// <param name="Label">What is written on it.</param>
/// <param name="Words">The same in full.</param>
public sealed record TopologyEdge(string From, string To, TopologyEdgeKind Kind, TopologyTone Tone, string Label, string Words)
{
    /// <summary>Whether it says the same of the way back, which then has no arrow of its own.</summary>
    public bool BothWays { get; init; }
}

/// <summary>A cluster as boxes and arrows, to be laid out by <see cref="TopologyLayout"/>. Immutable; made by <see cref="TopologyBuilder"/>.</summary>
/// <param name="Nodes">Hosts by name with the peers behind them, workloads by host, then groups by name with the outside behind them.</param>
/// <param name="Edges">The arrows, in the order of their boxes.</param>
public sealed record TopologyGraph(ImmutableArray<TopologyNode> Nodes, ImmutableArray<TopologyEdge> Edges)
{
    /// <summary>How many endpoints there are, drawn or not.</summary>
    public int Endpoints { get; init; }

    /// <summary>How many endpoints the filter leaves.</summary>
    public int Found { get; init; }

    /// <summary>Whether workloads of one host and the same groups are drawn as one, since there are too many.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Arrows between groups that are not drawn, since there are too many; each box's own are drawn when it is looked at.</summary>
    public int LeftOut { get; init; }

    /// <summary>The box that is looked at; null when none is, or there is none of that name.</summary>
    public TopologyNode? Focus { get; init; }

    /// <summary>The box of a name; null when there is none.</summary>
    public TopologyNode? Find(string? id) => id is null ? null : Nodes.FirstOrDefault(n => n.Id == id);
}
