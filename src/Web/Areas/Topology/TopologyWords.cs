using System.Globalization;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Topology;
using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Areas.Nodes;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Topology;

/// <summary>What boxes of the topology say, where they lead, and what was tried on the wire. Pure.</summary>
public sealed class TopologyWords
{
    private readonly ClusterSnapshot _snapshot;
    private readonly TopologyGraph _graph;
    private readonly IReadOnlySet<string> _answering;
    private readonly ILookup<string, TopologyEdge> _permissions;
    private readonly HashSet<string> _compute;

    /// <summary>The words of a graph.</summary>
    public TopologyWords(ClusterSnapshot snapshot, TopologyGraph graph)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(graph);
        (_snapshot, _graph) = (snapshot, graph);
        _answering = LeftBehindEndpoints.AnsweringNodes(snapshot);
        _permissions = graph.Focus is null ? Array.Empty<TopologyEdge>().ToLookup(e => e.From, StringComparer.Ordinal)
            : graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Permission && (e.From == graph.Focus.Id || e.To == graph.Focus.Id))
                .ToLookup(e => e.From == graph.Focus.Id ? e.To : e.From, StringComparer.Ordinal);
        _compute = OpenStackView.From(snapshot.Calico).ComputeHosts.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What kind of thing a box stands for.</summary>
    public static string Kind(TopologyNode node, string grouping) => node.Kind switch
    {
        TopologyNodeKind.Host => node.IsCount ? "hosts" : "host",
        TopologyNodeKind.Peer => "BGP peer",
        TopologyNodeKind.Workload => node.IsCount ? "endpoints" : node.Container is not null ? "container"
            : node.Endpoint?.Id.Orchestrator == OpenStackView.Orchestrator ? "VM" : "endpoint",
        TopologyNodeKind.Group => node.IsCount ? $"{grouping}s" : grouping,
        TopologyNodeKind.Outside => "outside addresses",
        _ => throw new InvalidOperationException($"a box of kind {node.Kind}"),
    };

    /// <summary>The state of what a box stands for; null where it has none.</summary>
    public StateWords? State(TopologyNode node) => node switch
    {
        { Kind: TopologyNodeKind.Host, Host: { } view } => new NodeRow(view, 0, 0, _compute.Contains(view.Name)).State,
        { Kind: TopologyNodeKind.Host, IsCount: false } => new(ChipState.Attention, "not registered", "Only endpoints name it: etcd has no node of this name."),
        { Endpoint: { } endpoint } => new EndpointRow("", endpoint, node.Container, _answering.Contains(endpoint.Id.Node)).State,
        _ => null,
    };

    /// <summary>The second line of a box.</summary>
    public string Line(TopologyNode node) => Permission(node) ?? node switch
    {
        { Kind: TopologyNodeKind.Host } => $"{(State(node) is { State: not ChipState.Healthy } state ? $"{state.Words}, " : "")}{Endpoints(node.Endpoints)}",
        { Kind: TopologyNodeKind.Peer } => "BGP peer",
        { Kind: TopologyNodeKind.Outside } => "addresses that no rule names",
        { Kind: TopologyNodeKind.Group } =>
            $"{Endpoints(node.Endpoints)}{(node is { Within: { } within, Endpoints: > 1 } ? $", inside: {within.Brief}" : "")}",
        { Endpoint: { } endpoint } => State(node) is { State: not ChipState.Healthy } wrong ? wrong.Words : Addresses(endpoint),
        _ => string.Join(", ", node.GroupIds.Select(g => _graph.Find(g)?.Name)),
    };

    /// <summary>What a box may send to the one that is looked at, and get from it; null where that is not the question.</summary>
    public string? Permission(TopologyNode node)
    {
        if (_graph.Focus is not { Kind: TopologyNodeKind.Workload } focus || node.Id == focus.Id
            || node.Kind is not (TopologyNodeKind.Workload or TopologyNodeKind.Outside))
        {
            return null;
        }

        var own = _permissions[node.Id].ToArray();
        var (gets, sends) = (own.FirstOrDefault(e => e.BothWays || e.From == focus.Id)?.Label, own.FirstOrDefault(e => e.BothWays || e.To == focus.Id)?.Label);
        return gets is null && sends is null ? "closed" : gets == sends ? $"⇄ {gets}" : string.Join("  ", new[] { gets is null ? null : $"→ {gets}",
            sends is null ? null : $"← {sends}" }.OfType<string>());
    }

    /// <summary>Whether nothing may pass between a box and the one that is looked at.</summary>
    public bool IsClosed(TopologyNode node) => Permission(node) == "closed";

    /// <summary>The page of what a box stands for; null where it stands for several things or has no page.</summary>
    public string? Href(TopologyNode node, string grouping) => node switch
    {
        { Kind: TopologyNodeKind.Host, IsCount: false } => Links.Node(node.Name),
        { Container: { } container } => Links.Container(container.Host, container.Container.Id),
        { Endpoint.Id: var id, Kind: TopologyNodeKind.Workload, IsCount: false } => Links.Endpoint(id.Node, id.Orchestrator, id.Workload, id.Name),
        { Kind: TopologyNodeKind.Group, IsCount: false } when grouping == "profile" => _snapshot.Calico.Profiles.ContainsKey(node.Name)
            ? Links.Profile(node.Name) : null,
        { Kind: TopologyNodeKind.Group, IsCount: false } => _snapshot.Views.Networks.FirstOrDefault(n => n.IsCalico && n.Network.Name == node.Name)
            is { } network ? Links.Network(network.Network.Id) : null,
        _ => null,
    };

    /// <summary>A box in a sentence, for whoever cannot see it.</summary>
    public string Sentence(TopologyNode node, string grouping) => string.Join(", ", new[]
    {
        $"{Kind(node, grouping)} {node.Name}",
        State(node)?.Words,
        node.Endpoint is { } endpoint ? Addresses(endpoint) : node.Kind is TopologyNodeKind.Peer or TopologyNodeKind.Outside ? null : Endpoints(node.Endpoints),
        node.HostId is null ? null : $"on {_graph.Find(node.HostId)?.Name}",
        Permission(node),
    }.OfType<string>());

    /// <summary>Pings and TCP connects that were tried here, newest first.</summary>
    public static IEnumerable<TopologyProbe> Probes(IRunningOperations operations) => operations.Operations
        .Where(o => o is { Finished: not null, Result: not null }).OrderByDescending(o => o.Finished).Select(Probe).OfType<TopologyProbe>();

    private static TopologyProbe? Probe(RunningOperation o) => (o.Operation, o.Result!.Answer) switch
    {
        (Ping ping, OperationAnswer.PingCount(var sent, var received)) => new(ping.Host, ping.Container, ping.Target, received > 0,
            string.Create(CultureInfo.InvariantCulture, $"ping: {received} of {sent} answered"), o.Finished!.Value),
        (ConnectTcp connect, OperationAnswer.TcpProbe(var answer)) => new(connect.Host, connect.Container, connect.Target, answer != TcpAnswer.NoAnswer,
            string.Create(CultureInfo.InvariantCulture, $"tcp {connect.Port}: {Words(answer)}"), o.Finished!.Value),
        _ => null,
    };

    private static string Words(TcpAnswer answer) => answer switch
    {
        TcpAnswer.Connected => "connected",
        TcpAnswer.Refused => "refused, so packets get through",
        TcpAnswer.NoAnswer => "no answer",
        _ => throw new InvalidOperationException($"an answer {answer}"),
    };

    private static string Endpoints(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "endpoint" : "endpoints")}");

    private static string Addresses(Core.Model.WorkloadEndpoint endpoint) =>
        string.Join(", ", endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Select(n => n.Address.ToString()));
}
