using System.Globalization;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Topology;

/// <summary>The BGP sessions of a topology: between hosts, and to peers that are no nodes. Pure.</summary>
internal static class TopologySessions
{
    // With more hosts the full mesh is a web: then only what is wrong is drawn.
    private const int MostSessions = 28;

    /// <summary>The boxes of peers that are no nodes, by address.</summary>
    public static ImmutableArray<TopologyNode> Peers(BgpMatrix? bgp, TopologyHosts hosts) => bgp is null ? [] :
    [
        .. bgp.Outside.Where(o => hosts.Find(o.Node) is not null).Select(o => o.Session.Peer).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(p => new TopologyNode(TopologyBuilder.PeerId(p), TopologyNodeKind.Peer, p)),
    ];

    /// <summary>The arrows: one for each pair of hosts, wrong when one of its ends is.</summary>
    public static ImmutableArray<TopologyEdge> Edges(BgpMatrix? bgp, TopologyHosts hosts)
    {
        if (bgp is null)
        {
            return [];
        }

        var edges = new Dictionary<(string, string), TopologyEdge>();
        for (var i = 0; i < bgp.Nodes.Length; i++)
        {
            for (var j = i + 1; j < bgp.Nodes.Length; j++)
            {
                if (hosts.Find(bgp.Nodes[i]) is not { } from || hosts.Find(bgp.Nodes[j]) is not { } to || from == to
                    || Edge(from, to, bgp.Nodes[i], bgp.Nodes[j], bgp.Cells[i][j]!, bgp.Cells[j][i]!) is not { } edge)
                {
                    continue;
                }

                // Several hosts that are drawn as one: the worst of their sessions.
                if (!edges.TryGetValue((from, to), out var known) || (known.Tone != TopologyTone.Fails && edge.Tone == TopologyTone.Fails))
                {
                    edges[(from, to)] = edge;
                }
            }
        }

        ImmutableArray<TopologyEdge> drawn = edges.Count <= MostSessions ? [.. edges.Values] : [.. edges.Values.Where(e => e.Tone == TopologyTone.Fails)];
        return
        [
            .. drawn.Take(MostSessions),
            .. bgp.Outside.Where(o => hosts.Find(o.Node) is not null).Take(MostSessions).Select(o => new TopologyEdge(
                hosts.Find(o.Node)!,
                TopologyBuilder.PeerId(o.Session.Peer),
                TopologyEdgeKind.Session,
                ToneOf(o.Session),
                o.Session.IsEstablished ? "BGP" : "BGP down",
                $"BGP session of {o.Node} to {o.Session.Peer}: {o.Session.Info}")),
        ];
    }

    private static TopologyTone ToneOf(BgpSession session) => session.IsEstablished ? TopologyTone.Works : TopologyTone.Fails;

    private static TopologyEdge? Edge(string from, string to, string here, string there, BgpCell cell, BgpCell back)
    {
        if (cell.Session is null && back.Session is null && !cell.Expected && !back.Expected)
        {
            return null;
        }

        var tone = cell.IsWrong || back.IsWrong ? TopologyTone.Fails
            : cell.Session?.IsEstablished == true || back.Session?.IsEstablished == true ? TopologyTone.Works : TopologyTone.Unknown;
        return new TopologyEdge(from, to, TopologyEdgeKind.Session, tone, tone == TopologyTone.Fails ? "BGP down" : tone == TopologyTone.Works ? "BGP" : "BGP?",
            string.Create(CultureInfo.InvariantCulture, $"BGP session: {here} says {Said(cell)}, {there} says {Said(back)}"))
        { BothWays = true };
    }

    private static string Said(BgpCell cell) => cell switch
    {
        { Session: { } session } => session.Info,
        { Why: { } why } => $"nothing ({why})",
        _ => "that it has none",
    };
}
