using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Assertions;

/// <summary>Evaluates assertions over a model in one IP version: one set of classes and one cut of the traffic for all of them. Not thread-safe.</summary>
internal sealed class AssertionRun
{
    private readonly ClusterSnapshot _snapshot;
    private readonly ReachabilityModel _model;
    private readonly TrafficClasses _classes;
    private readonly TrafficSets _sets;
    private readonly PairTraffic _pairs;
    private readonly AssertionSides _sides;
    private readonly Transport[] _packets;
    private readonly bool _hasDoubts;

    public AssertionRun(ClusterSnapshot snapshot, ReachabilityModel model, bool ipv6, ImmutableArray<Assertion> assertions)
    {
        (_snapshot, _model, _classes) = (snapshot, model, model.Classes(ipv6));
        _sides = new AssertionSides(snapshot, model, _classes);
        _sets = new TrafficSets(TrafficSpace.From(model.StoredRules.Concat(assertions.SelectMany(a => Cuts(a, ipv6))), model.FailsafePorts, ipv6));
        _pairs = new PairTraffic(_classes, _sets);
        _packets = [.. _sets.Space.Representatives];
        _hasDoubts = model.HasDoubts;
    }

    private bool IsIPv6 => _classes.IsIPv6;

    /// <summary>Adds what one assertion finds.</summary>
    public void Check(Assertion assertion, AssertionTally tally)
    {
        var (from, to) = (_sides.For(assertion.From), _sides.For(assertion.To));
        tally.Say(from.Problem);
        tally.Say(to.Problem);
        if (from.IsEmpty || to.IsEmpty)
        {
            return;
        }

        var check = new Checking(this, assertion, tally, MaskOf(assertion));
        foreach (var a in from.Parts)
        {
            foreach (var b in to.Parts)
            {
                check.Classes(a, b);
            }

            foreach (var outside in to.Outside)
            {
                check.Outside(a, outside, sends: true);
            }
        }

        foreach (var b in to.Parts)
        {
            foreach (var outside in from.Outside)
            {
                check.Outside(b, outside, sends: false);
            }
        }

        Hosts(check, from, to);
    }

    private void Hosts(Checking check, AssertionSide from, AssertionSide to)
    {
        foreach (var hosts in to.Hosts.GroupBy(h => h.Key).Select(g => g.ToArray()))
        {
            foreach (var part in from.Parts.SelectMany(ByHost))
            {
                check.Host(part, hosts, sends: true, ownCounts: true);
            }

            foreach (var outside in from.Outside)
            {
                check.Flows(hosts.Length, End(outside), hosts[0].End, outside.Outside, hosts[0].Node);
            }

            foreach (var senders in from.Hosts.GroupBy(h => h.Key).Select(g => g.ToArray()))
            {
                check.Hosts(senders, hosts);
            }
        }

        foreach (var hosts in from.Hosts.GroupBy(h => h.Key).Select(g => g.ToArray()))
        {
            foreach (var part in to.Parts.SelectMany(ByHost))
            {
                check.Host(part, hosts, sends: false, ownCounts: from.NamesHost);
            }

            foreach (var outside in to.Outside)
            {
                check.Flows(hosts.Length, hosts[0].End, End(outside), hosts[0].Node, outside.Outside);
            }
        }
    }

    private static FlowEnd End(EndpointClass outside) => new(outside.Address.Ip);

    // A sender's host matters where NAT outgoing puts the host's address into the packet. The pools that its addresses are in are those of its class.
    private IEnumerable<(GroupPart Part, List<WorkloadEndpoint> Endpoints)> ByHost(GroupPart part) => part.Entries.Select(i => _classes.Entries[i].Endpoint)
        .GroupBy(e => _sides.KeyOf(e.Id.Node)).Select(g => (part, g.ToList()));

    /// <summary>Rules that cut the traffic where an assertion does.</summary>
    private static IEnumerable<Rule> Cuts(Assertion assertion, bool ipv6)
    {
        foreach (var protocol in new[] { ProtocolNumbers.Tcp, ProtocolNumbers.Udp })
        {
            yield return new Rule
            {
                Action = "allow",
                Protocol = new Protocol(null, protocol),
                Source = new RuleEntity { Ports = [new PortRange(Assertion.ClientPort, Assertion.ClientPort)] },
                Destination = new RuleEntity { Ports = assertion.Protocol == protocol ? assertion.Ports : [] },
            };
        }

        if (assertion.IsIcmp)
        {
            yield return new Rule { Action = "allow", Icmp = new Icmp(TypeOf(assertion, ipv6), 0) };
        }
        else if (assertion.Protocol is { } other)
        {
            yield return new Rule { Action = "allow", Protocol = new Protocol(null, other) };
        }
    }

    private static int TypeOf(Assertion assertion, bool ipv6) => assertion.IcmpType is { } type && type != 8 ? type : ipv6 ? 128 : 8;

    private ulong[] MaskOf(Assertion assertion)
    {
        var mask = new ulong[_sets.Space.Everything.Length];
        for (var i = 0; i < _packets.Length; i++)
        {
            if (IsOf(assertion, _packets[i]))
            {
                mask[i >> 6] |= 1UL << (i & 63);
            }
        }

        return mask;
    }

    private bool IsOf(Assertion assertion, in Transport packet)
    {
        if (assertion.Must && packet.SourcePort is { } source && source != Assertion.ClientPort)
        {
            return false;
        }

        if (assertion.IsIcmp)
        {
            return packet.Protocol == (IsIPv6 ? ProtocolNumbers.IcmpV6 : ProtocolNumbers.Icmp) && packet.IcmpType == TypeOf(assertion, IsIPv6)
                && packet.IcmpCode == 0;
        }

        return assertion.Protocol is not { } protocol
            || (packet.Protocol == protocol && (assertion.Ports.IsEmpty || CompiledRule.In(assertion.Ports, packet.DestinationPort)));
    }

    private string NameOf(WorkloadEndpoint endpoint) =>
        _snapshot.Views.ContainerByEndpointId.TryGetValue(endpoint.Id.Name, out var key) && _snapshot.Views.Containers.TryGetValue(key, out var container)
            ? FlowEnds.NameOf(container)
            : FlowEnds.NameOf(endpoint.Id);

    /// <summary>One assertion being checked.</summary>
    private sealed class Checking(AssertionRun run, Assertion assertion, AssertionTally tally, ulong[] mask)
    {
        private readonly int _wanted = run._sets.Number(mask);

        public void Classes(GroupPart a, GroupPart b)
        {
            var self = a.Class.Id == b.Class.Id
                ? (long)(ReferenceEquals(a.Entries, b.Entries) ? a.Entries.Count : a.Entries.ToHashSet().Count(new HashSet<int>(b.Entries).Contains)) : 0;
            var same = a.Nodes is null || b.Nodes is null ? 0 : a.Nodes.Sum(n => (long)n.Value * b.Nodes.GetValueOrDefault(n.Key)) - self;
            var apart = ((long)a.Entries.Count * b.Entries.Count) - self - same;
            foreach (var (pairs, sameHost) in new[] { (apart, false), (same, true) })
            {
                if (pairs > 0 && Bad(a.Class, b.Class, sameHost, pairs) is { } bad && GroupMembers.PairOf(run._classes, a, b, sameHost) is { } pair)
                {
                    Example(bad.Packet, EndOf(a, pair.Item1, bad.From), EndOf(b, pair.Item2, bad.To), run.NameOf(pair.Item1), run.NameOf(pair.Item2));
                }
            }
        }

        public void Outside(GroupPart part, EndpointClass outside, bool sends)
        {
            if ((sends ? Bad(part.Class, outside, false, part.Entries.Count) : Bad(outside, part.Class, false, part.Entries.Count)) is { } bad)
            {
                var endpoint = run._classes.Entries[part.Entries[0]].Endpoint;
                if (sends)
                {
                    Example(bad.Packet, EndOf(part, endpoint, bad.From), End(outside), run.NameOf(endpoint), outside.Outside);
                }
                else
                {
                    Example(bad.Packet, End(outside), EndOf(part, endpoint, bad.To), outside.Outside, run.NameOf(endpoint));
                }
            }
        }

        /// <summary>Endpoints that are alike to or from hosts that are alike.</summary>
        public void Host((GroupPart Part, List<WorkloadEndpoint> Endpoints) alike, HostAddress[] hosts, bool sends, bool ownCounts)
        {
            var (part, endpoints) = alike;
            var byNode = hosts.ToDictionary(h => h.Node, StringComparer.Ordinal);
            var own = endpoints.Where(e => byNode.ContainsKey(e.Id.Node)).ToList();
            if (own.Count > 0 && ownCounts)
            {
                Pair(own.Count, part, own[0], byNode[own[0].Id.Node], sends);
            }

            var apart = ((long)endpoints.Count * hosts.Length) - own.Count;
            if (apart > 0)
            {
                var endpoint = endpoints.FirstOrDefault(e => hosts.Length > 1 || e.Id.Node != hosts[0].Node) ?? endpoints[0];
                Pair(apart, part, endpoint, hosts.First(h => h.Node != endpoint.Id.Node), sends);
            }
        }

        public void Hosts(HostAddress[] senders, HostAddress[] receivers)
        {
            var self = senders.Length > 0 && receivers.Length > 0 && senders[0].Key == receivers[0].Key
                ? senders.Count(s => receivers.Any(r => r.Node == s.Node)) : 0;
            var pairs = ((long)senders.Length * receivers.Length) - self;
            if (pairs > 0)
            {
                var (from, to) = senders.SelectMany(s => receivers.Where(r => r.Node != s.Node).Take(1).Select(r => (s, r))).First();
                Flows(pairs, from.End, to.End, from.Node, to.Node);
            }
        }

        /// <summary>Packet by packet, where a host is an end.</summary>
        public void Flows(long pairs, FlowEnd from, FlowEnd to, string sender, string receiver) => Flows(pairs, [(from, to)], sender, receiver);

        private void Flows(long pairs, IEnumerable<(FlowEnd From, FlowEnd To)> ways, string sender, string receiver)
        {
            (Transport Packet, FlowEnd From, FlowEnd To)? bad = null;
            foreach (var (from, to) in ways)
            {
                for (var i = 0; i < run._packets.Length && !(bad is { } found && IsClients(found.Packet)); i++)
                {
                    if (TrafficSpace.Has(mask, i) && run._model.Known(FlowOf(run._packets[i], from, to)) != assertion.Must
                        && (bad is null || IsClients(run._packets[i])))
                    {
                        bad = (run._packets[i], from, to);
                    }
                }
            }

            tally.Add(pairs, bad is not null);
            if (bad is { } one)
            {
                Example(one.Packet, one.From, one.To, sender, receiver);
            }
        }

        private void Pair(long pairs, GroupPart part, WorkloadEndpoint endpoint, HostAddress host, bool sends)
        {
            var name = run.NameOf(endpoint);
            var ends = Enumerable.Range(0, part.Class.Places).Select(p => EndOf(part, endpoint, p));
            if (sends)
            {
                Flows(pairs, ends.Select(e => (e, host.End)), name, host.Node);
            }
            else
            {
                Flows(pairs, ends.Select(e => (host.End, e)), host.Node, name);
            }
        }

        private FlowEnd EndOf(GroupPart part, WorkloadEndpoint endpoint, int place) =>
            new((run.IsIPv6 ? endpoint.IPv6Nets : endpoint.IPv4Nets)[part.PlaceOf(place)].Address) { Endpoint = endpoint.Id };

        private static FlowEnd End(EndpointClass outside) => new(outside.Address.Ip);

        private Ip? OneOfSeveral(FlowEnd end) => end.Endpoint is { } id && run._model.Table.Endpoints.GetValueOrDefault(id)?.Nets(run.IsIPv6).Length > 1
            ? end.Address : null;

        private static bool IsClients(in Transport packet) => packet.SourcePort is null or Assertion.ClientPort;

        private static Flow FlowOf(in Transport packet, FlowEnd from, FlowEnd to) => new(from, to, packet.Protocol)
        {
            SourcePort = packet.SourcePort,
            DestinationPort = packet.DestinationPort,
            IcmpType = packet.IcmpType,
            IcmpCode = packet.IcmpCode,
        };

        /// <summary>A packet that breaks it, with the addresses of either end that it goes between; null when none does, or no example is wanted.</summary>
        private (Transport Packet, int From, int To)? Bad(EndpointClass from, EndpointClass to, bool sameHost, long pairs)
        {
            var (always, ever) = run._pairs.Open(from, to, sameHost);
            // What nobody can say holds neither way.
            var doubtful = run._hasDoubts && run._pairs.IsDoubtful(from, to, sameHost);
            var broken = doubtful || (assertion.Must ? run._sets.Without(_wanted, always) : run._sets.Intersect(_wanted, ever)) != TrafficSets.None;
            tally.Add(pairs, broken);
            if (!broken || !tally.WantsExamples)
            {
                return null;
            }

            int WrongAt(int place, int other)
            {
                var open = run._pairs.OpenAt(from.At(place), to.At(other), sameHost);
                return doubtful ? _wanted : assertion.Must ? run._sets.Without(_wanted, open) : run._sets.Intersect(_wanted, open);
            }

            var (i, j, wrong) = Enumerable.Range(0, from.Places).SelectMany(a => Enumerable.Range(0, to.Places).Select(b => (a, b, Wrong: WrongAt(a, b))))
                .First(w => w.Wrong != TrafficSets.None);
            var set = run._sets[wrong];
            var packets = Enumerable.Range(0, run._packets.Length).Where(p => TrafficSpace.Has(set, p)).Select(p => run._packets[p]).ToArray();
            return (packets.Cast<Transport?>().FirstOrDefault(p => IsClients(p!.Value)) ?? packets[0], i, j);
        }

        private void Example(in Transport packet, FlowEnd from, FlowEnd to, string sender, string receiver)
        {
            if (tally.WantsExamples)
            {
                tally.Add(new CounterExample(sender, receiver, FlowOf(packet, from, to)) { FromAddress = OneOfSeveral(from), ToAddress = OneOfSeveral(to) });
            }
        }
    }
}
