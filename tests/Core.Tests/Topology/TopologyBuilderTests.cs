using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Core.Topology;

namespace CalicoConsole.Core.Tests.Topology;

/// <summary>Which boxes and arrows a cluster has, small and large.</summary>
public sealed class TopologyBuilderTests
{
    [Fact]
    public void SmallCluster_IsDrawnThingByThing_WithWhatMayPassBetweenItsProfiles()
    {
        var graph = TopologySamples.Graph(TopologySamples.Cluster(2, 4, 2));
        Assert.Equal(["host01", "host02"], Names(graph, TopologyNodeKind.Host));
        Assert.Equal(4, Names(graph, TopologyNodeKind.Workload).Length);
        Assert.Equal(["net01", "net02"], Names(graph, TopologyNodeKind.Group));
        Assert.Equal(["outside"], Names(graph, TopologyNodeKind.Outside));
        Assert.Equal((4, 4, false, 0), (graph.Endpoints, graph.Found, graph.IsCounted, graph.LeftOut));
        Assert.All(graph.Nodes.Where(n => n.Kind == TopologyNodeKind.Group), g => Assert.Equal("all", g.Within!.Brief));

        var permissions = graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Permission).Select(e => (e.From, e.To, e.Label, e.BothWays)).ToArray();
        Assert.Contains(("group:net01", "group:net02", "tcp 80", false), permissions);
        Assert.DoesNotContain(permissions, p => p.From == "group:net02" && p.To == "group:net01");
        Assert.Contains(("group:net01", "outside", "all", false), permissions);
        Assert.Equal(4, graph.Edges.Count(e => e.Kind == TopologyEdgeKind.Member));
    }

    [Fact]
    public void ManyEndpoints_AreCountedByHostAndGroup_AndTheSumIsRight()
    {
        var graph = TopologySamples.Graph(TopologySamples.Cluster(5, 505, 3));
        Assert.True(graph.IsCounted);
        var workloads = graph.Nodes.Where(n => n.Kind == TopologyNodeKind.Workload).ToArray();
        Assert.Equal(15, workloads.Length);
        Assert.Equal(505, workloads.Sum(w => w.Endpoints));
        Assert.Contains(workloads, w => w.Name == $"{w.Endpoints} endpoints");
        Assert.Equal(505, graph.Nodes.Where(n => n.Kind == TopologyNodeKind.Host).Sum(h => h.Endpoints));
    }

    [Fact]
    public void ManyHostsAndGroups_StandInOneBoxOfOthers()
    {
        var graph = TopologySamples.Graph(TopologySamples.Cluster(60, 1800, 30));
        var hosts = graph.Nodes.Where(n => n.Kind == TopologyNodeKind.Host).ToArray();
        Assert.Equal(TopologyBuilder.MostHosts, hosts.Length);
        Assert.Equal(("21 other hosts", 21), (hosts[^1].Name, hosts[^1].Things));
        Assert.Equal(1800, hosts.Sum(h => h.Endpoints));
        var groups = graph.Nodes.Where(n => n.Kind == TopologyNodeKind.Group).ToArray();
        Assert.Equal(TopologyBuilder.MostGroups, groups.Length);
        Assert.Equal(("7 other profiles", TopologyBuilder.OtherGroupsId), (groups[^1].Name, groups[^1].Id));
        Assert.All(graph.Edges, e => Assert.True(graph.Find(e.From) is not null && graph.Find(e.To) is not null, $"{e} leads nowhere"));
    }

    [Fact]
    public void ManyPermissions_AreDrawnForWhatIsLookedAt()
    {
        var cluster = TopologySamples.Cluster(2, 60, 20);
        var graph = TopologySamples.Graph(cluster);
        Assert.DoesNotContain(graph.Edges, e => e.Kind == TopologyEdgeKind.Permission);
        Assert.True(graph.LeftOut > TopologyBuilder.MostPermissions);

        var focused = TopologySamples.Graph(cluster, new TopologyView { Grouping = "profile", Focus = "group:net05" });
        var own = focused.Edges.Where(e => e.Kind == TopologyEdgeKind.Permission).ToArray();
        Assert.Equal(["group:net01", "outside"], own.Select(e => e.From == "group:net05" ? e.To : e.From).Order(StringComparer.Ordinal));
        Assert.Equal("net05", focused.Focus!.Name);
        Assert.Equal(0, focused.LeftOut);
    }

    [Fact]
    public void Workload_ThatIsLookedAt_HasItsOwnArrows()
    {
        var cluster = TopologySamples.Cluster(2, 4, 2);
        var id = TopologyBuilder.WorkloadId(new("host01", "libnetwork", "libnetwork", "ep02"));
        var graph = TopologySamples.Graph(cluster, new TopologyView { Grouping = "profile", Focus = id });
        var own = graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Permission).ToArray();
        Assert.All(own, e => Assert.True(e.From == id || e.To == id));
        var other = TopologyBuilder.WorkloadId(new("host02", "libnetwork", "libnetwork", "ep03"));
        // ep02 and ep03 are of net02; ep00 and ep01 of net01, which may send by tcp 80.
        Assert.Contains(own, e => (e.From == other || e.To == other) && e is { Label: "all", BothWays: true });
        Assert.Contains(own, e => e.From == TopologyBuilder.WorkloadId(new("host01", "libnetwork", "libnetwork", "ep00")) && e.Label == "tcp 80");
        Assert.Contains(own, e => e.To == TopologyBuilder.OutsideId);
    }

    [Fact]
    public void Workload_ThatIsLookedAt_IsDrawnByItself_HoweverManyThereAre()
    {
        var id = TopologyBuilder.WorkloadId(new("host02", "libnetwork", "libnetwork", "ep301"));
        var graph = TopologySamples.Graph(TopologySamples.Cluster(5, 505, 3), new TopologyView { Grouping = "profile", Focus = id });
        Assert.Equal((id, "ep301", 1), (graph.Focus!.Id, graph.Focus.Name, graph.Focus.Things));
        Assert.Equal(505, graph.Nodes.Where(n => n.Kind == TopologyNodeKind.Workload).Sum(w => w.Endpoints));
        Assert.NotEmpty(graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Permission));
    }

    [Fact]
    public void Names_OfAnyLetters_MakeDifferentBoxes()
    {
        Assert.NotEqual(TopologyBuilder.WorkloadId(new("a", "b/c", "d", "e")), TopologyBuilder.WorkloadId(new("a", "b", "c/d", "e")));
        Assert.Equal("workload:a%2Fb/k8s/x%7Cy/z", TopologyBuilder.WorkloadId(new("a/b", "k8s", "x|y", "z")));
    }

    [Theory]
    [InlineData("ep03", 1)]
    [InlineData("HOST01", 2)]
    [InlineData("net02", 2)]
    [InlineData("10.0.0.1", 1)]
    [InlineData("nothing of that name", 0)]
    public void Filter_LeavesWhatHasTheText(string text, int endpoints)
    {
        var graph = TopologySamples.Graph(TopologySamples.Cluster(2, 4, 2), new TopologyView { Grouping = "profile", Filter = text });
        Assert.Equal((4, endpoints), (graph.Endpoints, graph.Found));
        Assert.Equal(endpoints, graph.Nodes.Count(n => n.Kind == TopologyNodeKind.Workload));
        Assert.Equal(endpoints == 0, !graph.Nodes.Any(n => n.Kind == TopologyNodeKind.Outside));
    }

    [Fact]
    public void Sessions_AreDrawnWithTheirWorstEnd_AndPeersBehindTheHosts()
    {
        var snapshot = TopologySamples.Cluster(2, 2, 1);
        var here = Status("host01", Session("192.0.2.2", true), Session("192.0.2.200", true));
        var there = Status("host02", Session("192.0.2.1", false));
        var bgp = BgpMatrix.From(snapshot, [new("host01", "host01", here, null), new("host02", "host02", there, null)], ipv6: false);
        var graph = TopologySamples.Graph(snapshot, readings: new TopologyReadings { Bgp = bgp });
        Assert.Equal(["192.0.2.200"], Names(graph, TopologyNodeKind.Peer));
        var sessions = graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Session).ToArray();
        Assert.Equal([("host:host01", "host:host02", TopologyTone.Fails), ("host:host01", "peer:192.0.2.200", TopologyTone.Works)],
            sessions.Select(s => (s.From, s.To, s.Tone)));
    }

    [Fact]
    public void Probe_IsAnArrow_TheNewestOfItsPair()
    {
        var snapshot = TopologySamples.Cluster(2, 2, 1);
        var probe = new TopologyProbe("host01", "ep00", "10.0.0.1", true, "ping: 2 of 2 answered", DateTimeOffset.UnixEpoch);
        var from = TopologyBuilder.WorkloadId(new("host01", "libnetwork", "libnetwork", "ep00"));
        var graph = TopologySamples.Graph(snapshot, readings: new TopologyReadings
        {
            Probes = [probe with { Host = "host01/libnetwork/libnetwork" }, probe with { Host = "host01/libnetwork/libnetwork", Answered = false }],
        });
        var edge = Assert.Single(graph.Edges, e => e.Kind == TopologyEdgeKind.Probe);
        Assert.Equal((from, TopologyTone.Works, "answered"), (edge.From, edge.Tone, edge.Label));
    }

    private static BgpStatus Status(string host, params BgpSession[] sessions) =>
        new(host, new BgpDaemon(true, null, [.. sessions]), BgpDaemon.NotRunning("not asked"), DateTimeOffset.UnixEpoch);

    private static BgpSession Session(string peer, bool up) =>
        new(peer, BgpPeerType.NodeToNodeMesh, up ? "up" : "start", "10:00", up ? "Established" : "Active");

    private static string[] Names(TopologyGraph graph, TopologyNodeKind kind) => [.. graph.Nodes.Where(n => n.Kind == kind).Select(n => n.Name)];
}
