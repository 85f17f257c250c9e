using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Topology;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Topology;

public sealed partial class TopologyDetails
{
    private const int Most = 12;

    [Parameter, EditorRequired]
    public TopologyGraph Graph { get; set; } = default!;

    [Parameter, EditorRequired]
    public TopologyWords Words { get; set; } = default!;

    /// <summary>The box that is looked at.</summary>
    [Parameter, EditorRequired]
    public TopologyNode Focus { get; set; } = default!;

    [Parameter, EditorRequired]
    public string Grouping { get; set; } = "";

    /// <summary>Where a box leads.</summary>
    [Parameter, EditorRequired]
    public Func<TopologyNode, string> HrefOf { get; set; } = default!;

    /// <summary>The picture with nothing looked at.</summary>
    [Parameter, EditorRequired]
    public string Away { get; set; } = "";

    private string? Question => Focus switch
    {
        { Container: { } container } => Links.MayReach(FlowEnds.NameOf(container)),
        { Endpoint: { } endpoint } => Links.MayReach(FlowEnds.NameOf(endpoint.Id)),
        _ => null,
    };

    private IEnumerable<(string Title, (TopologyEdge Edge, TopologyNode Other)[] Edges)> Parts
    {
        get
        {
            if (Focus.Kind is TopologyNodeKind.Workload or TopologyNodeKind.Group or TopologyNodeKind.Outside)
            {
                yield return ("May send to", EdgesOf(TopologyEdgeKind.Permission, sends: true));
                yield return ("May get from", EdgesOf(TopologyEdgeKind.Permission, sends: false));
            }

            if (EdgesOf(TopologyEdgeKind.Session, null) is { Length: > 0 } sessions)
            {
                yield return ("BGP", sessions);
            }

            if (EdgesOf(TopologyEdgeKind.Probe, null) is { Length: > 0 } probes)
            {
                yield return ("Tried", probes);
            }
        }
    }

    private (TopologyEdge, TopologyNode)[] EdgesOf(TopologyEdgeKind kind, bool? sends) =>
    [
        .. Graph.Edges.Where(e => e.Kind == kind && (sends switch
            {
                true => e.From == Focus.Id || (e.BothWays && e.To == Focus.Id),
                false => e.To == Focus.Id || (e.BothWays && e.From == Focus.Id),
                null => e.From == Focus.Id || e.To == Focus.Id,
            }))
            .Select(e => (e, Graph.Find(e.From == Focus.Id ? e.To : e.From)!)),
    ];
}
