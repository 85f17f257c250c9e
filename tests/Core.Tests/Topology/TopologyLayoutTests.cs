using CalicoConsole.Core.Topology;

namespace CalicoConsole.Core.Tests.Topology;

/// <summary>No box and no label lies on another, whatever the cluster.</summary>
public sealed class TopologyLayoutTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 0, 1 }, { 1, 1, 1 }, { 2, 4, 2 }, { 3, 17, 5 }, { 7, 60, 12 }, { 10, 200, 8 }, { 1, 150, 3 }, { 40, 41, 24 }, { 60, 500, 30 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Boxes_DoNotTouch_AndStandInTheirLayers(int hosts, int endpoints, int profiles)
    {
        var graph = TopologySamples.Graph(TopologySamples.Cluster(hosts, endpoints, profiles));
        var layout = TopologyLayout.From(graph);
        Assert.Equal(graph.Nodes, layout.Nodes.Select(n => n.Node));
        for (var i = 0; i < layout.Nodes.Length; i++)
        {
            var a = layout.Nodes[i];
            Assert.True(a.X >= 0 && a.Y >= 0 && a.X + a.Width <= layout.Width && a.Y + a.Height <= layout.Height, $"{a.Node.Id} leaves the picture");
            foreach (var b in layout.Nodes[(i + 1)..])
            {
                Assert.True(a.X + a.Width <= b.X || b.X + b.Width <= a.X || a.Y + a.Height <= b.Y || b.Y + b.Height <= a.Y, $"{a.Node.Id} lies on {b.Node.Id}");
            }
        }

        foreach (var workload in layout.Nodes.Where(n => n.Node.Kind == TopologyNodeKind.Workload))
        {
            var host = layout.Nodes.Single(n => n.Node.Id == workload.Node.HostId);
            Assert.True(workload.Y >= host.Y + host.Height && workload.X >= host.X - 0.01 && workload.X + workload.Width <= host.X + host.Width + 0.01,
                $"{workload.Node.Id} is not below {host.Node.Id}");
        }

        var rows = layout.Nodes.Where(n => n.Node.Kind is TopologyNodeKind.Group or TopologyNodeKind.Outside).ToArray();
        Assert.True(rows.Select(r => r.Y).Distinct().Count() <= 1);
        Assert.True(rows.Length == 0 || layout.Nodes.Except(rows).All(n => n.Y + n.Height < rows[0].Y));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void ArrowsBetweenGroups_HaveAWayOfTheirOwn(int hosts, int endpoints, int profiles)
    {
        var layout = TopologyLayout.From(TopologySamples.Graph(TopologySamples.Cluster(hosts, endpoints, profiles)));
        var own = layout.Edges.Where(e => e.Edge.Kind == TopologyEdgeKind.Permission).ToArray();
        foreach (var edge in own)
        {
            Assert.Equal(4, edge.Points.Length);
            Assert.Equal(edge.Points[1].Y, edge.Points[2].Y);
            Assert.True(edge.Points[1].Y > edge.Points[0].Y && edge.Points[1].Y <= layout.Height);
        }

        foreach (var level in own.GroupBy(e => e.Points[1].Y))
        {
            var spans = level.Select(e => (Left: Math.Min(e.Points[1].X, e.Points[2].X), Right: Math.Max(e.Points[1].X, e.Points[2].X)))
                .OrderBy(s => s.Left).ToArray();
            Assert.All(spans.Zip(spans.Skip(1)), s => Assert.True(s.First.Right < s.Second.Left, "two arrows share a piece of their way"));
        }

        var ports = own.SelectMany(e => new[] { e.Points[0], e.Points[3] }).ToArray();
        Assert.Equal(ports.Length, ports.Distinct().Count());
    }

    [Fact]
    public void SameGraph_HasTheSameLayout()
    {
        var cluster = TopologySamples.Cluster(5, 40, 6);
        var (first, second) = (TopologyLayout.From(TopologySamples.Graph(cluster)), TopologyLayout.From(TopologySamples.Graph(cluster)));
        Assert.Equal(first.Nodes.Select(n => (n.Node.Id, n.X, n.Y)), second.Nodes.Select(n => (n.Node.Id, n.X, n.Y)));
        Assert.Equal(first.Edges.Select(e => string.Join(' ', e.Points)), second.Edges.Select(e => string.Join(' ', e.Points)));
    }

    [Fact]
    public void StraightArrow_RunsFromEdgeToEdgeOfItsBoxes()
    {
        var graph = TopologySamples.Graph(TopologySamples.Cluster(2, 4, 2));
        var layout = TopologyLayout.From(graph);
        foreach (var edge in layout.Edges.Where(e => e.Edge.Kind == TopologyEdgeKind.Member))
        {
            var (from, to) = (layout.Nodes.Single(n => n.Node.Id == edge.Edge.From), layout.Nodes.Single(n => n.Node.Id == edge.Edge.To));
            Assert.True(OnEdge(from, edge.Points[0]) && OnEdge(to, edge.Points[^1]), $"{edge.Edge}");
        }

        static bool OnEdge(PlacedNode node, PicturePoint point) =>
            point.X >= node.X - 0.01 && point.X <= node.X + node.Width + 0.01 && point.Y >= node.Y - 0.01 && point.Y <= node.Y + node.Height + 0.01
            && (Math.Abs(point.X - node.X) < 0.01 || Math.Abs(point.X - node.X - node.Width) < 0.01
                || Math.Abs(point.Y - node.Y) < 0.01 || Math.Abs(point.Y - node.Y - node.Height) < 0.01);
    }
}
