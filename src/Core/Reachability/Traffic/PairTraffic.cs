using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Traffic;

/// <summary>
/// What is open between two classes, exactly, worked out for all traffic at once and remembered by what the rules can see. Agrees with
/// <see cref="FlowVerdicts.Allows"/> on every packet. Not thread-safe.
/// </summary>
internal sealed class PairTraffic(TrafficClasses classes, TrafficSets sets)
{
    private readonly Dictionary<Governance, Program> _programs = [];
    private readonly Dictionary<(Governance, Governance, string, BitKey, BitKey), (int Open, int Marked)> _gates = [];
    private readonly Dictionary<string, (ulong[] Bits, ResolvedAddress Address)> _hosts = new(StringComparer.Ordinal);

    public TrafficSets Sets => sets;

    /// <summary>
    /// The numbers of the sets of traffic that get from one class to another: whatever addresses of theirs it goes between, and between some.
    /// </summary>
    /// <param name="from">The sender's class.</param>
    /// <param name="to">The receiver's class.</param>
    /// <param name="sameHost">Whether both are on one host; only looked at where classes are not kept apart by node.</param>
    public (int Always, int Ever) Open(EndpointClass from, EndpointClass to, bool sameHost)
    {
        if (from.Further.IsEmpty && to.Further.IsEmpty)
        {
            var open = OpenAt(from, to, sameHost);
            return (open, open);
        }

        var (always, ever) = (TrafficSets.All, TrafficSets.None);
        for (var i = 0; i < from.Places; i++)
        {
            for (var j = 0; j < to.Places; j++)
            {
                var open = OpenAt(from.At(i), to.At(j), sameHost);
                (always, ever) = (sets.Intersect(always, open), sets.Union(ever, open));
            }
        }

        return (always, ever);
    }

    /// <summary>The number of the set of traffic that gets from one address to another: of each class the one that it is at itself.</summary>
    public int OpenAt(EndpointClass from, EndpointClass to, bool sameHost)
    {
        if (from.IsDead || to.IsDead)
        {
            return TrafficSets.None;
        }

        sameHost = classes.PerNode ? from.Node is not null && from.Node == to.Node : sameHost;
        var egress = from.Egress is null ? (Plain: TrafficSets.All, Marked: TrafficSets.None) : ProgramOf(from.Egress).Run(from.Bits, to.Bits, marked: false);
        if (egress is { Plain: TrafficSets.None, Marked: TrafficSets.None })
        {
            return TrafficSets.None;
        }

        if (sameHost && egress.Marked != TrafficSets.None)
        {
            return sets.Union(
                sets.Intersect(egress.Plain, Ingress(from.Bits, to, false)),
                sets.Intersect(egress.Marked, Ingress(from.Bits, to, true)));
        }

        var sender = from.Bits;
        if (!sameHost && classes.PerNode && from.Representative is not null && HostRules.IsMasqueraded(classes.Model, from.Address.Ip, to.Address.Ip))
        {
            sender = HostOf(from.Node!).Bits;
        }

        var sent = sets.Union(egress.Plain, egress.Marked);
        if (sameHost || !classes.PerNode)
        {
            return sets.Intersect(sent, Ingress(sender, to, false));
        }

        var (gate, marked) = Gate(from, sender, to);
        var arriving = sets.Intersect(sent, gate);
        return marked == TrafficSets.None
            ? sets.Intersect(arriving, Ingress(sender, to, false))
            : sets.Union(
                sets.Intersect(sets.Without(arriving, marked), Ingress(sender, to, false)),
                sets.Intersect(sets.Intersect(arriving, marked), Ingress(sender, to, true)));
    }

    /// <summary>Whether nobody can say what Felix does between two classes, whatever its rules say.</summary>
    public bool IsDoubtful(EndpointClass from, EndpointClass to, bool sameHost)
    {
        var ipv6 = classes.IsIPv6;
        sameHost = classes.PerNode ? from.Node is not null && from.Node == to.Node : sameHost;
        return from.Egress?.DoubtOf(ipv6) is not null || to.Ingress?.DoubtOf(ipv6) is not null || (!sameHost && classes.PerNode && GateOf(from, to) is { } gate
            && ((gate.UntrackedIngress.Policies.Length > 0 && gate.UntrackedIngress.DoubtOf(ipv6) is not null)
                || (gate.PreDnat.Policies.Length > 0 && gate.PreDnat.DoubtOf(ipv6) is not null)));
    }

    private HostStages? GateOf(EndpointClass from, EndpointClass to)
    {
        var model = classes.Model;
        return to.Node is { } node && !HostRules.IsTunnelled(model, from.Node, node, to.Address.Ip)
            && HostRules.Find(model, node, model.HostOf(node).Address(classes.IsIPv6), null) is { } host ? model.StagesOf(host.Entry.LabelClass) : null;
    }

    private int Ingress(ulong[] sender, EndpointClass to, bool marked)
    {
        if (to.Ingress is null)
        {
            return TrafficSets.All;
        }

        var (plain, carrying) = ProgramOf(to.Ingress).Run(to.Bits, sender, marked);
        return sets.Union(plain, carrying);
    }

    /// <summary>
    /// What the receiver's host lets in before its workloads' rules (failsafe ports, untracked and preDNAT policies), and what of it carries a pass mark.
    /// </summary>
    private (int Open, int Marked) Gate(EndpointClass from, ulong[] sender, EndpointClass to)
    {
        var model = classes.Model;
        if (to.Node is not { } node || GateOf(from, to) is not { } stages)
        {
            return (TrafficSets.All, TrafficSets.None);
        }

        var (untracked, preDnat) = (stages.UntrackedIngress, stages.PreDnat);
        if (untracked.Policies.Length + preDnat.Policies.Length == 0)
        {
            return (TrafficSets.All, TrafficSets.None);
        }

        var key = (untracked, preDnat, node, new BitKey(sender), new BitKey(to.Bits));
        if (_gates.TryGetValue(key, out var known))
        {
            return known;
        }

        bool Applies(CompiledRule rule) => Holds(rule.Source, sender) && Holds(rule.Destination, to.Bits);
        var (open, marked) = HostTraffic.Early(model, sets.Space, node, stages, FlowDirection.Ingress, Applies, out var rest);
        for (var i = 0; i < rest.Length; i++)
        {
            open[i] |= rest[i];
            marked[i] &= rest[i];
        }

        return _gates[key] = (sets.Number(open), sets.Number(marked));
    }

    private (ulong[] Bits, ResolvedAddress Address) HostOf(string node)
    {
        if (!_hosts.TryGetValue(node, out var known))
        {
            var address = HostRules.AddressOf(classes.Model, node, classes.IsIPv6);
            _hosts[node] = known = (classes.BitsOf(address), address);
        }

        return known;
    }

    private bool Holds(AddressMatcher? matcher, ulong[] bits) => matcher is null || Has(bits, classes.PositionOf(matcher));

    private static bool Has(ulong[] bits, int position) => (bits[position >> 6] >> (position & 63) & 1) != 0;

    private Program ProgramOf(Governance governance)
    {
        if (!_programs.TryGetValue(governance, out var program))
        {
            _programs[governance] = program = new Program(governance, classes, sets);
        }

        return program;
    }

    /// <summary>The rules of a direction with what they look at on either side, and what came out for what they saw.</summary>
    private sealed class Program
    {
        private readonly Governance _governance;
        private readonly TrafficClasses _classes;
        private readonly TrafficSets _sets;
        private readonly int[] _own;
        private readonly int[] _far;
        private readonly bool _caresForMark;
        private readonly Dictionary<(ulong, bool), (int, int)> _short = [];
        private readonly Dictionary<(BitKey, bool), (int, int)> _long = [];

        public Program(Governance governance, TrafficClasses classes, TrafficSets sets)
        {
            (_governance, _classes, _sets) = (governance, classes, sets);
            var rules = governance.Policies.Concat(governance.Profiles).SelectMany(r => r.For(governance.Direction, classes.IsIPv6)).ToArray();
            int[] Positions(Func<CompiledRule, AddressMatcher?> side) => [.. rules.Select(side).OfType<AddressMatcher>().Distinct().Select(classes.PositionOf)];
            var (source, destination) = (Positions(r => r.Source), Positions(r => r.Destination));
            (_own, _far) = governance.Direction == FlowDirection.Egress ? (source, destination) : (destination, source);
            _caresForMark = governance.Policies.Length == 0 && rules.Any(r => r.Action == RuleAction.Pass);
        }

        public (int Plain, int Marked) Run(ulong[] own, ulong[] far, bool marked)
        {
            marked &= _caresForMark;
            if (_own.Length + _far.Length > 64)
            {
                var key = (new BitKey(Long(own, far)), marked);
                return _long.TryGetValue(key, out var found) ? found : _long[key] = Evaluate(own, far, marked);
            }

            var bits = 0UL;
            foreach (var position in _own)
            {
                bits = (bits << 1) | (own[position >> 6] >> (position & 63) & 1);
            }

            foreach (var position in _far)
            {
                bits = (bits << 1) | (far[position >> 6] >> (position & 63) & 1);
            }

            return _short.TryGetValue((bits, marked), out var known) ? known : _short[(bits, marked)] = Evaluate(own, far, marked);
        }

        private ulong[] Long(ulong[] own, ulong[] far)
        {
            var bits = new ulong[(_own.Length + _far.Length + 63) / 64];
            var at = 0;
            foreach (var (positions, side) in new[] { (_own, own), (_far, far) })
            {
                foreach (var position in positions)
                {
                    bits[at >> 6] |= (side[position >> 6] >> (position & 63) & 1) << (at & 63);
                    at++;
                }
            }

            return bits;
        }

        private (int, int) Evaluate(ulong[] own, ulong[] far, bool marked)
        {
            var (source, destination) = _governance.Direction == FlowDirection.Egress ? (own, far) : (far, own);
            bool Holds(AddressMatcher? matcher, ulong[] bits) => matcher is null || Has(bits, _classes.PositionOf(matcher));
            var (plain, carrying) = TrafficWalk.Run(_governance, _sets.Space, marked, r => Holds(r.Source, source) && Holds(r.Destination, destination));
            return (_sets.Number(plain), _sets.Number(carrying));
        }
    }
}
