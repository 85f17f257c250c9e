using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Topology;

/// <summary>
/// Makes the topology of a cluster: which boxes there are and which arrows. Draws each thing by itself as long as there are few, and several as one when there
/// are many. Pure.
/// </summary>
public static class TopologyBuilder
{
    /// <summary>How many workloads are drawn one by one, at most.</summary>
    public const int MostWorkloads = 200;

    /// <summary>How many hosts have a column of their own, at most.</summary>
    public const int MostHosts = 40;

    /// <summary>How many groups have a box of their own, at most.</summary>
    public const int MostGroups = 24;

    /// <summary>How many arrows between groups are drawn together, at most.</summary>
    public const int MostPermissions = 30;

    /// <summary>The name of the box of outside addresses.</summary>
    public const string OutsideId = "outside";

    /// <summary>The box of the hosts that have no column of their own.</summary>
    public const string OtherHostsId = "hosts";

    /// <summary>The box of the groups that have none of their own.</summary>
    public const string OtherGroupsId = "groups";

    /// <summary>Makes it.</summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="model">The reachability model of the same snapshot.</param>
    /// <param name="view">What is drawn.</param>
    /// <param name="readings">What was seen on the wire.</param>
    public static TopologyGraph From(ClusterSnapshot snapshot, ReachabilityModel model, TopologyView view, TopologyReadings readings)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(readings);
        var groupsOf = EndpointGroups.By(view.Grouping, snapshot)
            ?? throw new ArgumentException($"'{view.Grouping}' does not make groups.", nameof(view));
        var (found, all) = TopologyFilter.Apply(snapshot, groupsOf, view.Filter);
        var hosts = new TopologyHosts(snapshot, view, found);
        var groups = new TopologyGroups(found, view);
        var counted = view.IsSmall || found.Length > MostWorkloads;
        var workloads = Workloads(found, hosts, groups, counted, view.Focus);
        var permissions = TopologyPermissions.Make(model, view, groups, workloads);
        ImmutableArray<TopologyNode> nodes =
        [
            .. hosts.Nodes,
            .. TopologySessions.Peers(readings.Bgp, hosts),
            .. workloads.Select(w => w.Node),
            .. groups.Nodes.Select(g => g with { Within = permissions.Within.GetValueOrDefault(g.Id) }),
            .. permissions.Outside ? [new TopologyNode(OutsideId, TopologyNodeKind.Outside, "outside")] : ImmutableArray<TopologyNode>.Empty,
        ];
        return new TopologyGraph(
            nodes,
            [
                .. TopologySessions.Edges(readings.Bgp, hosts),
                .. workloads.SelectMany(w => w.Node.GroupIds.Select(g => new TopologyEdge(w.Node.Id, g, TopologyEdgeKind.Member, TopologyTone.Plain, "", ""))),
                .. permissions.Edges,
                .. TopologyProbes.Edges(snapshot, readings.Probes, workloads, view.IsIPv6),
            ])
        {
            Endpoints = all,
            Found = found.Length,
            IsCounted = counted && workloads.Any(w => w.Node.IsCount),
            LeftOut = permissions.LeftOut,
            Focus = nodes.FirstOrDefault(n => n.Id == view.Focus),
        };
    }

    /// <summary>The box of a host.</summary>
    public static string HostId(string node) => $"host:{node}";

    /// <summary>The box of a group.</summary>
    public static string GroupId(string name) => $"group:{name}";

    /// <summary>The box of a BGP peer.</summary>
    public static string PeerId(string address) => $"peer:{address}";

    /// <summary>The box of a workload endpoint that is drawn by itself.</summary>
    public static string WorkloadId(WorkloadEndpointId id) => $"workload:{Part(id.Node)}/{Part(id.Orchestrator)}/{Part(id.Workload)}/{Part(id.Name)}";

    private static ImmutableArray<DrawnWorkload> Workloads(ImmutableArray<FoundEndpoint> found, TopologyHosts hosts, TopologyGroups groups, bool counted,
        string? focus)
    {
        var drawn = found.Select(f => (Found: f, Host: hosts.IdOf(f.Endpoint.Id.Node), Groups: groups.IdsOf(f)));
        // One that is looked at is drawn by itself, however many there are.
        var alone = drawn.ToLookup(d => !counted || WorkloadId(d.Found.Endpoint.Id) == focus);
        var made = alone[true].Select(d => new DrawnWorkload(
                new TopologyNode(WorkloadId(d.Found.Endpoint.Id), TopologyNodeKind.Workload, d.Found.Name)
                {
                    Endpoints = 1,
                    HostId = d.Host,
                    GroupIds = d.Groups,
                    Endpoint = d.Found.Endpoint,
                    Container = d.Found.Container,
                },
                [d.Found]))
            .DistinctBy(w => w.Node.Id, StringComparer.Ordinal)
            .Concat(alone[false].GroupBy(d => CountId(d.Host, d.Groups))
                .Select(g => Count(g.Key, [.. g.Select(d => d.Found)], g.First().Host, g.First().Groups)));
        var order = groups.Nodes.Select((g, i) => (g.Id, i)).ToDictionary(g => g.Id, g => g.i, StringComparer.Ordinal);
        return
        [
            .. made.OrderBy(w => hosts.PlaceOf(w.Node.HostId!)).ThenBy(w => w.Node.GroupIds.IsEmpty ? int.MaxValue : order[w.Node.GroupIds[0]])
                .ThenBy(w => w.Node.Name, StringComparer.Ordinal).ThenBy(w => w.Node.Id, StringComparer.Ordinal),
        ];
    }

    // Names may hold anything, and two boxes may not have one name.
    private static string Part(string name) => Uri.EscapeDataString(name);

    private static string CountId(string host, ImmutableArray<string> groups) => $"count:{string.Join('|', groups.Prepend(host).Select(Part))}";

    private static DrawnWorkload Count(string id, ImmutableArray<FoundEndpoint> found, string host, ImmutableArray<string> groups) => new(
        new TopologyNode(
            id,
            TopologyNodeKind.Workload,
            found.Length == 1 ? found[0].Name : string.Create(CultureInfo.InvariantCulture, $"{found.Length:N0} endpoints"))
        {
            Endpoints = found.Length,
            Things = found.Length,
            HostId = host,
            GroupIds = groups,
            Endpoint = found.Length == 1 ? found[0].Endpoint : null,
            Container = found.Length == 1 ? found[0].Container : null,
        },
        found);
}

/// <summary>An endpoint that the filter leaves.</summary>
/// <param name="Endpoint">It.</param>
/// <param name="Container">Its container; null when none is known.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Groups">The names of its groups.</param>
internal sealed record FoundEndpoint(WorkloadEndpoint Endpoint, ContainerView? Container, string Name, ImmutableArray<string> Groups);

/// <summary>A box with the endpoints that it stands for.</summary>
internal sealed record DrawnWorkload(TopologyNode Node, ImmutableArray<FoundEndpoint> Endpoints)
{
    /// <summary>The box of each endpoint.</summary>
    public static Dictionary<WorkloadEndpointId, TopologyNode> ByEndpoint(ImmutableArray<DrawnWorkload> workloads)
    {
        var found = new Dictionary<WorkloadEndpointId, TopologyNode>();
        foreach (var workload in workloads)
        {
            foreach (var endpoint in workload.Endpoints)
            {
                found[endpoint.Endpoint.Id] = workload.Node;
            }
        }

        return found;
    }
}
