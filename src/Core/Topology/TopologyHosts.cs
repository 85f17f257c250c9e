using System.Globalization;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Topology;

/// <summary>The hosts of a topology, each with a column or in the one of the others. Immutable.</summary>
internal sealed class TopologyHosts
{
    private readonly Dictionary<string, int> _places;

    public TopologyHosts(ClusterSnapshot snapshot, TopologyView view, ImmutableArray<FoundEndpoint> found)
    {
        var counts = found.CountBy(f => f.Endpoint.Id.Node, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var known = snapshot.Views.Nodes.GroupBy(n => n.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        var text = view.Filter.Trim();
        // A host that only endpoints name is one, too.
        string[] names =
        [
            .. known.Keys.Union(counts.Keys, StringComparer.Ordinal)
                .Where(n => text.Length == 0 || counts.ContainsKey(n) || n.Contains(text, StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal),
        ];
        var own = names.Length <= TopologyBuilder.MostHosts ? names : Chosen(names);
        var others = names.Except(own, StringComparer.Ordinal).ToArray();
        Nodes =
        [
            .. own.Select(n => new TopologyNode(TopologyBuilder.HostId(n), TopologyNodeKind.Host, n)
            {
                Host = known.GetValueOrDefault(n),
                Endpoints = counts.GetValueOrDefault(n),
            }),
            .. others.Length == 0 ? ImmutableArray<TopologyNode>.Empty :
            [
                new TopologyNode(TopologyBuilder.OtherHostsId, TopologyNodeKind.Host,
                    string.Create(CultureInfo.InvariantCulture, $"{others.Length:N0} other hosts"))
                {
                    Things = others.Length,
                    Endpoints = others.Sum(o => counts.GetValueOrDefault(o)),
                },
            ],
        ];
        _places = own.Select((n, i) => (n, i)).Concat(others.Select(n => (n, i: own.Length))).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);

        // First those that want a look, then those that carry most.
        string[] Chosen(string[] all) =>
        [
            .. all.OrderByDescending(n => HostId(n) == view.Focus).ThenByDescending(n => IsBroken(known.GetValueOrDefault(n)))
                .ThenByDescending(n => counts.GetValueOrDefault(n)).ThenBy(n => n, StringComparer.Ordinal)
                .Take(TopologyBuilder.MostHosts - 1).Order(StringComparer.Ordinal),
        ];
    }

    public ImmutableArray<TopologyNode> Nodes { get; }

    /// <summary>The box that a node is drawn as; null when it is not drawn.</summary>
    public string? Find(string node) => _places.TryGetValue(node, out var place) ? Nodes[place].Id : null;

    public string IdOf(string node) => Nodes[_places[node]].Id;

    public int PlaceOf(string id)
    {
        for (var i = 0; i < Nodes.Length; i++)
        {
            if (Nodes[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    private static string HostId(string node) => TopologyBuilder.HostId(node);

    private static bool IsBroken(NodeView? view) => view is { Host: not null, CalicoNode: not { State: "running" } };
}
