namespace CalicoConsole.Core.Topology;

/// <summary>A point of a picture, in pixels at scale 1 from its top left corner.</summary>
public readonly record struct PicturePoint(double X, double Y);

/// <summary>A box with its place.</summary>
/// <param name="Node">What it stands for.</param>
/// <param name="X">Left edge, in pixels.</param>
/// <param name="Y">Upper edge, in pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
public sealed record PlacedNode(TopologyNode Node, double X, double Y, double Width, double Height)
{
    /// <summary>The middle of the box.</summary>
    public double CentreX => X + (Width / 2);
}

/// <summary>An arrow with its way.</summary>
/// <param name="Edge">What it says.</param>
/// <param name="Points">Its corners, from the one box to the other.</param>
/// <param name="Label">The middle of its label.</param>
public sealed record PlacedEdge(TopologyEdge Edge, ImmutableArray<PicturePoint> Points, PicturePoint Label);

/// <summary>
/// A topology laid out in layers: hosts in a row with their BGP sessions above, each host's workloads below it, groups in a row below all with the permissions
/// between them underneath. No two boxes touch, and no two labels of one layer lie on each other. Pure; the same graph has the same layout.
/// </summary>
/// <param name="Nodes">The boxes, in the order of the graph.</param>
/// <param name="Edges">The arrows, in the order of the graph.</param>
/// <param name="Width">Of the whole picture, in pixels.</param>
/// <param name="Height">Of the whole picture, in pixels.</param>
public sealed record TopologyLayout(ImmutableArray<PlacedNode> Nodes, ImmutableArray<PlacedEdge> Edges, double Width, double Height)
{
    /// <summary>Width of a workload's box.</summary>
    public const double WorkloadWidth = 158;

    /// <summary>Height of a box.</summary>
    public const double BoxHeight = 44;

    /// <summary>Least width of a host's or group's box.</summary>
    public const double BoxWidth = 196;

    private const double Gap = 10;
    private const double ColumnGap = 28;
    private const double LayerGap = 56;
    private const double Track = 24;
    private const double Margin = 20;

    /// <summary>Lays a graph out.</summary>
    public static TopologyLayout From(TopologyGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var heads = graph.Nodes.Where(n => n.Kind is TopologyNodeKind.Host or TopologyNodeKind.Peer).ToArray();
        var workloads = graph.Nodes.Where(n => n.Kind == TopologyNodeKind.Workload).ToLookup(n => n.HostId!, StringComparer.Ordinal);
        var groups = graph.Nodes.Where(n => n.Kind is TopologyNodeKind.Group or TopologyNodeKind.Outside).ToArray();
        var headOrder = Order(heads);
        var sessions = TopologyTracks.Assign(graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Session), headOrder);
        var top = Margin + (sessions.Count * Track) + (sessions.Count > 0 ? Track / 2 : 0);

        var placed = new Dictionary<string, PlacedNode>(StringComparer.Ordinal);
        var lanesWidth = PlaceLanes(heads, workloads, top, placed, out var bottom);
        var groupRow = Arranged(groups, graph, placed);
        var rowWidth = (groupRow.Length * (BoxWidth + ColumnGap)) - ColumnGap;
        var width = Math.Max(lanesWidth, Math.Max(rowWidth, BoxWidth)) + (2 * Margin);
        Shift(placed, (width - lanesWidth) / 2);
        var groupTop = bottom + LayerGap;
        var x = (width - rowWidth) / 2;
        foreach (var group in groupRow)
        {
            placed[group.Id] = new PlacedNode(group, x, groupTop, BoxWidth, BoxHeight);
            x += BoxWidth + ColumnGap;
        }

        var permissions = TopologyTracks.Assign(graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Permission && IsOfRow(e, placed)), Order(groupRow));
        var height = (groups.Length == 0 ? bottom : groupTop + BoxHeight) + (permissions.Count * Track) + (permissions.Count > 0 ? Track / 2 : 0) + Margin;
        return new TopologyLayout(
            [.. graph.Nodes.Select(n => placed[n.Id])],
            [.. graph.Edges.Select(e => Route(e, placed, sessions, permissions))],
            width,
            height);
    }

    private static Dictionary<string, int> Order(IEnumerable<TopologyNode> nodes) =>
        nodes.Select((n, i) => (n.Id, i)).ToDictionary(n => n.Id, n => n.i, StringComparer.Ordinal);

    private static bool IsOfRow(TopologyEdge edge, Dictionary<string, PlacedNode> placed) => IsOfRow(placed[edge.From].Node) && IsOfRow(placed[edge.To].Node);

    private static bool IsOfRow(TopologyNode node) => node.Kind is TopologyNodeKind.Group or TopologyNodeKind.Outside;

    // Each host has a column as wide as its workloads need: about as high as wide, so that the whole is neither a ribbon nor a tower.
    private static double PlaceLanes(TopologyNode[] heads, ILookup<string, TopologyNode> workloads, double top, Dictionary<string, PlacedNode> placed,
        out double bottom)
    {
        var (x, low) = (0.0, top + BoxHeight);
        foreach (var head in heads)
        {
            TopologyNode[] own = [.. workloads[head.Id]];
            var columns = own.Length <= 4 ? 1 : (int)Math.Ceiling(Math.Sqrt(own.Length / 3.0));
            var rows = (own.Length + columns - 1) / Math.Max(1, columns);
            var width = Math.Max(BoxWidth, (columns * (WorkloadWidth + Gap)) - Gap);
            placed[head.Id] = new PlacedNode(head, x, top, width, BoxHeight);
            var left = x + ((width - ((columns * (WorkloadWidth + Gap)) - Gap)) / 2);
            for (var i = 0; i < own.Length; i++)
            {
                // Column by column: what is of one group stays together.
                var (column, row) = (i / rows, i % rows);
                placed[own[i].Id] = new PlacedNode(own[i], left + (column * (WorkloadWidth + Gap)), top + BoxHeight + (2 * Gap) + (row * (BoxHeight + Gap)),
                    WorkloadWidth, BoxHeight);
            }

            low = Math.Max(low, top + BoxHeight + (own.Length == 0 ? 0 : (2 * Gap) + (rows * (BoxHeight + Gap)) - Gap));
            x += width + ColumnGap;
        }

        bottom = low;
        return heads.Length == 0 ? 0 : x - ColumnGap;
    }

    // Groups stand below the middle of their members, as far as there is room; what has none keeps its place, and the outside is last.
    private static TopologyNode[] Arranged(TopologyNode[] groups, TopologyGraph graph, Dictionary<string, PlacedNode> placed)
    {
        var middles = graph.Edges.Where(e => e.Kind == TopologyEdgeKind.Member).GroupBy(e => e.To, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Average(e => placed[e.From].CentreX), StringComparer.Ordinal);
        return
        [
            .. groups.Where(g => g.Kind == TopologyNodeKind.Group).OrderBy(g => middles.GetValueOrDefault(g.Id, double.MaxValue)),
            .. groups.Where(g => g.Kind == TopologyNodeKind.Outside),
        ];
    }

    private static void Shift(Dictionary<string, PlacedNode> placed, double by)
    {
        foreach (var (id, node) in placed.ToArray())
        {
            placed[id] = node with { X = node.X + by };
        }
    }

    private static PlacedEdge Route(TopologyEdge edge, Dictionary<string, PlacedNode> placed, TopologyTracks sessions, TopologyTracks permissions)
    {
        var (from, to) = (placed[edge.From], placed[edge.To]);
        return (sessions.Find(edge), permissions.Find(edge)) switch
        {
            ({ } above, _) => Along(edge, above, from, to, -1),
            (_, { } below) => Along(edge, below, from, to, 1),
            _ => Straight(edge, from, to),
        };
    }

    // Up or down from the one box, along the arrow's own track, and back to the other box.
    private static PlacedEdge Along(TopologyEdge edge, TopologyTrack track, PlacedNode from, PlacedNode to, int side)
    {
        var (start, end) = (side < 0 ? from.Y : from.Y + from.Height, side < 0 ? to.Y : to.Y + to.Height);
        var level = (side < 0 ? Math.Min(start, end) : Math.Max(start, end)) + (side * (track.Number + 1) * Track);
        var (x1, x2) = (from.X + (from.Width * track.FromPort), to.X + (to.Width * track.ToPort));
        return new PlacedEdge(edge, [new(x1, start), new(x1, level), new(x2, level), new(x2, end)], new((x1 + x2) / 2, level));
    }

    // From the middle of the one box to the middle of the other, cut where it leaves and enters them.
    private static PlacedEdge Straight(TopologyEdge edge, PlacedNode from, PlacedNode to)
    {
        var (a, b) = (Middle(from), Middle(to));
        var (start, end) = (Cut(from, a, b), Cut(to, b, a));
        return new PlacedEdge(edge, [start, end], new((start.X + end.X) / 2, (start.Y + end.Y) / 2));
    }

    private static PicturePoint Middle(PlacedNode node) => new(node.CentreX, node.Y + (node.Height / 2));

    private static PicturePoint Cut(PlacedNode node, PicturePoint inside, PicturePoint towards)
    {
        var (dx, dy) = (towards.X - inside.X, towards.Y - inside.Y);
        var part = Math.Min(dx == 0 ? double.MaxValue : node.Width / 2 / Math.Abs(dx), dy == 0 ? double.MaxValue : node.Height / 2 / Math.Abs(dy));
        return part >= 1 ? inside : new PicturePoint(inside.X + (dx * part), inside.Y + (dy * part));
    }
}
