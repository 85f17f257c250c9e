using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Core.Topology;

/// <summary>The arrows that say who may send what to whom: between groups, and of a workload that is looked at.</summary>
/// <param name="Edges">The arrows.</param>
/// <param name="Within">What is open among the endpoints of a group, by its box.</param>
/// <param name="Outside">Whether outside addresses have a box.</param>
/// <param name="LeftOut">Arrows between groups that are not drawn, since there are too many.</param>
internal sealed record TopologyPermissions(ImmutableArray<TopologyEdge> Edges, IReadOnlyDictionary<string, ReachabilityCell> Within, bool Outside, int LeftOut)
{
    /// <summary>Works them out.</summary>
    public static TopologyPermissions Make(ReachabilityModel model, TopologyView view, TopologyGroups groups, ImmutableArray<DrawnWorkload> workloads)
    {
        if (groups.Nodes.IsEmpty)
        {
            return new([], new Dictionary<string, ReachabilityCell>(), false, 0);
        }

        var boxes = DrawnWorkload.ByEndpoint(workloads);
        var matrix = ReachabilityMatrix.From(model, e => boxes.GetValueOrDefault(e.Id)?.GroupIds ?? [], view.IsIPv6, outside: true);
        var edges = Between(matrix, _ => true);
        var own = edges.Where(e => e.From == view.Focus || e.To == view.Focus).ToImmutableArray();
        var focused = workloads.FirstOrDefault(w => w.Node.Id == view.Focus);
        // One that is looked at has arrows of its own; those of everybody else would only be in the way.
        ImmutableArray<TopologyEdge> drawn = focused is not null ? OfWorkload(model, view, focused, workloads)
            : !own.IsEmpty ? own : edges.Length <= TopologyBuilder.MostPermissions ? edges : [];
        var within = Enumerable.Range(0, matrix.Groups.Length).Where(i => i != matrix.OutsideIndex)
            .ToDictionary(i => matrix.Groups[i].Name, i => matrix.Describe(i, i), StringComparer.Ordinal);
        return new(drawn, within, matrix.OutsideIndex >= 0, focused is null && own.IsEmpty ? edges.Length - drawn.Length : 0);
    }

    private static ImmutableArray<TopologyEdge> OfWorkload(ReachabilityModel model, TopologyView view, DrawnWorkload focused,
        ImmutableArray<DrawnWorkload> workloads)
    {
        var boxes = DrawnWorkload.ByEndpoint(workloads);
        var matrix = ReachabilityMatrix.From(model, e => boxes.TryGetValue(e.Id, out var box) ? [box.Id] : [], view.IsIPv6, outside: true);
        var at = matrix.IndexOf(focused.Node.Id);
        return at < 0 ? [] : Between(matrix, i => i == at);
    }

    // Every pair of which one side is wanted: one arrow where both ways are alike.
    private static ImmutableArray<TopologyEdge> Between(ReachabilityMatrix matrix, Func<int, bool> wanted)
    {
        var edges = ImmutableArray.CreateBuilder<TopologyEdge>();
        for (var i = 0; i < matrix.Groups.Length; i++)
        {
            for (var j = i + 1; j < matrix.Groups.Length; j++)
            {
                if (!wanted(i) && !wanted(j))
                {
                    continue;
                }

                var (there, back) = (Edge(matrix, i, j), Edge(matrix, j, i));
                if (there is not null && back is not null && there.Label == back.Label && there.Words == back.Words)
                {
                    edges.Add(there with { BothWays = true });
                    continue;
                }

                edges.AddRange(new[] { there, back }.OfType<TopologyEdge>());
            }
        }

        return edges.ToImmutable();
    }

    private static TopologyEdge? Edge(ReachabilityMatrix matrix, int from, int to)
    {
        if (matrix.KindOf(from, to) is CellKind.None or CellKind.Empty)
        {
            return null;
        }

        var cell = matrix.Describe(from, to);
        var tone = cell.Kind switch
        {
            CellKind.All => TopologyTone.Open,
            CellKind.Unknown => TopologyTone.Unknown,
            CellKind.None or CellKind.Some or CellKind.Empty => TopologyTone.Partly,
            _ => throw new InvalidOperationException($"a cell of kind {cell.Kind}"),
        };
        return new TopologyEdge(IdOf(matrix, from), IdOf(matrix, to), TopologyEdgeKind.Permission, tone, cell.Brief, cell.Words);
    }

    private static string IdOf(ReachabilityMatrix matrix, int group) => group == matrix.OutsideIndex ? TopologyBuilder.OutsideId : matrix.Groups[group].Name;
}
