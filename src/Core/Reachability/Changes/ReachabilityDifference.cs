using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Core.Reachability.Changes;

/// <summary>What changes between two groups.</summary>
/// <param name="From">Name of the sending group, or <c>outside</c> with the addresses.</param>
/// <param name="To">Name of the receiving group, or <c>outside</c> with the addresses.</param>
/// <param name="Opened">Traffic that some pair gets.</param>
/// <param name="Closed">Traffic that some pair loses.</param>
/// <param name="OpenedPairs">How many pairs of endpoints get any; an outside network counts as one.</param>
/// <param name="ClosedPairs">How many pairs of endpoints lose any.</param>
/// <param name="Example">One of the pairs, as text for people: endpoint names or outside addresses.</param>
public sealed record GroupChange(
    string From, string To, ImmutableArray<OpenTraffic> Opened, ImmutableArray<OpenTraffic> Closed, long OpenedPairs, long ClosedPairs,
        (string From, string To) Example);

/// <summary>
/// The difference of reachability between two models, such as now and a proposal. Pure. Exact for all traffic of an IP version between workload
/// endpoints that both models know, and between them and the outside addresses that the rules tell apart.
/// </summary>
public sealed class ReachabilityDifference
{
    private ReachabilityDifference()
    {
    }

    /// <summary>What changes between groups, most pairs first.</summary>
    public required ImmutableArray<GroupChange> Changes { get; init; }

    /// <summary>How many ordered pairs of endpoints get traffic that they had not. Each pair counts once, whatever groups it is in.</summary>
    public required long OpenedPairs { get; init; }

    /// <summary>How many ordered pairs of endpoints lose traffic that they had.</summary>
    public required long ClosedPairs { get; init; }

    /// <summary>How many endpoints are in any changed pair.</summary>
    public required int EndpointCount { get; init; }

    /// <summary>How many endpoints only one of the models knows: they are not compared.</summary>
    public required int NotCompared { get; init; }

    /// <summary>Whether nothing changes between the endpoints that were compared.</summary>
    public bool IsEmpty => Changes.IsEmpty;

    /// <summary>Compares.</summary>
    /// <param name="now">The model as it is.</param>
    /// <param name="proposal">The model as it would be; cheap when it was made by <see cref="ReachabilityModel.With"/>.</param>
    /// <param name="groupsOf">The names of the groups of an endpoint, for the report; endpoints without a group are compared but not reported.</param>
    /// <param name="ipv6">The IP version.</param>
    /// <param name="cancellationToken">Ends it early, for a proposal that is old already.</param>
    public static ReachabilityDifference Between(
        ReachabilityModel now, ReachabilityModel proposal, Func<WorkloadEndpoint, IEnumerable<string>> groupsOf, bool ipv6 = false,
            CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(proposal);
        ArgumentNullException.ThrowIfNull(groupsOf);
        return new Comparison(now, proposal, groupsOf, ipv6).Run(cancellationToken);
    }

    /// <summary>Compares two models pair of classes by pair of classes. For one comparison.</summary>
    private sealed class Comparison
    {
        private readonly TrafficClasses _now;
        private readonly TrafficClasses _proposal;
        private readonly TrafficSets _sets;
        private readonly PairTraffic _before;
        private readonly PairTraffic _after;
        private readonly bool _hosts;
        private readonly Func<WorkloadEndpoint, IEnumerable<string>> _groupsOf;
        private readonly Dictionary<(string, string), Sum> _sums = [];
        private readonly HashSet<int> _changed = [];
        private long _opened;
        private long _closed;
        private int _notCompared;

        public Comparison(ReachabilityModel now, ReachabilityModel proposal, Func<WorkloadEndpoint, IEnumerable<string>> groupsOf, bool ipv6)
        {
            (_now, _proposal, _groupsOf) = (now.Classes(ipv6), proposal.Classes(ipv6), groupsOf);
            _sets = new TrafficSets(TrafficSpace.From(now.StoredRules.Concat(proposal.StoredRules), now.FailsafePorts.Concat(proposal.FailsafePorts), ipv6));
            (_before, _after) = (new PairTraffic(_now, _sets), new PairTraffic(_proposal, _sets));
            _hosts = (_now.LeaksMark || _proposal.LeaksMark) && !(_now.PerNode && _proposal.PerNode);
        }

        public ReachabilityDifference Run(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var parts = Parts();
            var touched = parts.Where(p => p.Touched).ToArray();
            foreach (var a in touched)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var b in parts)
                {
                    Compare(a, b);
                    if (!b.Touched)
                    {
                        Compare(b, a);
                    }
                }
            }

            return new ReachabilityDifference
            {
                Changes =
                [
                    .. _sums.OrderByDescending(s => s.Value.Opened + s.Value.Closed).ThenBy(s => s.Key.Item1, StringComparer.Ordinal)
                        .ThenBy(s => s.Key.Item2, StringComparer.Ordinal)
                        .Select(s => new GroupChange(
                            s.Key.Item1, s.Key.Item2, _sets.Space.Describe(_sets[s.Value.OpenedTraffic]), _sets.Space.Describe(_sets[s.Value.ClosedTraffic]),
                                s.Value.Opened, s.Value.Closed, s.Value.Example)),
                ],
                OpenedPairs = _opened,
                ClosedPairs = _closed,
                EndpointCount = parts.Where((_, i) => _changed.Contains(i)).Sum(p => p.Entries.Count),
                NotCompared = _notCompared,
            };
        }

        private List<Part> Parts()
        {
            var parts = new Dictionary<(int, int, bool), Part>();
            var same = ReferenceEquals(_now.Entries, _proposal.Entries);
            var before = same ? null : _now.Entries.Select((e, i) => (e.Endpoint.Id, i)).ToDictionary(e => e.Id, e => e.i);
            var relabelled = new Dictionary<int, bool>();
            for (var i = 0; i < _proposal.Entries.Length; i++)
            {
                var entry = _proposal.Entries[i];
                if (!same && !before!.Remove(entry.Endpoint.Id, out _))
                {
                    _notCompared++;
                    continue;
                }

                var old = same ? i : OldIndex(entry.Endpoint.Id);
                var (a, b) = (_now.ClassOf(old), _proposal.ClassOf(i));
                if (a < 0 || b < 0)
                {
                    continue;
                }

                var touched = IsTouched(_now.Entries[old], entry, a, b, _proposal.Shapes.Shares[i], relabelled);
                if (!parts.TryGetValue((a, b, touched), out var part))
                {
                    parts[(a, b, touched)] = part = new Part(parts.Count, _now.Classes[a], _proposal.Classes[b], touched);
                }

                part.Add(i, entry.Endpoint, _hosts);
            }

            _notCompared += before?.Count ?? 0;
            var all = parts.Values.ToList();
            all.AddRange(Outside(all.Count));
            return all;
        }

        private Dictionary<WorkloadEndpointId, int>? _oldIndices;

        private int OldIndex(WorkloadEndpointId id) =>
            (_oldIndices ??= _now.Entries.Select((e, i) => (e.Endpoint.Id, i)).ToDictionary(e => e.Id, e => e.i))[id];

        private IEnumerable<Part> Outside(int count)
        {
            // The proposal may name networks that nothing named before: the same addresses are looked at in both models.
            var known = new HashSet<(string, BitKey, BitKey)>();
            foreach (var at in _proposal.OutsideClasses().Concat(_now.OutsideClasses()).GroupBy(c => c.Address.Ip))
            {
                var name = at.Select(c => c.Outside).FirstOrDefault(n => n != TrafficClasses.OtherAddresses) ?? TrafficClasses.OtherAddresses;
                var (before, after) = (OutsideClass(_now, name, at.Key), OutsideClass(_proposal, name, at.Key));
                if (before is not null && after is not null && known.Add((name, new BitKey(before.Bits), new BitKey(after.Bits))))
                {
                    yield return new Part(count++, before, after, false) { Outside = name };
                }
            }
        }

        private static EndpointClass? OutsideClass(TrafficClasses classes, string name, Ip ip)
        {
            var address = classes.Model.Table.Resolve(ip);
            return address.Owner >= 0 ? null : new EndpointClass { Id = -1, Outside = name, Address = address, Bits = classes.BitsOf(address) };
        }

        private bool IsTouched(EndpointEntry before, EndpointEntry after, int a, int b, bool shares, Dictionary<int, bool> relabelled)
        {
            var (old, made) = (_now.Classes[a], _proposal.Classes[b]);
            if (_now.PerNode || _proposal.PerNode || !ReferenceEquals(before.Endpoint, after.Endpoint)
                || !ReferenceEquals(_now.Model.Settings, _proposal.Model.Settings)
                || old.IsDead != made.IsDead || !Equals(old.Ingress, made.Ingress) || !Equals(old.Egress, made.Egress) || before.LabelClass != after.LabelClass)
            {
                return true;
            }

            // A rule that is new for somebody else looks at this endpoint through its labels and addresses, which are the same
            // unless somebody else who has one of them has other labels.
            return !ReferenceEquals(_now.Model.Members, _proposal.Model.Members)
                && (Relabelled(after.LabelClass) || (shares && after.Nets(_proposal.IsIPv6).Any(n => _proposal.Model.Table.Resolve(n.Address) is var address
                    && ((address.Owner >= 0 && Relabelled(address.Owner)) || (!address.Others.IsDefault && address.Others.Any(Relabelled))))));

            bool Relabelled(int labelClass)
            {
                if (!relabelled.TryGetValue(labelClass, out var changed))
                {
                    var (was, now) = (_now.Model.Members.Labels, _proposal.Model.Members.Labels);
                    relabelled[labelClass] = changed = labelClass >= was.Length
                        || (!ReferenceEquals(was[labelClass], now[labelClass]) && !Same(was[labelClass], now[labelClass]));
                }

                return changed;
            }
        }

        private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
            a.Count == b.Count && a.All(l => b.TryGetValue(l.Key, out var value) && value == l.Value);

        private void Compare(Part from, Part to)
        {
            if (from.IsOutside && to.IsOutside)
            {
                return;
            }

            if (!_hosts || from.IsOutside || to.IsOutside)
            {
                Add(from, to, sameHost: false, from.Pairs(to), null);
                return;
            }

            var same = from.PairsOnOneHost(to);
            Add(from, to, sameHost: true, same, true);
            Add(from, to, sameHost: false, from.Pairs(to) - same, false);
        }

        /// <summary>What opens and closes between any of the addresses.</summary>
        private (int Opened, int Closed) Change(Part from, Part to, bool sameHost)
        {
            if (!from.IsAligned || !to.IsAligned)
            {
                // The proposal gives an endpoint another number of addresses: what all have, and what some have, is compared.
                var (was, then) = (_before.Open(from.Now, to.Now, sameHost), _after.Open(from.Proposal, to.Proposal, sameHost));
                return (_sets.Union(_sets.Without(then.Ever, was.Ever), _sets.Without(then.Always, was.Always)),
                    _sets.Union(_sets.Without(was.Ever, then.Ever), _sets.Without(was.Always, then.Always)));
            }

            var (opened, closed) = (TrafficSets.None, TrafficSets.None);
            for (var i = 0; i < from.Places; i++)
            {
                for (var j = 0; j < to.Places; j++)
                {
                    var (was, now) = (_before.OpenAt(from.Now.At(i), to.Now.At(j), sameHost), _after.OpenAt(from.Proposal.At(i), to.Proposal.At(j), sameHost));
                    if (was != now)
                    {
                        (opened, closed) = (_sets.Union(opened, _sets.Without(now, was)), _sets.Union(closed, _sets.Without(was, now)));
                    }
                }
            }

            return (opened, closed);
        }

        private void Add(Part from, Part to, bool sameHost, long pairs, bool? onOneHost)
        {
            if (pairs == 0)
            {
                return;
            }

            var (opened, closed) = Change(from, to, sameHost);
            if (opened == TrafficSets.None && closed == TrafficSets.None)
            {
                return;
            }

            _opened += opened != TrafficSets.None && !from.IsOutside && !to.IsOutside ? pairs : 0;
            _closed += closed != TrafficSets.None && !from.IsOutside && !to.IsOutside ? pairs : 0;
            _changed.Add(from.Id);
            _changed.Add(to.Id);
            foreach (var (sender, members) in from.Groups(_proposal.Entries, _groupsOf))
            {
                foreach (var (receiver, others) in to.Groups(_proposal.Entries, _groupsOf))
                {
                    var count = Part.PairsOf(from, members, to, others, onOneHost);
                    if (count > 0)
                    {
                        var sum = _sums.GetValueOrDefault((sender, receiver))
                            ?? (_sums[(sender, receiver)] = new Sum(Part.ExampleOf(from, members, to, others)));
                        sum.OpenedTraffic = _sets.Union(sum.OpenedTraffic, opened);
                        sum.ClosedTraffic = _sets.Union(sum.ClosedTraffic, closed);
                        sum.Opened += opened != TrafficSets.None ? count : 0;
                        sum.Closed += closed != TrafficSets.None ? count : 0;
                    }
                }
            }
        }
    }

    private sealed class Sum((string, string) example)
    {
        public (string From, string To) Example { get; } = example;

        public int OpenedTraffic { get; set; }

        public int ClosedTraffic { get; set; }

        public long Opened { get; set; }

        public long Closed { get; set; }
    }
}
