using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Reachability;

/// <summary>Each rule of docs/calico-v1.md#how-felix-decides by itself: a (on n1) and c (on n2) are workloads, n1 and n2 hosts, x is outside.</summary>
public sealed class ReachabilityRuleTests
{
    private static readonly Rule Allow = new() { Action = "allow" };
    private static readonly Rule Deny = new() { Action = "deny" };
    private static readonly Rule Pass = new() { Action = "pass" };
    private static readonly Rule Bad = new() { Action = "allow", Protocol = new Protocol("nonsense", 0) };
    private static readonly Profile Open = new() { Name = "open", Ingress = [Allow], Egress = [Allow], Tags = ["open"] };
    private static readonly Profile Closed = new() { Name = "closed", Ingress = [Deny], Egress = [Allow] };
    private static readonly Policy AllIngress = new() { Name = "p", Types = ["ingress"], Selector = "all()" };

    public static TheoryData<string, ReachabilityInput, Flow, bool> Cases => new()
    {
        { "5.1 profiles decide where no policy governs", Of(Open), Tcp(A, C), true },
        { "5.1 the endpoint's profile denies", Of(Closed), Tcp(A, C), false },
        { "5.1 a policy without rules drops its direction", Of(Open) with { Policies = [AllIngress] }, Tcp(A, C), false },
        { "5.1 an ingress policy leaves egress to the profiles", Of(Open) with { Policies = [AllIngress with { Selector = "has(other)" }] }, Tcp(A, C), true },
        { "5.1 a policy comes before the profile", Of(Closed) with { Policies = [AllIngress with { Ingress = [Allow] }] }, Tcp(A, C), true },
        { "5.1 pass hands on to the profiles", Of(Open) with { Policies = [AllIngress with { Ingress = [Pass] }] }, Tcp(A, C), true },
        {
            "5.1 pass skips later policies",
            Of(Open) with { Policies = [AllIngress with { Order = 1, Ingress = [Pass] }, AllIngress with { Name = "q", Order = 2, Ingress = [Deny] }] },
            Tcp(A, C), true
        },
        {
            "5.1 the lower order is first",
            Of(Open) with
            {
                Policies = [AllIngress with { Name = "z", Order = 1, Ingress = [Deny] }, AllIngress with { Name = "a", Order = 2, Ingress = [Allow] }],
            },
            Tcp(A, C), false
        },
        {
            "5.1 no order is last",
            Of(Open) with { Policies = [AllIngress with { Name = "a", Ingress = [Deny] }, AllIngress with { Name = "z", Order = 9, Ingress = [Allow] }] },
            Tcp(A, C), true
        },
        {
            "5.1 equal orders go by name",
            Of(Open) with
            {
                Policies = [AllIngress with { Name = "b", Order = 1, Ingress = [Allow] }, AllIngress with { Name = "a", Order = 1, Ingress = [Deny] }],
            },
            Tcp(A, C), false
        },
        { "5.1 log decides nothing", Of(Open) with { Policies = [AllIngress with { Ingress = [Allow with { Action = "log" }, Allow] }] }, Tcp(A, C), true },
        { "5.1 a rejected policy is absent", Of(Open) with { Policies = [AllIngress with { Ingress = [Deny, Bad] }] }, Tcp(A, C), true },
        { "5.1 a rejected rule makes the profile deny", Of(Open with { Ingress = [Allow, Bad] }), Tcp(A, C), false },
        { "5.1 a missing profile drops", Of(Open) with { Profiles = [] }, Tcp(A, C), false },
        { "5.1 a profile without rules drops", Of(Open with { HasRules = false }), Tcp(A, C), false },
        { "5.1 no profile drops", With(Of(Open), e => e with { ProfileIds = [] }), Tcp(A, C), false },
        { "5.1 an inactive endpoint gets nothing", With(Of(Open), e => e with { State = "inactive" }), Tcp(A, C), false },
        {
            "5.1 untracked policies do not concern workloads",
            Of(Open) with { Policies = [AllIngress with { DoNotTrack = true, Ingress = [Deny] }] },
            Tcp(A, C), true
        },
        { "5.1 NAT outgoing hides the sender from a tag", Hidden(nat: true), Tcp(A, C), false },
        { "5.1 without NAT outgoing the tag is seen", Hidden(nat: false), Tcp(A, C), true },
        { "5.2 outside: only egress counts", Of(Closed), Tcp(A, X), true },
        { "5.2 from outside: only ingress counts", Of(Closed), Tcp(X, C), false },
        { "5.2 host to own workload is not policed", Of(Closed), Tcp(N1, A), true },
        { "5.2 host to the other host's workload is policed", Of(Closed), Tcp(N1, C), false },
        { "5.2 to own host: DROP", ToHost(EndpointToHostAction.Drop), Tcp(A, N1), false },
        { "5.2 to own host: RETURN", ToHost(EndpointToHostAction.Return), Tcp(A, N1), true },
        { "5.2 to own host: ACCEPT", ToHost(EndpointToHostAction.Accept), Tcp(A, N1), true },
        { "5.2 to own host: egress comes first", ToHost(EndpointToHostAction.Accept) with { Profiles = [Open with { Egress = [Deny] }] }, Tcp(A, N1), false },
        {
            "5.2 OpenStack: DNS before policy",
            ToHost(EndpointToHostAction.Drop, openStack: true),
            Tcp(A, N1) with { Protocol = 17, DestinationPort = 53 },
            true
        },
        {
            "5.2 OpenStack: DHCP before policy",
            ToHost(EndpointToHostAction.Drop, openStack: true),
            Tcp(A, N1) with { Protocol = 17, SourcePort = 68, DestinationPort = 67 },
            true
        },
        { "5.2 without OpenStack no DNS", ToHost(EndpointToHostAction.Drop), Tcp(A, N1) with { Protocol = 17, DestinationPort = 53 }, false },
        { "5.2 neighbour discovery to the own host", ToHost(EndpointToHostAction.Drop), new Flow(A6, N16, 58) { IcmpType = 135, IcmpCode = 0 }, true },
        { "5.2 ping over IPv6 to the own host is policed", ToHost(EndpointToHostAction.Drop), Flow.Ping(A6, N16), false },
        { "5.2 no endpoint in the datastore: dropped", Of(Open), Tcp(new FlowEnd(Ip.Parse("10.65.0.9")) { UnregisteredOn = "n1" }, C), false },
        { "5.2 an interface without the prefix is not policed", Prefix(Of(Closed), "tap"), Tcp(A, C), true },
        { "5.3 from the first host endpoint on all is dropped", Host(), Tcp(X, N2), false },
        { "5.3 no host endpoint, no police", Of(Closed), Tcp(X, N2), true },
        { "5.3 failsafe in", Host(), Tcp(X, N2) with { DestinationPort = 22 }, true },
        { "5.3 failsafe out", Host(), Tcp(N2, X) with { DestinationPort = 2379 }, true },
        { "5.3 out of the host is policed", Host(), Tcp(N2, X), false },
        { "5.3 failsafe none", Host() with { Hosts = Settings(s => s with { FailsafeInbound = [] }) }, Tcp(X, N2) with { DestinationPort = 22 }, false },
        { "5.3 a profile opens", Host(["open"]), Tcp(X, N2), true },
        { "5.3 a policy governs hosts too", Host(["open"]) with { Policies = [AllIngress with { Ingress = [Deny] }] }, Tcp(X, N2), false },
        { "5.3 not to local workloads", Host(), Tcp(X, C), true },
        { "5.3 matched by interface name", Host(name: "eth1"), Tcp(X, N2 with { Interface = new PassedInterface("eth1") }), false },
        { "5.3 another interface is not policed", Host(name: "eth1"), Tcp(X, N2 with { Interface = new PassedInterface("eth0") }), true },
        { "5.3 a profile name with a slash makes it missing", Host(["a/b"]), Tcp(X, N2), true },
        { "5.3 doNotTrack allows before the rest", Host() with { Policies = [AllIngress with { DoNotTrack = true, Ingress = [Allow] }] }, Tcp(X, N2), true },
        { "5.3 doNotTrack has no default drop", Host(["open"]) with { Policies = [AllIngress with { DoNotTrack = true }] }, Tcp(X, N2), true },
        {
            "5.3 preDNAT denies traffic to local workloads",
            Host() with { Policies = [AllIngress with { PreDnat = true, Ingress = [Deny] }] },
            Tcp(X, C), false
        },
        { "5.3 preDNAT: not what is on the host itself", Host() with { Policies = [AllIngress with { PreDnat = true, Ingress = [Deny] }] }, Tcp(N2, C), true },
        { "5.5 a pass mark ends a later profile", Leak(), Tcp(A, C), false },
        { "3 a rule for IPv6 is none in IPv4", Of(Open with { Ingress = [Deny with { IPVersion = 6 }, Allow] }), Tcp(A, C), true },
        { "3 a missing action allows", Of(Open with { Ingress = [new Rule { Action = "" }] }), Tcp(A, C), true },
        {
            "4 all() in a rule is not any address",
            Of(Open with { Ingress = [Allow with { Source = new RuleEntity { Selector = "all()" } }] }),
            Tcp(X, C), false
        },
        {
            "4 notSelector takes outside addresses",
            Of(Open with { Ingress = [Allow with { Source = new RuleEntity { NotSelector = "has(open)" } }] }),
            Tcp(X, C), true
        },
    };

    private static FlowEnd A => new(Ip.Parse("10.65.0.1")) { Endpoint = Id("n1", "a") };

    private static FlowEnd A6 => new(Ip.Parse("fd80::1")) { Endpoint = Id("n1", "a") };

    private static FlowEnd C => new(Ip.Parse("10.65.0.3")) { Endpoint = Id("n2", "c") };

    private static FlowEnd N1 => new(Ip.Parse("10.244.0.11")) { Node = "n1" };

    private static FlowEnd N16 => new(Ip.Parse("fd00::11")) { Node = "n1" };

    private static FlowEnd N2 => new(Ip.Parse("10.244.0.12")) { Node = "n2" };

    private static FlowEnd X => new(Ip.Parse("203.0.113.7"));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Flow_IsJudgedAsFelixDoes(string rule, ReachabilityInput input, Flow flow, bool allowed)
    {
        var model = new ReachabilityModel(input);
        var verdict = model.Explain(flow);
        Assert.True(
            allowed == verdict.Allowed,
            $"{rule}: {string.Join("; ", verdict.Trace.Select(s => $"{s.Stage} {s.Direction} {s.Subject} {s.Name} {s.Outcome} {s.Reason}"))}");
        Assert.Equal(allowed, model.Allows(flow));
        Assert.Equal(rule.StartsWith("5.5", StringComparison.Ordinal), verdict.Allowed != verdict.Meant);
    }

    [Theory]
    [InlineData("10.65.0.9", "192.0.2.0/24", 0)]
    [InlineData("192.0.2.9", "192.0.2.0/24", 1)]
    [InlineData("192.0.2.9", "192.0.2.0/30", 0)]
    public void Matrix_CountsEndpointsWhoseAddressesAreToldApart(string second, string net, int split)
    {
        var input = With(
            Of(Open with { Ingress = [Allow with { Source = new RuleEntity { Nets = [Cidr.Parse(net)] } }] }),
            e => e with { IPv4Nets = e.IPv4Nets.Add(new Cidr(Ip.Parse(second), 32)) });

        Assert.Equal(split, ReachabilityMatrix.From(new ReachabilityModel(input), e => [e.Id.Name]).SplitEndpoints);
    }

    // What a sender at one address may send to a receiver at two, of which a rule names the first, the second, both or neither.
    [Theory]
    [InlineData("10.65.0.2,192.0.2.9", "10.65.0.2/32", CellKind.Some, "", "everything", "10.65.0.2")]
    [InlineData("10.65.0.2,192.0.2.9", "192.0.2.0/24", CellKind.Some, "", "everything", "192.0.2.9")]
    [InlineData("10.65.0.2,192.0.2.9", "10.0.0.0/8,192.0.2.0/24", CellKind.All, "everything", "", null)]
    [InlineData("10.65.0.2,192.0.2.9", "198.51.100.0/24", CellKind.None, "", "", null)]
    [InlineData("10.65.0.2,10.65.0.3", "10.65.0.0/24", CellKind.All, "everything", "", null)]
    [InlineData("10.65.0.2", "10.65.0.0/24", CellKind.All, "everything", "", null)]
    public void Matrix_CoversEachAddressOfTheReceiver(string addresses, string nets, CellKind kind, string always, string sometimes, string? example)
    {
        var matrix = ReachabilityMatrix.From(new ReachabilityModel(Receiver(addresses, nets)), e => [e.Id.Name]);
        var cell = matrix.Describe(matrix.IndexOf("a"), matrix.IndexOf("b"));
        Assert.Equal(kind, cell.Kind);
        Assert.Equal(always.Length > 0, !cell.Always.IsEmpty);
        Assert.Equal(sometimes.Length > 0, !cell.Sometimes.IsEmpty);
        Assert.Equal(example, cell.Example!.ToAddress?.ToString());
        Assert.Null(cell.Example.FromAddress);
        if (kind == CellKind.Some)
        {
            Assert.Contains("for some pairs or addresses", cell.Words, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("10.65.0.2,192.0.2.9", "10.65.0.2/32", true, null, AssertionState.Broken, "192.0.2.9")]
    [InlineData("10.65.0.2,192.0.2.9", "10.65.0.2/32", false, null, AssertionState.Broken, "10.65.0.2")]
    [InlineData("10.65.0.2,192.0.2.9", "10.0.0.0/8,192.0.2.0/24", true, null, AssertionState.Holds, null)]
    [InlineData("10.65.0.2,192.0.2.9", "198.51.100.0/24", false, null, AssertionState.Holds, null)]
    // An end that is a network stands for the addresses in it alone.
    [InlineData("10.65.0.2,192.0.2.9", "10.65.0.2/32", true, "10.65.0.2/32", AssertionState.Holds, null)]
    [InlineData("10.65.0.2,192.0.2.9", "10.65.0.2/32", true, "192.0.2.9/32", AssertionState.Broken, "192.0.2.9")]
    [InlineData("10.65.0.2,10.65.0.3", "10.65.0.0/24", false, "10.65.0.3/32", AssertionState.Broken, "10.65.0.3")]
    public void Assertion_CoversEachAddress(string addresses, string nets, bool must, string? to, AssertionState state, string? example)
    {
        var assertion = new Assertion
        {
            From = new(AssertionEndKind.Tag, "sender"),
            To = to is null ? new(AssertionEndKind.Tag, "receiver") : new(AssertionEndKind.Net, to),
            Protocol = ProtocolNumbers.Tcp,
            Must = must,
            IPVersion = 4,
        };
        var result = AssertionEvaluator.Evaluate(new ClusterSnapshot(), new ReachabilityModel(Receiver(addresses, nets)), assertion);
        Assert.Equal((state, 1L), (result.State, result.Pairs));
        Assert.Equal(example, result.Examples.IsEmpty ? null : result.Examples[0].Flow.Destination.Address.ToString());
    }

    // A proposal that lets the sender send to an address more or less.
    [Theory]
    [InlineData("10.65.0.2/32", "10.0.0.0/8,192.0.2.0/24", 1, 0)]
    [InlineData("10.65.0.2/32", "192.0.2.0/24", 1, 1)]
    [InlineData("10.65.0.0/24,192.0.2.9/32", "10.65.0.0/24", 0, 1)]
    [InlineData("10.65.0.2/32", "10.65.0.0/31,10.65.0.2/32", 0, 0)]
    public void Difference_CoversEachAddress(string before, string after, int opened, int closed)
    {
        var now = new ReachabilityModel(Receiver("10.65.0.2,192.0.2.9", before));
        var next = now.With(ReachabilityProposal.From(Receiver("10.65.0.2", after).Profiles[0]));
        var difference = ReachabilityDifference.Between(now, next, e => [e.Id.Name], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((opened, closed), (difference.OpenedPairs, difference.ClosedPairs));
    }

    private static ReachabilityInput Receiver(string addresses, string nets) => new()
    {
        Profiles =
        [
            new Profile { Name = "sender", Tags = ["sender"], Egress = [Allow with { Destination = new RuleEntity { Nets = Nets(nets) } }] },
            new Profile { Name = "receiver", Tags = ["receiver"], Ingress = [Allow] },
        ],
        WorkloadEndpoints =
        [
            new() { Id = Id("n1", "a"), InterfaceName = "calia", IPv4Nets = Nets("10.65.0.1/32"), ProfileIds = ["sender"] },
            new() { Id = Id("n2", "b"), InterfaceName = "calib", IPv4Nets = Nets(addresses), ProfileIds = ["receiver"] },
        ],
    };

    private static ImmutableArray<Cidr> Nets(string nets) =>
        [.. nets.Split(',').Select(n => Cidr.Parse(n.Contains('/', StringComparison.Ordinal) ? n : $"{n}/32"))];

    [Theory]
    [InlineData("none", "open")]
    [InlineData("open", "open")]
    [InlineData("better", "better")]
    public void Matrix_Example_IsOpenBeforeItIsPreferred(string preferred, string expected)
    {
        // Senders of two classes: to c, those of the profile open get through.
        var input = Of(Open with { Ingress = [Allow with { Source = new RuleEntity { Tag = "open" } }] });
        WorkloadEndpoint Sender(string name, string ip, params string[] profiles) =>
            new() { Id = Id("n1", name), InterfaceName = "cali" + name, IPv4Nets = [Cidr.Parse(ip + "/32")], ProfileIds = [.. profiles] };
        input = input with
        {
            Profiles = [.. input.Profiles, new Profile { Name = "other", Egress = [Allow] }],
            WorkloadEndpoints =
            [
                input.WorkloadEndpoints[1],
                Sender("open", "10.65.0.5", "open"),
                Sender("better", "10.65.0.6", "open"),
                Sender("closed", "10.65.0.7", "other"),
            ],
        };
        var matrix = ReachabilityMatrix.From(new ReachabilityModel(input), e => [e.Id.Name == "c" ? "receivers" : "senders"]);
        var cell = matrix.Describe(matrix.IndexOf("senders"), matrix.IndexOf("receivers"), e => e.Id.Name is "c" or "closed" || e.Id.Name == preferred);

        Assert.Equal(CellKind.Some, cell.Kind);
        var sender = cell.Example!.From.Id.Name;
        Assert.True(preferred == "none" ? sender is "open" or "better" : sender == expected, sender);
    }

    [Fact]
    public void Trace_NamesEveryStepWithItsRule()
    {
        var udp = new Protocol("udp", 0);
        var input = Of(Open) with
        {
            Policies =
            [
                AllIngress with { Order = 1, Ingress = [Deny with { Protocol = udp }] },
                AllIngress with { Name = "q", Order = 2, Ingress = [Allow with { Protocol = udp }, Allow] },
            ],
        };
        var trace = new ReachabilityModel(input).Explain(Tcp(A, C)).Trace;
        Assert.Equal(
            [
                (FlowDirection.Egress, TraceSubject.Profile, "open", TraceOutcome.Allowed, (int?)0),
                (FlowDirection.Ingress, TraceSubject.Policy, "p", TraceOutcome.NoMatch, null),
                (FlowDirection.Ingress, TraceSubject.Policy, "q", TraceOutcome.Allowed, 1),
            ],
            trace.Select(s => (s.Direction, s.Subject, s.Name, s.Outcome, s.RuleIndex)));
    }

    [Fact]
    public void NearMiss_NamesTheOneCriterionThatFailed()
    {
        var web = Allow with { Protocol = new Protocol("tcp", 0), Destination = new RuleEntity { Ports = [new PortRange(80, 80), new PortRange(443, 443)] } };
        var none = Allow with { Protocol = new Protocol("udp", 0), Source = new RuleEntity { Tag = "none" } };
        var verdict = new ReachabilityModel(Of(Open with { Ingress = [none, web] })).Explain(Tcp(A, C) with { DestinationPort = 5432 });
        var miss = Assert.Single(verdict.NearMisses);
        Assert.Equal((FlowDirection.Ingress, "open", 1), (miss.Direction, miss.Name, miss.RuleIndex));
        Assert.Equal(new FailedCriterion("destination.ports", "port 5432 is not in 80, 443"), Assert.Single(miss.Failed));
    }

    [Fact]
    public void Suggestions_OpenTheLeastFirst()
    {
        var model = new ReachabilityModel(
            Of(Open with { Ingress = [Allow with { Protocol = new Protocol("tcp", 0), Destination = new RuleEntity { Ports = [new PortRange(80, 80)] } }] }));
        var flow = Tcp(A, C) with { DestinationPort = 5432 };
        var changes = SuggestedChanges.For(model, flow);
        Assert.Contains("In profile open, add port 5432 to ingress rule 1.", changes.SelectMany(c => c.Sentences));
        Assert.Contains("allow tcp port 5432 from 10.65.0.1", changes[0].Sentences[0], StringComparison.Ordinal);
        Assert.Equal(changes.Select(c => c.OtherPairs).Order(), changes.Select(c => c.OtherPairs));
        Assert.Empty(SuggestedChanges.For(model, flow with { DestinationPort = 80 }));
    }

    [Theory]
    [InlineData(ReachabilityWarningKind.Shadowed, "spec.ingress[1]")]
    [InlineData(ReachabilityWarningKind.MatchesNothing, "spec.ingress[2].source.tag")]
    [InlineData(ReachabilityWarningKind.AllIsNotAny, "spec.ingress[3].source.selector")]
    [InlineData(ReachabilityWarningKind.Voided, "spec.egress[0]")]
    [InlineData(ReachabilityWarningKind.StopsFelix, "spec.egress[1]")]
    public void Warnings_NameTheField(ReachabilityWarningKind kind, string field)
    {
        var tcp = Allow with { Protocol = new Protocol("tcp", 0) };
        var now = new ReachabilityModel(Of(Open));
        var proposal = ReachabilityProposal.From(Open with
        {
            Ingress =
            [
                tcp,
                tcp with { Destination = new RuleEntity { Ports = [new PortRange(80, 80)] } },
                Allow with { Source = new RuleEntity { Tag = "nobody" } },
                Allow with { Source = new RuleEntity { Selector = "all()" } },
            ],
            Egress = [Bad, tcp with { NotProtocol = new Protocol("udp", 0) }],
        });
        var warnings = RuleWarnings.For(now, now.With(proposal), proposal);
        Assert.Equal(field, Assert.Single(warnings, w => w.Kind == kind).Field);
    }

    [Fact]
    public void Warnings_SayWhoIsLockedOutOfAHost()
    {
        var now = new ReachabilityModel(Host(["open"]) with { Hosts = Settings(s => s with { FailsafeInbound = [] }) });
        var proposal = ReachabilityProposal.From(Open with { Ingress = [Allow with { Source = new RuleEntity { Nets = [Cidr.Parse("10.0.0.0/8")] } }] });
        var warning = Assert.Single(RuleWarnings.For(now, now.With(proposal), proposal), w => w.Kind == ReachabilityWarningKind.LockOut);
        Assert.Equal(
            "other addresses can no longer reach SSH (tcp 22) of host n2 through host endpoint h, and port 22 is not a failsafe port.",
            warning.Message);
        Assert.DoesNotContain(RuleWarnings.For(now, now, ReachabilityProposal.Empty), w => w.Kind == ReachabilityWarningKind.LockOut);
    }

    // A new host endpoint on n2: what its profile does not allow closes, but for the failsafe ports (ssh in, etcd out).
    [Fact]
    public void HostDifference_OfANewHostEndpoint_IsWhatItsProfileLetsThrough()
    {
        var http = Allow with { Protocol = new Protocol("tcp", 0), Destination = new RuleEntity { Ports = [new PortRange(80, 80)] } };
        var web = new Profile { Name = "web", Ingress = [http], Egress = [Allow] };
        var now = new ReachabilityModel(Of(Open, web));
        var host = new HostEndpoint { Node = "n2", Name = "h", ExpectedIPv4 = [Ip.Parse("10.244.0.12")], ProfileIds = ["web"] };
        var changes = HostDifference.Between(now, now.With(ReachabilityProposal.From(host)), ipv6: false, TestContext.Current.CancellationToken);
        Assert.Equal(
            [("n2", "other hosts", true), ("n2", "other addresses", true)],
            changes.Select(c => (c.Host, c.Peer, c.IsInto)).OrderByDescending(c => c.Peer, StringComparer.Ordinal));
        Assert.All(changes, c => Assert.Empty(c.Opened));
        Assert.Contains("tcp 1-21, 23-79, 81-65535", changes[0].Closed.Select(t => t.ToString()));

        // Deleted again, the same opens; and a policy that lets more in opens that.
        var closed = now.With(ReachabilityProposal.From(host));
        var deleted = HostDifference.Between(
            closed,
            closed.With(ReachabilityProposal.Empty.Without(ResourceId.From(host))),
            ipv6: false,
            TestContext.Current.CancellationToken);
        Assert.Equal(changes.Select(c => string.Join(';', c.Closed)), deleted.Select(c => string.Join(';', c.Opened)));
        var policy = closed.With(ReachabilityProposal.From(new Policy { Name = "p", Selector = "all()", Types = ["egress"], Egress = [Deny] }));
        Assert.All(
            HostDifference.Between(closed, policy, ipv6: false, TestContext.Current.CancellationToken),
            c => Assert.True(!c.IsInto && c.Opened.IsEmpty && !c.Closed.IsEmpty));
        Assert.Empty(HostDifference.Between(closed, closed, ipv6: false, TestContext.Current.CancellationToken));

        // n2 has no IPv6 address that is known, n1 has: an interface alone counts where the host has an address.
        Assert.Equal(
            [(false, "n1"), (false, "n2"), (true, "n1")],
            from ipv6 in new[] { false, true }
            from node in new[] { "n1", "n2" }
            let proposal = ReachabilityProposal.From(new HostEndpoint { Node = node, Name = "h", InterfaceName = "eth0" })
            where HostDifference.Between(now, now.With(proposal), ipv6, TestContext.Current.CancellationToken) is { IsEmpty: false }
            select (ipv6, node));
    }

    [Theory]
    [InlineData(50, 0)]
    [InlineData(53, 3)]
    public void HostDifference_BeyondWhatIsLookedAt_IsCounted(int hosts, int leftOut)
    {
        var now = new ReachabilityModel(Of(Open));
        var next = now;
        for (var i = 0; i < hosts; i++)
        {
            var host = new HostEndpoint { Node = "n2", Name = $"h{i}", ExpectedIPv4 = [Ip.Parse("10.244.0.12")], ProfileIds = ["web"] };
            next = next.With(ReachabilityProposal.From(host));
        }

        Assert.Equal(leftOut, HostDifference.LeftOut(now, next));
    }

    // 5.5 on a host: a preDNAT policy's pass leaks into a profile whose first rule, matching nobody, then ends it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HostTraffic_KnowsNoMarkOfEarlierStages(bool passes)
    {
        var leaky = new Profile { Name = "leaky", Ingress = [Pass with { Source = new RuleEntity { Tag = "nobody" } }, Allow], Egress = [Allow] };
        var model = new ReachabilityModel(Of(Open, leaky) with
        {
            Policies = passes ? [new Policy { Name = "p", Selector = "all()", PreDnat = true, Types = ["ingress"], Ingress = [Pass] }] : [],
            HostEndpoints = [new HostEndpoint { Node = "n2", Name = "h", ExpectedIPv4 = [Ip.Parse("10.244.0.12")], ProfileIds = ["leaky"] }],
        });
        var space = TrafficSpace.From(model.StoredRules, model.FailsafePorts, ipv6: false);
        var (host, peer) = (new FlowEnd(Ip.Parse("10.244.0.12")) { Node = "n2" }, Ip.Parse("8.8.8.8"));
        var into = HostTraffic.Into(model, space, host, peer);
        bool IsOpen(Transport p) => model.Allows(new Flow(new FlowEnd(peer), host, p.Protocol)
        {
            SourcePort = p.SourcePort,
            DestinationPort = p.DestinationPort,
            IcmpType = p.IcmpType,
            IcmpCode = p.IcmpCode,
        });
        var open = space.Representatives.Select(IsOpen).ToArray();
        Assert.Equal(open, Enumerable.Range(0, space.Count).Select(i => TrafficSpace.Has(into, i)));
        // Felix clears the mark in front of what enters a host, so that the pass of a preDNAT policy ends there.
        Assert.DoesNotContain(false, open);
    }

    [Fact]
    public void Warnings_NameMissingProfiles()
    {
        var now = new ReachabilityModel(Of(Open));
        var proposal = ReachabilityProposal.Empty.Without(new ResourceId(KindNames.Profile, "open"));
        var warning = Assert.Single(RuleWarnings.For(now, now.With(proposal), proposal),
            w => w is { Kind: ReachabilityWarningKind.MissingProfile, Subject.Name: "open" });
        // By an address, not by the 64 digits that Docker calls an endpoint.
        Assert.Matches(@" endpoints? (have, such as )?[0-9.]+ on \w+( has)?: Felix", warning.Message);
    }

    [Fact]
    public void Snapshot_FollowsChangedKeys()
    {
        var state = CalicoStateUpdate.FromListing(
        [
            Key("/calico/v1/host/n1/config/DefaultEndpointToHostAction", "RETURN"),
            Key("/calico/v1/config/InterfacePrefix", "cali,tap"),
            Key("/calico/v1/config/FailsafeInboundHostPorts", "tcp:2222, 80"),
            Key(V1Keys.ProfileRules("open"), """{"inbound_rules":[{"action":"allow"}],"outbound_rules":[{"action":"allow"}]}"""),
            Key(V1Keys.WorkloadEndpoint(Id("n1", "a")), Endpoint("cali1", "10.65.0.1/32")),
            Key(V1Keys.WorkloadEndpoint(Id("n2", "c")), Endpoint("tap3", "10.65.0.3/32")),
        ], 1);
        var model = ReachabilityModel.From(new ClusterSnapshot { Calico = state });
        Assert.True(model.Allows(Tcp(A, C)));
        Assert.Equal(EndpointToHostAction.Return, SnapshotInput.HostOf(state, "n1").EndpointToHost);
        Assert.Equal(EndpointToHostAction.Drop, SnapshotInput.HostOf(state, "n2").EndpointToHost);
        Assert.Equal([new FailsafePort(6, 2222), new FailsafePort(6, 80)], SnapshotInput.HostOf(state, "n2").FailsafeInbound);
        Assert.True(SnapshotInput.HostOf(state, "n1").OpenStack);
        foreach (var (key, value, allowed) in new[]
        {
            (V1Keys.Policy("p"), """{"selector":"has(role)","types":["ingress"]}""", true),
            (V1Keys.ProfileLabels("open"), """{"role":"x"}""", false),
            (V1Keys.Policy("p"), """{"selector":"has(role)","inbound_rules":[{"action":"allow"}],"types":["ingress"]}""", true),
            (V1Keys.ProfileRules("open"), """{"inbound_rules":[],"outbound_rules":[]}""", false),
        })
        {
            var (next, keys) = CalicoStateUpdate.Apply(state, new DatastoreUpdate.Change(key, Key(key, value), Subtree: false, 2));
            (state, model) = (next, model.Update(new ClusterSnapshot { Calico = next }, keys));
            Assert.True(allowed == model.Allows(Tcp(A, C)), key);
            Assert.Equal(allowed, ReachabilityModel.From(new ClusterSnapshot { Calico = next }).Allows(Tcp(A, C)));
        }
    }

    private static string Endpoint(string name, string net) =>
        $$"""{"state":"active","name":"{{name}}","profile_ids":["open"],"ipv4_nets":["{{net}}"],"ipv6_nets":[]}""";

    private static StoredKey Key(string key, string value) => new(key, System.Text.Encoding.UTF8.GetBytes(value), 1);

    private static WorkloadEndpointId Id(string node, string name) => new(node, "libnetwork", "libnetwork", name);

    private static Flow Tcp(FlowEnd from, FlowEnd to) => new(from, to, ProtocolNumbers.Tcp) { SourcePort = 50000, DestinationPort = 80 };

    private static ReachabilityInput Of(params Profile[] profiles) => new()
    {
        Profiles = [.. profiles],
        WorkloadEndpoints =
        [
            new WorkloadEndpoint
            {
                Id = Id("n1", "a"),
                InterfaceName = "cali1",
                IPv4Nets = Nets("10.65.0.1"),
                IPv6Nets = [Cidr.Parse("fd80::1/128")],
                ProfileIds = [profiles[0].Name],
            },
            new WorkloadEndpoint
            {
                Id = Id("n2", "c"),
                InterfaceName = "cali3",
                IPv4Nets = Nets("10.65.0.3"),
                ProfileIds = [.. profiles.Select(p => p.Name)],
            },
        ],
        Hosts = Settings(s => s),
    };

    private static ReachabilityInput With(ReachabilityInput input, Func<WorkloadEndpoint, WorkloadEndpoint> change) =>
        input with { WorkloadEndpoints = [input.WorkloadEndpoints[0], change(input.WorkloadEndpoints[1])] };

    private static ReachabilityInput ToHost(EndpointToHostAction action, bool openStack = false) =>
        Of(Open) with { Hosts = Settings(s => s with { EndpointToHost = action, OpenStack = openStack }) };

    private static ReachabilityInput Prefix(ReachabilityInput input, string prefix) =>
        input with { Hosts = Settings(s => s with { InterfacePrefixes = [prefix] }) };

    private static ReachabilityInput Host(string[]? profiles = null, string name = "") => Of(Open) with
    {
        HostEndpoints =
        [
            new HostEndpoint
            {
                Node = "n2",
                Name = "h",
                InterfaceName = name,
                ExpectedIPv4 = [Ip.Parse("10.244.0.12")],
                ProfileIds = [.. profiles ?? []],
            },
        ],
    };

    // c is in no pool, a is in one with NAT outgoing or without.
    private static ReachabilityInput Hidden(bool nat) => Of(Open with { Ingress = [Allow with { Source = new RuleEntity { Tag = "open" } }] }) with
    {
        Pools = [new IPPool { Cidr = Cidr.Parse("10.65.0.0/31"), NatOutgoing = nat }],
    };

    private static ReachabilityInput Leak()
    {
        var nobody = new RuleEntity { Tag = "nobody" };
        return Of(
            new Profile { Name = "one", Egress = [Allow], Ingress = [Pass] },
            new Profile { Name = "two", Ingress = [Pass with { Source = nobody }, Allow] });
    }

    private static ImmutableDictionary<string, HostSettings> Settings(Func<HostSettings, HostSettings> change) =>
        ImmutableDictionary<string, HostSettings>.Empty
            .Add("n1", change(new HostSettings { IPv4 = Cidr.Parse("10.244.0.11/24"), IPv6 = Cidr.Parse("fd00::11/64"), InterfacePrefixes = ["cali"] }))
            .Add("n2", change(new HostSettings { IPv4 = Cidr.Parse("10.244.0.12/24"), InterfacePrefixes = ["cali"] }));
}
