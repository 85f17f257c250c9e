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
/// What is open between every two groups of endpoints in one IP version. A cell is worked out when it is asked for, and kept: of thousands of groups a screen
/// shows a few hundred cells. What it says never changes; safe for concurrent use.
/// An endpoint to itself is no pair. Groups may overlap. An endpoint counts with all its addresses of the version: what is always open is open from each
/// address of each
/// sender to each address of each receiver.
/// </summary>
public sealed class ReachabilityMatrix
{
    private const int FewEntries = 16;
    private const int NotYet = int.MinValue;

    private readonly Lock _lock = new();
    private readonly PairTraffic _traffic;
    private readonly TrafficClasses _classes;
    private readonly GroupMembers[] _members;
    private readonly (int Always, int Ever)[]?[] _rows;
    private readonly HashSet<(int From, int To)> _doubtful = [];
    private readonly Dictionary<(int Always, int Ever), (ImmutableArray<OpenTraffic> Always, ImmutableArray<OpenTraffic> Sometimes,
        ImmutableArray<OpenTraffic> Never)> _described = [];
    private readonly Dictionary<string, int> _indices;
    private readonly bool _hasDoubts;

    private ReachabilityMatrix(PairTraffic traffic, TrafficClasses classes, GroupMembers[] members, bool hasDoubts)
    {
        (_traffic, _classes, _members, _hasDoubts) = (traffic, classes, members, hasDoubts);
        _rows = new (int, int)[members.Length][];
        Groups = [.. members.Select(g => new ReachabilityGroup(g.Name, g.Count))];
        _indices = members.Select((g, i) => (g.Name, i)).DistinctBy(g => g.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Name, g => g.i, StringComparer.Ordinal);
    }

    /// <summary>The groups, sorted by name; both rows and columns.</summary>
    public ImmutableArray<ReachabilityGroup> Groups { get; }

    /// <summary>How many classes of endpoints the rules tell apart.</summary>
    public int ClassCount => _classes.Classes.Length;

    /// <summary>The IP version.</summary>
    public bool IsIPv6 => _classes.IsIPv6;

    /// <summary>How many endpoints have several addresses that the rules tell apart.</summary>
    public int SplitEndpoints { get; private init; }

    /// <summary>The index of the group of outside addresses, which no endpoint is in and whose count is 0; -1 when there is none.</summary>
    public int OutsideIndex { get; private init; } = -1;

    /// <summary>Finds the groups of a matrix.</summary>
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

        return new ReachabilityMatrix(traffic, classes, groups, model.HasDoubts)
        {
            SplitEndpoints = classes.CountSplitEndpoints(),
            OutsideIndex = groups is [.., { IsOutside: true }] ? groups.Length - 1 : -1,
        };
    }

    /// <summary>How much is open from one group to another, by their indices.</summary>
    public CellKind KindOf(int from, int to)
    {
        lock (_lock)
        {
            return KindOf(Sets(from, to), from, to);
        }
    }

    /// <summary>A cell in full, by its groups' indices.</summary>
    /// <param name="from">The sending group.</param>
    /// <param name="to">The receiving group.</param>
    /// <param name="prefer">Which endpoints make a better example, such as those of running containers; only the first few of each class are looked at.</param>
    public ReachabilityCell Describe(int from, int to, Func<WorkloadEndpoint, bool>? prefer = null)
    {
        // Sets are numbered while they are joined: one reader at a time.
        lock (_lock)
        {
            var found = Sets(from, to);
            var (always, sometimes, never) = Described(found);
            return new ReachabilityCell(Groups[from].Name, Groups[to].Name, KindOf(found, from, to), always, sometimes,
                _members[from].IsOutside || _members[to].IsOutside ? null : Example(_traffic, _classes, _members[from], _members[to], prefer),
                IsSplit(_members[from]) || IsSplit(_members[to]))
            {
                Never = never,
            };
        }
    }

    /// <summary>
    /// Flows that stand for all that is open from one group to another: every kind of traffic that rules tell apart, between every kind of its endpoints. Empty
    /// when nothing is; null when there are more than <paramref name="most"/>, and for addresses outside.
    /// </summary>
    /// <param name="from">The sending group.</param>
    /// <param name="to">The receiving group.</param>
    /// <param name="most">How many are looked at.</param>
    public ImmutableArray<Flow>? OpenFlows(int from, int to, int most)
    {
        lock (_lock)
        {
            return _members[from].IsOutside || _members[to].IsOutside ? null : CellFlows.Open(_traffic, _classes, _members[from], _members[to], most);
        }
    }

    /// <summary>The nodes that the endpoints of a group are on.</summary>
    public IEnumerable<string> NodesOf(int group) => _members[group].Members.SelectMany(m => m.Entries).Select(e => _classes.Entries[e].Endpoint.Id.Node)
        .Distinct(StringComparer.Ordinal);

    /// <summary>The index of a group by its name; -1 when there is none.</summary>
    public int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _indices.GetValueOrDefault(name, -1);
    }

    private static bool IsSplit(GroupMembers group) => group.Members.Any(m => m.Class.Places > 1);

    private CellKind KindOf((int Always, int Ever) found, int from, int to) => found switch
    {
        (_, < 0) => CellKind.Empty,
        _ when _doubtful.Contains((from, to)) => CellKind.Unknown,
        (TrafficSets.All, _) => CellKind.All,
        (_, TrafficSets.None) => CellKind.None,
        _ => CellKind.Some,
    };

    private (int Always, int Ever) Sets(int from, int to)
    {
        if (_rows[from] is not { } row)
        {
            _rows[from] = row = new (int, int)[_members.Length];
            Array.Fill(row, (NotYet, NotYet));
        }

        if (row[to].Always == NotYet)
        {
            row[to] = Cell(_traffic, _classes, _members[from], _members[to]);
            if (_hasDoubts && IsDoubtful(_traffic, _classes, _members[from], _members[to]))
            {
                _doubtful.Add((from, to));
            }
        }

        return row[to];
    }

    // Few sets of traffic make up many cells.
    private (ImmutableArray<OpenTraffic> Always, ImmutableArray<OpenTraffic> Sometimes, ImmutableArray<OpenTraffic> Never) Described((int, int) found)
    {
        if (!_described.TryGetValue(found, out var described))
        {
            var (always, ever) = found;
            var sets = _traffic.Sets;
            ImmutableArray<OpenTraffic> In(int set) => sets.Space.Describe(sets[set]);
            _described[found] = described = ever < 0 ? ([], [], []) : (In(always), In(sets.Without(ever, always)), In(sets.Without(TrafficSets.All, ever)));
        }

        return described;
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
