using System.Globalization;

namespace CalicoConsole.Core.Topology;

/// <summary>The groups of a topology, each with a box or in the one of the others. Immutable.</summary>
internal sealed class TopologyGroups
{
    private readonly Dictionary<string, string> _ids;

    public TopologyGroups(ImmutableArray<FoundEndpoint> found, TopologyView view)
    {
        var counts = found.SelectMany(f => f.Groups).CountBy(g => g, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        string[] names = [.. counts.Keys.Order(StringComparer.Ordinal)];
        string[] own = names.Length <= TopologyBuilder.MostGroups ? names :
        [
            .. names.OrderByDescending(n => TopologyBuilder.GroupId(n) == view.Focus).ThenByDescending(n => counts[n]).ThenBy(n => n, StringComparer.Ordinal)
                .Take(TopologyBuilder.MostGroups - 1).Order(StringComparer.Ordinal),
        ];
        var others = names.Except(own, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        Nodes =
        [
            .. own.Select(n => new TopologyNode(TopologyBuilder.GroupId(n), TopologyNodeKind.Group, n) { Endpoints = counts[n] }),
            .. others.Count == 0 ? ImmutableArray<TopologyNode>.Empty :
            [
                new TopologyNode(TopologyBuilder.OtherGroupsId, TopologyNodeKind.Group,
                    string.Create(CultureInfo.InvariantCulture, $"{others.Count:N0} other {view.Grouping}s"))
                {
                    Things = others.Count,
                    Endpoints = found.Count(f => f.Groups.Any(others.Contains)),
                },
            ],
        ];
        _ids = own.Select(n => (n, TopologyBuilder.GroupId(n))).Concat(others.Select(n => (n, TopologyBuilder.OtherGroupsId)))
            .ToDictionary(p => p.n, p => p.Item2, StringComparer.Ordinal);
    }

    public ImmutableArray<TopologyNode> Nodes { get; }

    /// <summary>The boxes of an endpoint's groups.</summary>
    public ImmutableArray<string> IdsOf(FoundEndpoint found) => [.. found.Groups.Select(g => _ids[g]).Distinct(StringComparer.Ordinal)];
}
