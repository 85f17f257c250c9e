using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>How much is open between two groups.</summary>
public enum CellKind
{
    /// <summary>Nothing for no pair.</summary>
    None,

    /// <summary>Something for some pair.</summary>
    Some,

    /// <summary>Everything for every pair.</summary>
    All,

    /// <summary>There is no pair: both groups are the same single endpoint, or one has no address of the IP version.</summary>
    Empty,

    /// <summary>Nobody can say of some pair: Felix cannot program a rule of an endpoint, see <see cref="Verdict.Unknown"/>.</summary>
    Unknown,
}

/// <summary>A group of endpoints in a matrix.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many endpoints with an address of the IP version.</param>
public sealed record ReachabilityGroup(string Name, int Count);

/// <summary>A pair of endpoints as an example.</summary>
/// <param name="From">The sender.</param>
/// <param name="To">The receiver.</param>
public sealed record ReachabilityPair(WorkloadEndpoint From, WorkloadEndpoint To)
{
    /// <summary>The sender's address that the example is about; null when all its addresses are alike.</summary>
    public Ip? FromAddress { get; init; }

    /// <summary>The receiver's address that the example is about; null when all its addresses are alike.</summary>
    public Ip? ToAddress { get; init; }
}

/// <summary>A cell of a matrix in full.</summary>
/// <param name="From">Name of the sending group.</param>
/// <param name="To">Name of the receiving group.</param>
/// <param name="Kind">How much is open.</param>
/// <param name="Always">Traffic that is open for every pair.</param>
/// <param name="Sometimes">Traffic that is open for some pairs only.</param>
/// <param name="Example">A pair for which something is open, or any pair when nothing is; null when there is no pair.</param>
/// <param name="TellsAddressesApart">Whether some endpoint has several addresses that the rules tell apart, so that what is open for some pairs may be so for
/// some addresses of a pair.</param>
public sealed record ReachabilityCell(
    string From, string To, CellKind Kind, ImmutableArray<OpenTraffic> Always, ImmutableArray<OpenTraffic> Sometimes, ReachabilityPair? Example,
        bool TellsAddressesApart = false)
{
    /// <summary>Traffic that is open for no pair.</summary>
    public ImmutableArray<OpenTraffic> Never { get; init; } = [];

    /// <summary>How much of all traffic is open for every pair, or for some where nothing is open for all.</summary>
    public TrafficAmount Amount => Kind == CellKind.All ? TrafficAmount.Everything : BriefTraffic.Amount(Always, Sometimes, Never);

    /// <summary>Whether all of it is open for some pairs only.</summary>
    public bool IsForSomePairs => Kind == CellKind.Some && Always.IsEmpty;

    /// <summary>In as few words as a cell has room for, such as <c>all</c>, <c>none</c>, <c>tcp 80, 443</c>, <c>all but tcp 22</c>.</summary>
    public string Brief => Kind switch
    {
        CellKind.All => "all",
        CellKind.None => "none",
        CellKind.Empty => "no pair",
        CellKind.Unknown => "unknown",
        CellKind.Some => BriefTraffic.Words(Always, Sometimes, Never),
        _ => throw new InvalidOperationException($"a cell of kind {Kind}"),
    };

    /// <summary>In words: <c>everything</c>, <c>nothing</c>, or the traffic.</summary>
    public string Words => Kind switch
    {
        CellKind.All => "everything",
        CellKind.None => "nothing",
        CellKind.Empty => "no pair",
        CellKind.Unknown => "not known: Felix cannot program a rule of some endpoint",
        _ => string.Join("; ",
        [
            .. Always.Select(t => t.ToString()),
            .. Sometimes.Select(t => $"{t} for some pairs{(TellsAddressesApart ? " or addresses" : "")}"),
        ]),
    };
}

/// <summary>
/// What is open between every two groups of endpoints in one IP version. Immutable; cells are described when asked for.
/// An endpoint to itself is no pair. Groups may overlap. An endpoint counts with all its addresses of the version: what is always open is open from each
/// address of each
/// sender to each address of each receiver.
/// </summary>
public sealed class ReachabilityMatrix
{
    private const int FewEntries = 16;

    private readonly TrafficSets _sets;
    private readonly (int Always, int Ever)[] _cells;
    private readonly Func<int, int, Func<WorkloadEndpoint, bool>?, ReachabilityPair?> _example;
    private readonly bool[] _split;
    private readonly HashSet<int> _doubtful;

    private ReachabilityMatrix(ImmutableArray<ReachabilityGroup> groups, TrafficSets sets, (int, int)[] cells,
        Func<int, int, Func<WorkloadEndpoint, bool>?, ReachabilityPair?> example, bool[] split, HashSet<int> doubtful, int classCount, bool ipv6) =>
        (Groups, _sets, _cells, _example, _split, _doubtful, ClassCount, IsIPv6) = (groups, sets, cells, example, split, doubtful, classCount, ipv6);

    /// <summary>The groups, sorted by name; both rows and columns.</summary>
    public ImmutableArray<ReachabilityGroup> Groups { get; }

    /// <summary>How many classes of endpoints the rules tell apart.</summary>
    public int ClassCount { get; }

    /// <summary>The IP version.</summary>
    public bool IsIPv6 { get; }

    /// <summary>How many endpoints have several addresses that the rules tell apart.</summary>
    public int SplitEndpoints { get; private init; }

    /// <summary>The index of the group of outside addresses, which no endpoint is in and whose count is 0; -1 when there is none.</summary>
    public int OutsideIndex { get; private init; } = -1;

    /// <summary>Works out a matrix.</summary>
    /// <param name="model">The model.</param>
    /// <param name="groupsOf">The names of the groups of an endpoint; none leaves it out.</param>
    /// <param name="ipv6">The IP version.</param>
    /// <param name="outside">Whether a last group stands for the addresses outside of Calico that no rule names more closely.</param>
    public static ReachabilityMatrix From(ReachabilityModel model, Func<WorkloadEndpoint, IEnumerable<string>> groupsOf, bool ipv6 = false,
        bool outside = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(groupsOf);
        var classes = model.Classes(ipv6);
        var space = TrafficSpace.From(model.StoredRules, model.FailsafePorts, ipv6);
        var traffic = new PairTraffic(classes, new TrafficSets(space));
        var groups = GroupMembers.For(classes, groupsOf);
        if (outside && GroupMembers.Outside(classes) is { } world)
        {
            groups = [.. groups, world];
        }

        var count = groups.Length;
        var cells = new (int, int)[count * count];
        var doubtful = new HashSet<int>();
        var hasDoubts = model.HasDoubts;
        for (var from = 0; from < count; from++)
        {
            for (var to = 0; to < count; to++)
            {
                cells[(from * count) + to] = Cell(traffic, classes, groups[from], groups[to]);
                if (hasDoubts && IsDoubtful(traffic, classes, groups[from], groups[to]))
                {
                    doubtful.Add((from * count) + to);
                }
            }
        }

        return new ReachabilityMatrix(
            [.. groups.Select(g => new ReachabilityGroup(g.Name, g.Count))], traffic.Sets, cells,
                (from, to, prefer) => groups[from].IsOutside || groups[to].IsOutside ? null : Example(traffic, classes, groups[from], groups[to], prefer),
            [.. groups.Select(g => g.Members.Any(m => m.Class.Places > 1))], doubtful, classes.Classes.Length, ipv6)
        {
            SplitEndpoints = classes.CountSplitEndpoints(),
            OutsideIndex = groups is [.., { IsOutside: true }] ? count - 1 : -1,
        };
    }

    /// <summary>How much is open from one group to another, by their indices.</summary>
    public CellKind KindOf(int from, int to) => _cells[(from * Groups.Length) + to] switch
    {
        (_, < 0) => CellKind.Empty,
        _ when _doubtful.Contains((from * Groups.Length) + to) => CellKind.Unknown,
        (TrafficSets.All, _) => CellKind.All,
        (_, TrafficSets.None) => CellKind.None,
        _ => CellKind.Some,
    };

    /// <summary>A cell in full, by its groups' indices.</summary>
    /// <param name="from">The sending group.</param>
    /// <param name="to">The receiving group.</param>
    /// <param name="prefer">Which endpoints make a better example, such as those of running containers; only the first few of each class are looked at.</param>
    public ReachabilityCell Describe(int from, int to, Func<WorkloadEndpoint, bool>? prefer = null)
    {
        var (always, ever) = _cells[(from * Groups.Length) + to];
        // Sets are numbered while they are joined: one reader at a time.
        lock (_sets)
        {
            return new ReachabilityCell(
                Groups[from].Name,
                Groups[to].Name,
                KindOf(from, to),
                ever < 0 ? [] : _sets.Space.Describe(_sets[always]),
                ever < 0 ? [] : _sets.Space.Describe(_sets[_sets.Without(ever, always)]),
                _example(from, to, prefer),
                _split[from] || _split[to])
            {
                Never = ever < 0 ? [] : _sets.Space.Describe(_sets[_sets.Without(TrafficSets.All, ever)]),
            };
        }
    }

    /// <summary>The index of a group by its name; -1 when there is none.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Groups.Length; i++)
        {
            if (Groups[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static (int Always, int Ever) Cell(PairTraffic traffic, TrafficClasses classes, GroupMembers from, GroupMembers to)
    {
        var (always, ever) = (TrafficSets.All, -1);
        if (from.IsOutside && to.IsOutside)
        {
            return (always, ever);
        }

        foreach (var a in from.Members)
        {
            foreach (var b in to.Members)
            {
                var (same, apart) = GroupMembers.Pairs(classes, a, b);
                if (always == TrafficSets.None && ever == TrafficSets.All)
                {
                    return (always, ever);
                }

                if (same)
                {
                    Add(traffic.Open(a.Class, b.Class, sameHost: true));
                }

                if (apart)
                {
                    Add(traffic.Open(a.Class, b.Class, sameHost: false));
                }
            }
        }

        return (always, ever);

        void Add((int Always, int Ever) open)
        {
            always = traffic.Sets.Intersect(always, open.Always);
            ever = ever < 0 ? open.Ever : traffic.Sets.Union(ever, open.Ever);
        }
    }

    private static bool IsDoubtful(PairTraffic traffic, TrafficClasses classes, GroupMembers from, GroupMembers to) =>
        !(from.IsOutside && to.IsOutside) && from.Members.Any(a => to.Members.Any(b =>
        {
            var (same, apart) = GroupMembers.Pairs(classes, a, b);
            return (same && traffic.IsDoubtful(a.Class, b.Class, sameHost: true)) || (apart && traffic.IsDoubtful(a.Class, b.Class, sameHost: false));
        }));

    // Best is an open pair of preferred endpoints, then any open pair, then a preferred one, then any.
    private static ReachabilityPair? Example(PairTraffic traffic, TrafficClasses classes, GroupMembers from, GroupMembers to,
        Func<WorkloadEndpoint, bool>? prefer)
    {
        ReachabilityPair? open = null, preferred = null, any = null;
        foreach (var a in from.Members)
        {
            foreach (var b in to.Members)
            {
                var (same, apart) = GroupMembers.Pairs(classes, a, b);
                foreach (var (exists, sameHost) in new[] { (same, true), (apart, false) })
                {
                    if (!exists || GroupMembers.PairOf(classes, a, b, sameHost) is not { } found)
                    {
                        continue;
                    }

                    var places = from i in Enumerable.Range(0, a.Class.Places)
                                 from j in Enumerable.Range(0, b.Class.Places)
                                 where traffic.OpenAt(a.Class.At(i), b.Class.At(j), sameHost) != TrafficSets.None
                                 select ((int, int)?)(i, j);
                    var place = places.FirstOrDefault();
                    var isOpen = place is not null;
                    ReachabilityPair Pair((WorkloadEndpoint From, WorkloadEndpoint To) pair) => new(pair.From, pair.To)
                    {
                        FromAddress = AddressOf(classes, a, pair.From, place?.Item1 ?? 0),
                        ToAddress = AddressOf(classes, b, pair.To, place?.Item2 ?? 0),
                    };
                    var pair = Pair(found);
                    var better = prefer is null ? pair : GroupMembers.PairOf(classes, Preferred(a), Preferred(b), sameHost) is { } liked ? Pair(liked) : null;
                    if (isOpen && better is not null)
                    {
                        return better;
                    }

                    (open, preferred, any) = (open ?? (isOpen ? pair : null), preferred ?? better, any ?? pair);
                }
            }
        }

        return open ?? preferred ?? any;

        static Ip? AddressOf(TrafficClasses classes, GroupPart part, WorkloadEndpoint endpoint, int place) =>
            part.Class.Places == 1 ? null : (classes.IsIPv6 ? endpoint.IPv6Nets : endpoint.IPv4Nets)[place].Address;

        GroupPart Preferred(GroupPart part) => part with { Entries = [.. part.Entries.Take(FewEntries).Where(i => prefer!(classes.Entries[i].Endpoint))] };
    }
}
