using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability;

/// <summary>Evaluates assertions over a model in one IP version: one set of classes and one cut of the traffic for all of them. Not thread-safe.</summary>
internal sealed class AssertionRun
{
    private readonly ClusterSnapshot _snapshot;
    private readonly ReachabilityModel _model;
    private readonly TrafficClasses _classes;
    private readonly TrafficSets _sets;
    private readonly PairTraffic _pairs;
    private readonly AssertionSides _sides;
    private readonly Traffic[] _packets;

    public AssertionRun(ClusterSnapshot snapshot, ReachabilityModel model, bool ipv6, ImmutableArray<Assertion> assertions)
    {
        (_snapshot, _model, _classes) = (snapshot, model, model.Classes(ipv6));
        _sides = new AssertionSides(snapshot, model, _classes);
        _sets = new TrafficSets(TrafficSpace.Of(model.StoredRules.Concat(assertions.SelectMany(a => Cuts(a, ipv6))), model.FailsafePorts, ipv6));
        _pairs = new PairTraffic(_classes, _sets);
        _packets = [.. _sets.Space.Representatives];
    }

    private bool IsIPv6 => _classes.IsIPv6;

    /// <summary>Adds what one assertion finds.</summary>
    public void Check(Assertion assertion, AssertionTally tally)
    {
        var (from, to) = (_sides.Of(assertion.From), _sides.Of(assertion.To));
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

    // A sender's host matters where NAT outgoing puts the host's address into the packet, and so does the pool that the sender is in.
    private IEnumerable<List<WorkloadEndpoint>> ByHost(GroupPart part) => part.Entries.Select(i => _classes.Entries[i])
        .GroupBy(e => (_sides.KeyOf(e.Endpoint.Id.Node), _classes.Shapes.PoolsOf(e.Address(IsIPv6)!.Value))).Select(g => g.Select(e => e.Endpoint).ToList());

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

    private bool IsOf(Assertion assertion, in Traffic packet)
    {
        if (assertion.Must && packet.SourcePort is { } source && source != Assertion.ClientPort)
        {
            return false;
        }

        if (assertion.IsIcmp)
        {
            return packet.Protocol == (IsIPv6 ? ProtocolNumbers.IcmpV6 : ProtocolNumbers.Icmp) && packet.IcmpType == TypeOf(assertion, IsIPv6) && packet.IcmpCode == 0;
        }

        return assertion.Protocol is not { } protocol || (packet.Protocol == protocol && (assertion.Ports.IsEmpty || CompiledRule.In(assertion.Ports, packet.DestinationPort)));
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
            var self = a.Class.Id == b.Class.Id ? (long)(ReferenceEquals(a.Entries, b.Entries) ? a.Entries.Count : a.Entries.ToHashSet().Count(new HashSet<int>(b.Entries).Contains)) : 0;
            var same = a.Nodes is null || b.Nodes is null ? 0 : a.Nodes.Sum(n => (long)n.Value * b.Nodes.GetValueOrDefault(n.Key)) - self;
            var apart = ((long)a.Entries.Count * b.Entries.Count) - self - same;
            foreach (var (pairs, sameHost) in new[] { (apart, false), (same, true) })
            {
                if (pairs > 0 && Bad(run._pairs.Open(a.Class, b.Class, sameHost), pairs) is { } packet && GroupMembers.PairOf(run._classes, a, b, sameHost) is { } pair)
                {
                    Example(packet, EndOf(pair.Item1), EndOf(pair.Item2), run.NameOf(pair.Item1), run.NameOf(pair.Item2));
                }
            }
        }

        public void Outside(GroupPart part, EndpointClass outside, bool sends)
        {
            var open = sends ? run._pairs.Open(part.Class, outside, false) : run._pairs.Open(outside, part.Class, false);
            if (Bad(open, part.Entries.Count) is { } packet)
            {
                var endpoint = run._classes.Entries[part.Entries[0]].Endpoint;
                var (from, to) = (EndOf(endpoint), End(outside));
                if (sends)
                {
                    Example(packet, from, to, run.NameOf(endpoint), outside.Outside);
                }
                else
                {
                    Example(packet, to, from, outside.Outside, run.NameOf(endpoint));
                }
            }
        }

        /// <summary>Endpoints that are alike to or from hosts that are alike.</summary>
        public void Host(List<WorkloadEndpoint> endpoints, HostAddress[] hosts, bool sends, bool ownCounts)
        {
            var byNode = hosts.ToDictionary(h => h.Node, StringComparer.Ordinal);
            var own = endpoints.Where(e => byNode.ContainsKey(e.Id.Node)).ToList();
            if (own.Count > 0 && ownCounts)
            {
                Pair(own.Count, own[0], byNode[own[0].Id.Node], sends);
            }

            var apart = ((long)endpoints.Count * hosts.Length) - own.Count;
            if (apart > 0)
            {
                var endpoint = endpoints.FirstOrDefault(e => hosts.Length > 1 || e.Id.Node != hosts[0].Node) ?? endpoints[0];
                Pair(apart, endpoint, hosts.First(h => h.Node != endpoint.Id.Node), sends);
            }
        }

        public void Hosts(HostAddress[] senders, HostAddress[] receivers)
        {
            var self = senders.Length > 0 && receivers.Length > 0 && senders[0].Key == receivers[0].Key ? senders.Count(s => receivers.Any(r => r.Node == s.Node)) : 0;
            var pairs = ((long)senders.Length * receivers.Length) - self;
            if (pairs > 0)
            {
                var (from, to) = senders.SelectMany(s => receivers.Where(r => r.Node != s.Node).Take(1).Select(r => (s, r))).First();
                Flows(pairs, from.End, to.End, from.Node, to.Node);
            }
        }

        /// <summary>Packet by packet, where a host is an end.</summary>
        public void Flows(long pairs, FlowEnd from, FlowEnd to, string sender, string receiver)
        {
            Traffic? bad = null;
            for (var i = 0; i < run._packets.Length; i++)
            {
                if (TrafficSpace.Has(mask, i) && run._model.Allows(FlowOf(run._packets[i], from, to)) != assertion.Must && (bad is null || IsClients(run._packets[i])))
                {
                    bad = run._packets[i];
                    if (IsClients(run._packets[i]))
                    {
                        break;
                    }
                }
            }

            tally.Add(pairs, bad is not null);
            if (bad is { } packet)
            {
                Example(packet, from, to, sender, receiver);
            }
        }

        private void Pair(long pairs, WorkloadEndpoint endpoint, HostAddress host, bool sends)
        {
            var (end, name) = (EndOf(endpoint), run.NameOf(endpoint));
            if (sends)
            {
                Flows(pairs, end, host.End, name, host.Node);
            }
            else
            {
                Flows(pairs, host.End, end, host.Node, name);
            }
        }

        private FlowEnd EndOf(WorkloadEndpoint endpoint) => new((run.IsIPv6 ? endpoint.IPv6Nets : endpoint.IPv4Nets)[0].Address) { Endpoint = endpoint.Id };

        private static FlowEnd End(EndpointClass outside) => new(outside.Address.Ip);

        private static bool IsClients(in Traffic packet) => packet.SourcePort is null or Assertion.ClientPort;

        private static Flow FlowOf(in Traffic packet, FlowEnd from, FlowEnd to) => new(from, to, packet.Protocol)
        {
            SourcePort = packet.SourcePort,
            DestinationPort = packet.DestinationPort,
            IcmpType = packet.IcmpType,
            IcmpCode = packet.IcmpCode,
        };

        private Traffic? Bad(int open, long pairs)
        {
            var wrong = assertion.Must ? run._sets.Without(_wanted, open) : run._sets.Intersect(_wanted, open);
            tally.Add(pairs, wrong != TrafficSets.None);
            if (wrong == TrafficSets.None || !tally.WantsExamples)
            {
                return null;
            }

            var set = run._sets[wrong];
            var packets = Enumerable.Range(0, run._packets.Length).Where(i => TrafficSpace.Has(set, i)).Select(i => run._packets[i]).ToArray();
            return packets.Cast<Traffic?>().FirstOrDefault(p => IsClients(p!.Value)) ?? packets[0];
        }

        private void Example(in Traffic packet, FlowEnd from, FlowEnd to, string sender, string receiver)
        {
            if (tally.WantsExamples)
            {
                tally.Add(new CounterExample(sender, receiver, FlowOf(packet, from, to)));
            }
        }
    }
}
