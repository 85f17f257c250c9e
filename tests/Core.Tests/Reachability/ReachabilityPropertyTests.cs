using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CsCheck;

namespace CalicoConsole.Core.Tests.Reachability;

/// <summary>What must hold in every cluster.</summary>
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
            var space = TrafficSpace.Of(model.StoredRules, model.FailsafePorts, ipv6: false);
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

                    var open = pairs.Sets[pairs.Open(classes.Classes[classes.ClassOf(a)], classes.Classes[classes.ClassOf(b)], from.Id.Node == to.Id.Node)];
                    for (var i = 0; i < packets.Length; i++)
                    {
                        var flow = FlowOf(End(from), End(to), packets[i]);
                        Assert.True(TrafficSpace.Has(open, i) == model.Allows(flow), $"seed {seed}: {from.Id.Name} > {to.Id.Name} {packets[i]}: classes say {TrafficSpace.Has(open, i)}, the flow {model.Allows(flow)}: {string.Join("; ", model.Explain(flow).Trace.Select(s => $"{s.Stage} {s.Direction} {s.Subject} {s.Name} {s.Outcome} {s.RuleIndex}"))}");
                    }
                }
            }
        },
        iter: 150);

    [Fact]
    public void EveryPacket_IsOfThePartWhoseRepresentativeIsJudgedAlike() => Gen.Select(Seeds, Gen.Int[1, 65535], Gen.Int[1, 65535]).Sample(
        (seed, source, destination) =>
        {
            var world = new RandomWorld(seed);
            var input = world.Input();
            var model = new ReachabilityModel(input);
            var matrix = ReachabilityMatrix.Of(model, e => [e.Id.Name]);
            foreach (var from in input.WorkloadEndpoints)
            {
                foreach (var to in input.WorkloadEndpoints.Where(e => e.Id != from.Id))
                {
                    var flow = new Flow(End(from), End(to), ProtocolNumbers.Tcp) { SourcePort = source, DestinationPort = destination };
                    var cell = matrix.Describe(matrix.IndexOf(from.Id.Name), matrix.IndexOf(to.Id.Name));
                    var open = cell.Always.Where(t => t.Protocol == "tcp").Any(t => (t.Ports.IsEmpty || t.Ports.Any(p => destination >= p.First && destination <= p.Last)) && (t.SourcePorts.IsEmpty || t.SourcePorts.Any(p => source >= p.First && source <= p.Last)));
                    Assert.True(open == model.Allows(flow), $"seed {seed}: {from.Id.Name} > {to.Id.Name} tcp {source} > {destination}: cell '{cell.Words}', flow {model.Allows(flow)}");
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
            var more = model.With(ReachabilityDraft.Of(profile with { Ingress = profile.Ingress.Add(world.Rule(allowOnly: true)), Egress = profile.Egress.Insert(0, world.Rule(allowOnly: true)) }));
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
    public void ADraft_JudgesAsTheClusterWouldAfterwards() => Seeds.Sample(
        seed =>
        {
            var world = new RandomWorld(seed);
            var input = world.Input();
            var profile = world.Profile("p1");
            var policy = world.Policy("pol1");
            var endpoint = input.WorkloadEndpoints[0] with { ProfileIds = ["p2", "p1"], Labels = input.WorkloadEndpoints[0].Labels.SetItem("role", "x") };
            var draft = new ReachabilityModel(input).With(ReachabilityDraft.Of(profile, policy, endpoint).Without(new ResourceId(Kinds.Profile, "p0")));
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
                    Assert.True(draft.Allows(flow) == applied.Allows(flow), $"seed {seed}: {from} > {to} {flow.Protocol} {flow.DestinationPort}");
                }
            }

            Assert.Equal(applied.CountClasses(false), draft.CountClasses(false));
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
            var draft = now.With(ReachabilityDraft.Of(seed % 2 == 0 ? world.Profile("p1") : world.Policy("pol1")));
            var difference = ReachabilityDifference.Between(now, draft, e => [e.Id.Name]);
            var space = TrafficSpace.Of(now.StoredRules.Concat(draft.StoredRules), now.FailsafePorts, ipv6: false);
            var (opened, closed) = (0, 0);
            foreach (var from in input.WorkloadEndpoints)
            {
                foreach (var to in input.WorkloadEndpoints.Where(e => e.Id != from.Id))
                {
                    var changes = space.Representatives.Select(p => FlowOf(End(from), End(to), p)).Select(f => (Before: now.Allows(f), After: draft.Allows(f))).ToArray();
                    opened += changes.Any(c => !c.Before && c.After) ? 1 : 0;
                    closed += changes.Any(c => c.Before && !c.After) ? 1 : 0;
                    var change = difference.Changes.FirstOrDefault(c => c.From == from.Id.Name && c.To == to.Id.Name);
                    Assert.Equal(changes.Any(c => !c.Before && c.After), change is { OpenedPairs: 1, Opened.IsEmpty: false });
                    Assert.Equal(changes.Any(c => c.Before && !c.After), change is { ClosedPairs: 1, Closed.IsEmpty: false });
                }
            }

            Assert.True(opened == difference.OpenedPairs && closed == difference.ClosedPairs, $"seed {seed}: {opened}/{closed} by brute force, {difference.OpenedPairs}/{difference.ClosedPairs} by classes");
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
                    Assert.True(model.With(change.Draft).Allows(flow), $"seed {seed}: {string.Join(' ', change.Sentences)}");
                    Assert.True(change.OtherPairs >= 0);
                }
            }
        },
        iter: 40);

    private static IEnumerable<Flow> Flows(FlowEnd from, FlowEnd to) =>
    [
        new Flow(from, to, ProtocolNumbers.Tcp) { SourcePort = 40000, DestinationPort = 80 },
        new Flow(from, to, ProtocolNumbers.Tcp) { SourcePort = 150, DestinationPort = 5432 },
        new Flow(from, to, ProtocolNumbers.Udp) { SourcePort = 40000, DestinationPort = 8080 },
        Flow.Ping(from, to),
    ];

    private static FlowEnd End(WorkloadEndpoint endpoint) => new(endpoint.IPv4Nets[0].Address) { Endpoint = endpoint.Id };

    private static Flow FlowOf(FlowEnd from, FlowEnd to, Traffic packet) => new(from, to, packet.Protocol)
    {
        SourcePort = packet.SourcePort,
        DestinationPort = packet.DestinationPort,
        IcmpType = packet.IcmpType,
        IcmpCode = packet.IcmpCode,
    };
}
