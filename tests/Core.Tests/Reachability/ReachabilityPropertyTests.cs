using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Tests;
using CsCheck;

namespace CalicoConsole.Core.Tests.Reachability;

/// <summary>What must hold in every cluster.</summary>
[TakesLong]
public sealed class ReachabilityPropertyTests
{
    private static readonly Gen<int> Seeds = Gen.Int[0, int.MaxValue];

    [Fact]
    public void Classes_GiveTheVerdictsOfBruteForce() => Seeds.Sample(
        seed =>
        {
            var input = new RandomWorld(seed).Input();
            var model = new ReachabilityModel(input);
            var classes = model.Classes(ipv6: false);
            var space = TrafficSpace.From(model.StoredRules, model.FailsafePorts, ipv6: false);
            var pairs = new PairTraffic(classes, new TrafficSets(space));
            var packets = space.Representatives.ToArray();
            for (var a = 0; a < classes.Entries.Length; a++)
            {
                for (var b = 0; b < classes.Entries.Length; b++)
                {
                    var (from, to) = (classes.Entries[a].Endpoint, classes.Entries[b].Endpoint);
                    if (a == b)
                    {
                        continue;
                    }

                    var (one, other) = (classes.Classes[classes.ClassOf(a)], classes.Classes[classes.ClassOf(b)]);
                    var (always, ever) = pairs.Open(one, other, from.Id.Node == to.Id.Node);
                    var ways = RandomWorld.Ends(from).Select((end, at) => (end, at))
                        .SelectMany(s => RandomWorld.Ends(to).Select((end, at) => (s, d: (end, at)))).ToArray();
                    for (var i = 0; i < packets.Length; i++)
                    {
                        var allowed = new List<bool>();
                        foreach (var (s, d) in ways)
                        {
                            var flow = FlowOf(s.end, d.end, packets[i]);
                            allowed.Add(model.Allows(flow));
                            var open = TrafficSpace.Has(pairs.Sets[pairs.OpenAt(one.At(s.at), other.At(d.at), from.Id.Node == to.Id.Node)], i);
                            Assert.True(
                                open == allowed[^1],
                                $"seed {seed}: {from.Id.Name} {s.end.Address} > {to.Id.Name} {d.end.Address} {packets[i]}: "
                                    + $"classes say {open}, the flow {allowed[^1]}: {Steps(model, flow)}");
                        }

                        Assert.Equal(
                            (allowed.TrueForAll(a => a), allowed.Exists(a => a)),
                            (TrafficSpace.Has(pairs.Sets[always], i), TrafficSpace.Has(pairs.Sets[ever], i)));
                    }
                }
            }
        },
        iter: 150);

    [Fact]
    public void Matrix_EqualsBruteForceOverAllAddresses() => Seeds.Sample(
        seed =>
        {
            var input = new RandomWorld(seed).Input();
            var model = new ReachabilityModel(input);
            IEnumerable<string> GroupsOf(WorkloadEndpoint e) => e.ProfileIds.IsEmpty ? ["none"] : e.ProfileIds;
            var matrix = ReachabilityMatrix.From(model, GroupsOf);
            var packets = TrafficSpace.From(model.StoredRules, model.FailsafePorts, ipv6: false).Representatives.ToArray();
            var ways =
                (from a in input.WorkloadEndpoints
                 from b in input.WorkloadEndpoints
                 where a.Id != b.Id
                 from s in RandomWorld.Ends(a)
                 from d in RandomWorld.Ends(b)
                 select (a, b, s, d, Open: packets.Select(p => model.Allows(FlowOf(s, d, p))).ToArray())).ToArray();
            foreach (var sender in matrix.Groups)
            {
                foreach (var receiver in matrix.Groups)
                {
                    var its = ways.Where(w => GroupsOf(w.a).Contains(sender.Name) && GroupsOf(w.b).Contains(receiver.Name)).ToArray();
                    var expected = its.Length == 0 ? CellKind.Empty
                        : its.All(w => w.Open.All(o => o)) ? CellKind.All
                        : its.All(w => w.Open.All(o => !o)) ? CellKind.None
                        : CellKind.Some;
                    var cell = matrix.Describe(matrix.IndexOf(sender.Name), matrix.IndexOf(receiver.Name));
                    Assert.True(expected == cell.Kind, $"seed {seed}: {sender.Name} > {receiver.Name}: {expected} by brute force, {cell.Kind} {cell.Words}");

                    // The example is open wherever anything is, at the addresses that it names.
                    if (expected is CellKind.Some or CellKind.All && cell.Example is { } example)
                    {
                        var meant = its
                            .Where(w => w.a.Id == example.From.Id && (example.FromAddress ?? w.s.Address) == w.s.Address)
                            .Where(w => w.b.Id == example.To.Id && (example.ToAddress ?? w.d.Address) == w.d.Address).ToArray();
                        Assert.True(
                            meant.Length > 0 && meant.All(w => w.Open.Any(o => o)),
                            $"seed {seed}: {sender.Name} > {receiver.Name}: nothing is open for the example");
                    }
                }
            }
        },
        iter: 40);

    [Fact]
    public void EveryPacket_IsOfThePartWhoseRepresentativeIsJudgedAlike() => Gen.Select(Seeds, Gen.Int[1, 65535], Gen.Int[1, 65535]).Sample(
        (seed, source, destination) =>
        {
            var world = new RandomWorld(seed);
            var input = world.Input();
            var model = new ReachabilityModel(input);
            var matrix = ReachabilityMatrix.From(model, e => [e.Id.Name]);
            foreach (var from in input.WorkloadEndpoints)
            {
                foreach (var to in input.WorkloadEndpoints.Where(e => e.Id != from.Id))
                {
                    var flow = new Flow(End(from), End(to), ProtocolNumbers.Tcp) { SourcePort = source, DestinationPort = destination };
                    var cell = matrix.Describe(matrix.IndexOf(from.Id.Name), matrix.IndexOf(to.Id.Name));
                    bool Covers(ImmutableArray<PortRange> ports, int port) => ports.IsEmpty || ports.Any(p => port >= p.First && port <= p.Last);
                    var open = cell.Always.Any(t => t.Protocol == "tcp" && Covers(t.Ports, destination) && Covers(t.SourcePorts, source));
                    var allowed = RandomWorld.Ends(from).All(s => RandomWorld.Ends(to).All(d => model.Allows(flow with { Source = s, Destination = d })));
                    Assert.True(
                        open == allowed,
                        $"seed {seed}: {from.Id.Name} > {to.Id.Name} tcp {source} > {destination}: cell '{cell.Words}', flow {allowed}");
                }
            }
        },
        iter: 60);

    [Fact]
    public void AnAllowRuleMore_ClosesNoPathWhereAllRulesAllow() => Seeds.Sample(
        seed =>
        {
            var world = new RandomWorld(seed);
            var input = world.Input(allowOnly: true);
            var model = new ReachabilityModel(input);
            var profile = input.Profiles[0];
            var more = model.With(ReachabilityProposal.From(profile with
            {
                Ingress = profile.Ingress.Add(world.Rule(allowOnly: true)),
                Egress = profile.Egress.Insert(0, world.Rule(allowOnly: true)),
            }));
            foreach (var (from, to) in RandomWorld.Pairs(input))
            {
                foreach (var flow in Flows(from, to))
                {
                    Assert.True(!model.Allows(flow) || more.Allows(flow), $"seed {seed}: {from} > {to}");
                }
            }
        },
        iter: 150);

    [Fact]
    public void AProposal_JudgesAsTheClusterWouldAfterwards() => Seeds.Sample(
        seed =>
        {
            var world = new RandomWorld(seed);
            var input = world.Input();
            var profile = world.Profile("p1");
            var policy = world.Policy("pol1");
            var endpoint = input.WorkloadEndpoints[0] with { ProfileIds = ["p2", "p1"], Labels = input.WorkloadEndpoints[0].Labels.SetItem("role", "x") };
            var proposal = new ReachabilityModel(input)
                .With(ReachabilityProposal.From(profile, policy, endpoint).Without(new ResourceId(KindNames.Profile, "p0")));
            var applied = new ReachabilityModel(input with
            {
                Profiles = [.. input.Profiles.Where(p => p.Name is not ("p0" or "p1")), profile],
                Policies = [.. input.Policies.Where(p => p.Name != "pol1"), policy],
                WorkloadEndpoints = [.. input.WorkloadEndpoints.Skip(1), endpoint],
            });
            foreach (var (from, to) in RandomWorld.Pairs(input))
            {
                foreach (var flow in Flows(from, to))
                {
                    Assert.True(proposal.Allows(flow) == applied.Allows(flow), $"seed {seed}: {from} > {to} {flow.Protocol} {flow.DestinationPort}");
                }
            }

            Assert.Equal(applied.CountClasses(false), proposal.CountClasses(false));
        },
        iter: 150);

    [Fact]
    public void ADifference_CountsThePairsThatChange() => Seeds.Sample(
        seed =>
        {
            var world = new RandomWorld(seed);
            var input = world.Input();
            var now = new ReachabilityModel(input);
            // Tags, labels and rules of a profile, or a policy.
            var proposal = now.With(ReachabilityProposal.From(seed % 2 == 0 ? world.Profile("p1") : world.Policy("pol1")));
            var difference = ReachabilityDifference.Between(now, proposal, e => [e.Id.Name]);
            var space = TrafficSpace.From(now.StoredRules.Concat(proposal.StoredRules), now.FailsafePorts, ipv6: false);
            var (opened, closed) = (0, 0);
            foreach (var from in input.WorkloadEndpoints)
            {
                foreach (var to in input.WorkloadEndpoints.Where(e => e.Id != from.Id))
                {
                    var changes =
                        (from packet in space.Representatives
                         from s in RandomWorld.Ends(@from)
                         from d in RandomWorld.Ends(to)
                         let flow = FlowOf(s, d, packet)
                         select (Before: now.Allows(flow), After: proposal.Allows(flow))).ToArray();
                    opened += changes.Any(c => !c.Before && c.After) ? 1 : 0;
                    closed += changes.Any(c => c.Before && !c.After) ? 1 : 0;
                    var change = difference.Changes.FirstOrDefault(c => c.From == from.Id.Name && c.To == to.Id.Name);
                    Assert.Equal(changes.Any(c => !c.Before && c.After), change is { OpenedPairs: 1, Opened.IsEmpty: false });
                    Assert.Equal(changes.Any(c => c.Before && !c.After), change is { ClosedPairs: 1, Closed.IsEmpty: false });
                }
            }

            Assert.True(
                opened == difference.OpenedPairs && closed == difference.ClosedPairs,
                $"seed {seed}: {opened}/{closed} by brute force, {difference.OpenedPairs}/{difference.ClosedPairs} by classes");
        },
        iter: 100);

    [Fact]
    public void ASuggestedChange_AllowsTheFlow() => Seeds.Sample(
        seed =>
        {
            var input = new RandomWorld(seed).Input();
            var model = new ReachabilityModel(input);
            foreach (var (from, to) in RandomWorld.Pairs(input).Take(12))
            {
                var flow = new Flow(from, to, ProtocolNumbers.Tcp) { SourcePort = 40000, DestinationPort = 8080 };
                foreach (var change in SuggestedChanges.For(model, flow))
                {
                    Assert.True(model.With(change.Proposal).Allows(flow), $"seed {seed}: {string.Join(' ', change.Sentences)}");
                    Assert.True(change.OtherPairs >= 0);
                }
            }
        },
        iter: 40);

    [Fact]
    public void HostTraffic_GivesTheVerdictsOfEveryPacket() => Seeds.Sample(
        seed =>
        {
            var input = new RandomWorld(seed).Input();
            var model = new ReachabilityModel(input);
            var space = TrafficSpace.From(model.StoredRules, model.FailsafePorts, ipv6: false);
            var packets = space.Representatives.ToArray();
            foreach (var (node, address) in new[] { ("n1", "10.244.0.11"), ("n2", "10.244.0.12") })
            {
                var host = new FlowEnd(Ip.Parse(address)) { Node = node };
                foreach (var peer in new[] { "203.0.113.7", "8.8.8.8", node == "n1" ? "10.244.0.12" : "10.244.0.11", "10.65.0.1" }.Select(Ip.Parse))
                {
                    var (into, outOf) = (HostTraffic.Into(model, space, host, peer), HostTraffic.OutOf(model, space, host, peer));
                    for (var i = 0; i < packets.Length; i++)
                    {
                        var (comes, goes) = (FlowOf(new FlowEnd(peer), host, packets[i]), FlowOf(host, new FlowEnd(peer), packets[i]));
                        Assert.True(
                            TrafficSpace.Has(into, i) == model.Allows(comes),
                            $"seed {seed}: {peer} > {node} {packets[i]}: {Steps(model, comes)}");
                        Assert.True(
                            TrafficSpace.Has(outOf, i) == model.Allows(goes),
                            $"seed {seed}: {node} > {peer} {packets[i]}: {Steps(model, goes)}");
                    }
                }
            }
        },
        iter: 150);

    private static IEnumerable<Flow> Flows(FlowEnd from, FlowEnd to) =>
    [
        new Flow(from, to, ProtocolNumbers.Tcp) { SourcePort = 40000, DestinationPort = 80 },
        new Flow(from, to, ProtocolNumbers.Tcp) { SourcePort = 150, DestinationPort = 5432 },
        new Flow(from, to, ProtocolNumbers.Udp) { SourcePort = 40000, DestinationPort = 8080 },
        Flow.Ping(from, to),
    ];

    private static string Steps(ReachabilityModel model, Flow flow) =>
        string.Join("; ", model.Explain(flow).Trace.Select(t => $"{t.Stage} {t.Direction} {t.Subject} {t.Name} {t.Outcome} {t.RuleIndex}"));

    private static FlowEnd End(WorkloadEndpoint endpoint) => new(endpoint.IPv4Nets[0].Address) { Endpoint = endpoint.Id };

    private static Flow FlowOf(FlowEnd from, FlowEnd to, Transport packet) => new(from, to, packet.Protocol)
    {
        SourcePort = packet.SourcePort,
        DestinationPort = packet.DestinationPort,
        IcmpType = packet.IcmpType,
        IcmpCode = packet.IcmpCode,
    };
}
