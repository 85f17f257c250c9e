using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>Endpoints of one class in each of two models, or outside addresses, with the groups in which they are reported.</summary>
internal sealed class Part(int id, EndpointClass now, EndpointClass proposal, bool touched)
{
    private Dictionary<string, List<WorkloadEndpoint>>? _groups;
    private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);

    public int Id { get; } = id;

    public EndpointClass Now { get; } = now;

    public EndpointClass Proposal { get; } = proposal;

    /// <summary>How many addresses of each endpoint are to be compared.</summary>
    public int Places => Math.Max(Now.Places, Proposal.Places);

    /// <summary>Whether an address has the same index in both models, or all are alike in one of them.</summary>
    public bool IsAligned => Now.Places == Proposal.Places || Now.Places == 1 || Proposal.Places == 1;

    /// <summary>Whether anything about these endpoints themselves differs: pairs of two that are not touched cannot differ.</summary>
    public bool Touched { get; } = touched;

    /// <summary>Endpoints by their index in the proposal's entries.</summary>
    public List<int> Entries { get; } = [];

    /// <summary>What outside addresses these are; null for endpoints.</summary>
    public string? Outside { get; init; }

    public bool IsOutside => Outside is not null;

    /// <summary>Endpoints by the groups that they are reported in; made when something changes for them.</summary>
    public Dictionary<string, List<WorkloadEndpoint>> Groups(EndpointEntry[] entries, Func<WorkloadEndpoint, IEnumerable<string>> groupsOf)
    {
        if (_groups is not null)
        {
            return _groups;
        }

        _groups = new(StringComparer.Ordinal);
        if (Outside is { } name)
        {
            _groups[$"outside: {name}"] = [];
        }

        foreach (var endpoint in Entries.Select(e => entries[e].Endpoint))
        {
            foreach (var group in groupsOf(endpoint).Distinct(StringComparer.Ordinal))
            {
                if (!_groups.TryGetValue(group, out var members))
                {
                    _groups[group] = members = [];
                }

                members.Add(endpoint);
            }
        }

        return _groups;
    }

    public void Add(int entry, WorkloadEndpoint endpoint, bool countNodes)
    {
        Entries.Add(entry);
        if (countNodes)
        {
            _nodes[endpoint.Id.Node] = _nodes.GetValueOrDefault(endpoint.Id.Node) + 1;
        }
    }

    /// <summary>Ordered pairs of different endpoints; outside addresses count as one.</summary>
    public long Pairs(Part other) => IsOutside ? other.Entries.Count : other.IsOutside
        ? Entries.Count : ((long)Entries.Count * other.Entries.Count) - (Id == other.Id ? Entries.Count : 0);

    public long PairsOnOneHost(Part other) => _nodes.Sum(n => (long)n.Value * other._nodes.GetValueOrDefault(n.Key)) - (Id == other.Id ? Entries.Count : 0);

    public static long PairsOf(Part from, List<WorkloadEndpoint> senders, Part to, List<WorkloadEndpoint> receivers, bool? onOneHost)
    {
        if (from.IsOutside || to.IsOutside)
        {
            return from.IsOutside ? receivers.Count : senders.Count;
        }

        long self = from.Id != to.Id ? 0 : ReferenceEquals(senders, receivers)
            ? senders.Count : senders.Intersect(receivers, ReferenceEqualityComparer.Instance).Count();
        var all = (long)senders.Count * receivers.Count;
        if (onOneHost is not { } wanted)
        {
            return all - self;
        }

        var nodes = receivers.GroupBy(e => e.Id.Node, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var same = senders.Sum(e => (long)nodes.GetValueOrDefault(e.Id.Node));
        return wanted ? same - self : all - same;
    }

    public static (string From, string To) ExampleOf(Part from, List<WorkloadEndpoint> senders, Part to, List<WorkloadEndpoint> receivers)
    {
        var sender = from.IsOutside ? null : senders[0];
        var receiver = to.IsOutside ? null : receivers.FirstOrDefault(r => !ReferenceEquals(r, sender));
        if (receiver is null && !to.IsOutside)
        {
            (sender, receiver) = (senders.FirstOrDefault(s => !ReferenceEquals(s, receivers[0])), receivers[0]);
        }

        return (sender?.Id.Name ?? from.Proposal.Address.Ip.ToString(), receiver?.Id.Name ?? to.Proposal.Address.Ip.ToString());
    }
}
