using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Topology;

/// <summary>Pings and TCP connects that were tried, as arrows between the workloads that are drawn. Pure.</summary>
internal static class TopologyProbes
{
    /// <summary>The newest of each pair.</summary>
    public static ImmutableArray<TopologyEdge> Edges(ClusterSnapshot snapshot, ImmutableArray<TopologyProbe> probes, ImmutableArray<DrawnWorkload> workloads,
        bool ipv6)
    {
        var boxes = DrawnWorkload.ByEndpoint(workloads);
        var edges = new Dictionary<(string, string), TopologyEdge>();
        foreach (var probe in probes)
        {
            if (Box($"{probe.Host}/{probe.Container}") is { } from && Box(probe.Target) is { } to && from != to)
            {
                edges.TryAdd((from, to), new TopologyEdge(from, to, TopologyEdgeKind.Probe, probe.Answered ? TopologyTone.Works : TopologyTone.Fails,
                    probe.Answered ? "answered" : "no answer", probe.Words));
            }
        }

        return [.. edges.Values];

        string? Box(string text) => FlowEnds.TryFind(snapshot, text, ipv6, out var match, out _) && match?.Endpoint is { } endpoint
            ? boxes.GetValueOrDefault(endpoint.Id)?.Id : null;
    }
}
