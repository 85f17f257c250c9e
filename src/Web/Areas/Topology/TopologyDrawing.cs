using System.Collections.Immutable;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Topology;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Areas.Topology;

/// <summary>Everything that one moment's picture is made of. Immutable.</summary>
/// <param name="View">What is drawn.</param>
/// <param name="Graph">Its boxes and arrows.</param>
/// <param name="Layout">Their places.</param>
/// <param name="Words">What they say.</param>
internal sealed record TopologyDrawing(TopologyView View, TopologyGraph Graph, TopologyLayout Layout, TopologyWords Words)
{
    /// <summary>Draws a cluster with what BIRD said last.</summary>
    public static TopologyDrawing From(ClusterSnapshot snapshot, ReachabilityModel model, TopologyView view, BgpTaken? bgp,
        ImmutableArray<TopologyProbe> probes = default)
    {
        var sessions = bgp?.Matrices(snapshot).FirstOrDefault(m => m.Family == (view.IsIPv6 ? "IPv6" : "IPv4")).Matrix;
        var graph = TopologyBuilder.From(snapshot, model, view, new TopologyReadings { Bgp = sessions, Probes = probes.IsDefault ? [] : probes });
        return new TopologyDrawing(view, graph, TopologyLayout.From(graph), new TopologyWords(snapshot, graph));
    }
}
