using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>The endpoints of one class in one group, by index in the classes' entries.</summary>
internal sealed record GroupPart(EndpointClass Class, List<int> Entries)
{
    /// <summary>Indices of the addresses that count, in the endpoint's order; default when all do. <see cref="Class"/> is the class at these alone.</summary>
    public ImmutableArray<int> Places { get; init; }

    /// <summary>The index of an address in the endpoint's order, by its index among those that count.</summary>
    public int PlaceOf(int place) => Places.IsDefault ? place : Places[place];

    /// <summary>The nodes they are on; null where the host does not matter.</summary>
    public Dictionary<string, int>? Nodes { get; init; }
}

/// <summary>A group as its classes.</summary>
internal sealed record GroupMembers(string Name, int Count, GroupPart[] Members)
{
    /// <summary>The name of the group of outside addresses.</summary>
    public const string OutsideName = "outside";

    /// <summary>Whether it stands for addresses outside of Calico: it has no endpoint.</summary>
    public bool IsOutside { get; init; }

    /// <summary>The addresses outside that no rule names more closely than others; null when there is none.</summary>
    public static GroupMembers? Outside(TrafficClasses classes)
    {
        var found = classes.OutsideClasses();
        return (found.FirstOrDefault(c => c.Outside == TrafficClasses.OtherAddresses) ?? found.FirstOrDefault()) is { } world
            ? new GroupMembers(OutsideName, 0, [new GroupPart(world, [])]) { IsOutside = true }
            : null;
    }

    /// <summary>The groups of all endpoints that have an address of the version, sorted by name.</summary>
    public static GroupMembers[] For(TrafficClasses classes, Func<WorkloadEndpoint, IEnumerable<string>> groupsOf)
    {
        var groups = new SortedDictionary<string, Dictionary<int, List<int>>>(StringComparer.Ordinal);
        for (var i = 0; i < classes.Entries.Length; i++)
        {
            if (classes.ClassOf(i) is >= 0 and var id)
            {
                foreach (var name in groupsOf(classes.Entries[i].Endpoint).Distinct(StringComparer.Ordinal))
                {
                    if (!groups.TryGetValue(name, out var members))
                    {
                        groups[name] = members = [];
                    }

                    if (!members.TryGetValue(id, out var list))
                    {
                        members[id] = list = [];
                    }

                    list.Add(i);
                }
            }
        }

        return [.. groups.Select(g => new GroupMembers(g.Key, g.Value.Sum(m => m.Value.Count), [.. g.Value.Select(m => Part(classes, m.Key, m.Value))]))];
    }

    /// <summary>Whether there are pairs on one host, and pairs on two; where the host does not matter all pairs count as on two.</summary>
    public static (bool Same, bool Apart) Pairs(TrafficClasses classes, GroupPart a, GroupPart b)
    {
        if (a.Nodes is null || b.Nodes is null)
        {
            return (false, a.Class.Id != b.Class.Id || a.Entries.Count > 1 || b.Entries.Count > 1 || a.Entries[0] != b.Entries[0]);
        }

        var small = a.Nodes.Count <= b.Nodes.Count ? (a.Nodes, b.Nodes) : (b.Nodes, a.Nodes);
        var same = small.Item1.Keys.Any(n => small.Item2.ContainsKey(n)
            && (a.Class.Id != b.Class.Id || a.Nodes[n] > 1 || b.Nodes[n] > 1 || PairOf(classes, a, b, true, n) is not null));
        return (same, a.Nodes.Count > 1 || b.Nodes.Count > 1 || a.Nodes.Keys.First() != b.Nodes.Keys.First());
    }

    /// <summary>A pair of two endpoints, on one host or on two as asked where the host matters; null when there is none.</summary>
    public static (WorkloadEndpoint, WorkloadEndpoint)? PairOf(TrafficClasses classes, GroupPart a, GroupPart b, bool sameHost, string? node = null)
    {
        foreach (var i in a.Entries)
        {
            var from = classes.Entries[i].Endpoint;
            if (node is not null && from.Id.Node != node)
            {
                continue;
            }

            foreach (var j in b.Entries)
            {
                var to = classes.Entries[j].Endpoint;
                if (i != j && (a.Nodes is null || sameHost == (from.Id.Node == to.Id.Node)))
                {
                    return (from, to);
                }
            }
        }

        return null;
    }

    internal static GroupPart Part(TrafficClasses classes, int id, List<int> entries) => new(classes.Classes[id], entries)
    {
        Nodes = classes.LeaksMark && !classes.PerNode
            ? entries.GroupBy(e => classes.Entries[e].Endpoint.Id.Node, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal)
            : null,
    };
}
