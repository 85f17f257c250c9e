namespace CalicoConsole.Core.Topology;

/// <summary>The way of an arrow beside a row of boxes.</summary>
/// <param name="Number">Its track, from the row outwards.</param>
/// <param name="FromPort">Where it leaves its first box, as a part of that box's width.</param>
/// <param name="ToPort">Where it enters its second box, as a part of that box's width.</param>
internal sealed record TopologyTrack(int Number, double FromPort, double ToPort);

/// <summary>Arrows between the boxes of one row, in tracks beside it: arrows of one track do not touch, short ones are nearer. Immutable.</summary>
internal sealed class TopologyTracks
{
    private readonly Dictionary<TopologyEdge, TopologyTrack> _tracks;

    private TopologyTracks(Dictionary<TopologyEdge, TopologyTrack> tracks, int count) => (_tracks, Count) = (tracks, count);

    /// <summary>How many tracks there are.</summary>
    public int Count { get; }

    /// <summary>Gives each arrow a track and its places at both boxes.</summary>
    /// <param name="edges">The arrows.</param>
    /// <param name="order">The places of the boxes in the row.</param>
    public static TopologyTracks Assign(IEnumerable<TopologyEdge> edges, IReadOnlyDictionary<string, int> order)
    {
        var sorted = edges.Select(e => (Edge: e, Left: Math.Min(order[e.From], order[e.To]), Right: Math.Max(order[e.From], order[e.To])))
            .OrderBy(e => e.Right - e.Left).ThenBy(e => e.Left).ThenBy(e => e.Edge.Label, StringComparer.Ordinal).ToArray();
        var taken = new List<List<(int Left, int Right)>>();
        var numbers = new Dictionary<TopologyEdge, int>(ReferenceEqualityComparer.Instance);
        foreach (var (edge, left, right) in sorted)
        {
            var number = taken.FindIndex(t => t.All(o => right <= o.Left || left >= o.Right));
            if (number < 0)
            {
                number = taken.Count;
                taken.Add([]);
            }

            taken[number].Add((left, right));
            numbers[edge] = number;
        }

        // At each box, arrows to the left leave on the left side and those to the right on the right, the farther the nearer to the middle.
        var ports = new Dictionary<(TopologyEdge, string), double>();
        foreach (var box in sorted.SelectMany(e => new[] { e.Edge.From, e.Edge.To }).Distinct(StringComparer.Ordinal))
        {
            var own = sorted.Where(e => e.Edge.From == box || e.Edge.To == box)
                .Select(e => (e.Edge, Far: order[e.Edge.From == box ? e.Edge.To : e.Edge.From] - order[box]))
                .OrderBy(e => e.Far > 0).ThenBy(e => e.Far > 0 ? -numbers[e.Edge] : numbers[e.Edge]).ToArray();
            for (var i = 0; i < own.Length; i++)
            {
                ports[(own[i].Edge, box)] = (i + 1.0) / (own.Length + 1);
            }
        }

        var tracks = new Dictionary<TopologyEdge, TopologyTrack>(ReferenceEqualityComparer.Instance);
        foreach (var (edge, _, _) in sorted)
        {
            tracks[edge] = new TopologyTrack(numbers[edge], ports[(edge, edge.From)], ports[(edge, edge.To)]);
        }

        return new TopologyTracks(tracks, taken.Count);
    }

    /// <summary>The track of an arrow; null when it is none of these.</summary>
    public TopologyTrack? Find(TopologyEdge edge) => _tracks.GetValueOrDefault(edge);
}
