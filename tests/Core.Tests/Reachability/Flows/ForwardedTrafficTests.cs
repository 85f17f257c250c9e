using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Tests.Reachability.Flows;

/// <summary>
/// A host that lies between two others, entered by <c>in0</c> and left by <c>out0</c>: what its host endpoints let through
/// (docs/calico-v1.md#host-endpoints, golden <c>felix/006</c>).
/// </summary>
public sealed class ForwardedTrafficTests
{
    private const string Gate = "gate";
    private static readonly Rule Allow = new() { Action = "allow" };
    private static readonly Rule Deny = new() { Action = "deny" };
    private static readonly Rule Pass = new() { Action = "pass" };
    private static readonly Profile Open = new() { Name = "open", Ingress = [Allow], Egress = [Allow] };
    private static readonly Policy Untracked = new() { Name = "early", Types = ["ingress"], Selector = "has(in)", DoNotTrack = true, Ingress = [Allow] };
    private static readonly Policy BeforeDnat = Untracked with { DoNotTrack = false, PreDnat = true };

    public static TheoryData<string, ReachabilityInput, int, bool> Cases => new()
    {
        { "no host endpoint, no police", Gateway([]), 80, true },
        { "the entry denies", Gateway([In()]), 80, false },
        { "the exit denies", Gateway([Out()]), 80, false },
        { "the entry allows, the exit is not policed", Gateway([In("open")]), 80, true },
        { "the entry is not policed, the exit allows", Gateway([Out("open")]), 80, true },
        { "the entry allows, the exit denies", Gateway([In("open"), Out()]), 80, false },
        { "both allow", Gateway([In("open"), Out("open")]), 80, true },
        {
            "an ingress policy is none of the exit's",
            Gateway([In("open"), Out("open")], new Policy { Name = "p", Types = ["ingress"], Selector = "has(out)" }),
            80, true
        },
        {
            "an egress policy is the exit's",
            Gateway([In("open"), Out("open")], new Policy { Name = "p", Types = ["egress"], Selector = "has(out)" }),
            80, false
        },
        { "a failsafe port of the entry skips the exit", Gateway([In(), Out()]), 22, true },
        { "a failsafe port of the exit does not skip the entry", Gateway([In(), Out()]), 2379, false },
        { "a failsafe port of the exit", Gateway([In("open"), Out()]), 2379, true },
        { "doNotTrack skips the entry's rules", Gateway([In()], Untracked), 80, true },
        { "doNotTrack does not skip the exit's rules", Gateway([In(), Out()], Untracked), 80, false },
        { "doNotTrack drops before the rules", Gateway([In("open")], Untracked with { Ingress = [Deny] }), 80, false },
        {
            "doNotTrack of the way out is not for what is forwarded",
            Gateway([Out("open")], Untracked with { Selector = "has(out)", Types = ["egress"], Ingress = [], Egress = [Deny] }),
            80, true
        },
        { "preDNAT skips the entry's rules", Gateway([In()], BeforeDnat), 80, true },
        { "preDNAT does not skip the exit's rules", Gateway([In(), Out()], BeforeDnat), 80, false },
        { "preDNAT drops", Gateway([In("open")], BeforeDnat with { Ingress = [Deny] }), 80, false },
        { "a pass of preDNAT is cleared", Gateway([In("skip", "open")], BeforeDnat with { Ingress = [Pass] }), 80, true },
        {
            "the mark of a pass goes from the entry to the exit",
            Gateway([In("open"), Out("skip", "open")], new Policy { Name = "p", Types = ["ingress"], Selector = "has(in)", Ingress = [Pass] }),
            80, true
        },
        {
            "the mark of a pass ends a profile of the exit",
            Gateway([In("open"), Out("skip")], new Policy { Name = "p", Types = ["ingress"], Selector = "has(in)", Ingress = [Pass] }),
            80, false
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forwarded_IsJudgedByBothInterfaces(string what, ReachabilityInput input, int port, bool allowed)
    {
        var model = new ReachabilityModel(input);
        var verdict = model.Explain(Through(port));
        Assert.True(allowed == verdict.Allowed, $"{what}: {string.Join("; ", verdict.Trace)}");
        Assert.Equal((null, allowed), (verdict.Unknown, model.Allows(Through(port))));
        Assert.Equal(what == "the mark of a pass ends a profile of the exit", verdict.Meant != verdict.Allowed);
    }

    [Theory]
    // Nobody takes the answer out of connection tracking, which has not seen the request.
    [InlineData(ProtocolNumbers.Tcp, false, false)]
    [InlineData(ProtocolNumbers.Tcp, true, true)]
    // To connection tracking an answer of UDP is a new connection, which the rules of both interfaces must let through.
    [InlineData(ProtocolNumbers.Udp, false, false)]
    [InlineData(ProtocolNumbers.Udp, true, true)]
    public void UntrackedExchange_NeedsTheWayBack(int protocol, bool back, bool works)
    {
        var input = Gateway([In(), Out("open")], Untracked, Untracked with { Name = "back", Selector = "has(out)", Ingress = back ? [Allow] : [] });
        input = input with { HostEndpoints = [.. input.HostEndpoints.Select(h => h.Name == "a" && back ? h with { ProfileIds = ["open"] } : h)] };
        var verdict = new ReachabilityModel(input).Explain(Through(80) with { Protocol = protocol });
        Assert.Equal((true, works), (verdict.Allowed, verdict.ReplyAllowed));
    }

    [Fact]
    public void TrackedExchange_NeedsNoRuleBack()
    {
        var verdict = new ReachabilityModel(
            Gateway([In("open"), Out("open")], new Policy { Name = "p", Types = ["ingress"], Selector = "has(out)" })).Explain(Through(80));
        Assert.Equal((true, null), (verdict.Allowed, verdict.ReplyAllowed));
    }

    [Theory]
    [InlineData("10.244.0.9", "10.244.0.9", null)]
    [InlineData("10.244.0.9", "10.244.0.8", true)]
    [InlineData("", "10.244.0.9", null)]
    public void HostEndpointByAddress_IsDoubtfulUntilTheAddressesAreSaid(string known, string expected, bool? withAddress)
    {
        var byAddress = new HostEndpoint { Node = Gate, Name = "address", ExpectedIPv4 = [Ip.Parse(expected)] };
        var model = new ReachabilityModel(Gateway([byAddress]));
        var bare = model.Explain(Through(80));
        Assert.True(bare.IsWayUnknown);
        Assert.Contains($"say which addresses in0 has, such as in0,{expected}", bare.Unknown, StringComparison.Ordinal);
        Assert.Null(model.Known(Through(80)));
        if (known.Length > 0)
        {
            var via = Through(80).Via!;
            var flow = Through(80) with
            {
                Via = via with
                {
                    Entry = via.Entry! with { Addresses = [Ip.Parse(known)] },
                    Exit = via.Exit! with { Addresses = [Ip.Parse("10.244.1.9")] },
                },
            };
            Assert.Equal(withAddress ?? false, model.Known(flow));
        }
    }

    [Fact]
    public void UnnamedInterfaces_AreUnknownWhereTheyMatter()
    {
        var flow = Through(80) with { Via = new FlowHop(Gate) };
        Assert.True(new ReachabilityModel(Gateway([])).Known(flow));
        Assert.Contains("say by which interface it enters", new ReachabilityModel(Gateway([In()])).Explain(flow).Unknown, StringComparison.Ordinal);
        Assert.True(new ReachabilityModel(Gateway([In()]) with { EnforcingNodes = ["other"] }).Known(flow));
    }

    // What the early policies of one interface say of traffic to a workload is not what those of another say.
    [Theory]
    [InlineData("in0", false)]
    [InlineData("out0", true)]
    public void TowardsAWorkload_TheInterfaceCounts(string by, bool allowed)
    {
        var id = new WorkloadEndpointId(Gate, "libnetwork", "libnetwork", "w");
        var input = Gateway([In("open"), Out("open")], BeforeDnat with { Ingress = [Deny] }) with
        {
            WorkloadEndpoints = [new WorkloadEndpoint { Id = id, InterfaceName = "caliw", ProfileIds = ["open"], IPv4Nets = [Cidr.Parse("10.65.0.1/32")] }],
        };
        var flow = Through(80) with { Destination = new FlowEnd(Ip.Parse("10.65.0.1")) { Endpoint = id, Interface = new PassedInterface(by) }, Via = null };
        Assert.Equal(allowed, new ReachabilityModel(input).Allows(flow));
    }

    // DNAT on the receiver's host: what comes before it sees 192.0.2.1:8443, the workload's own rules its address and port 80.
    [Theory]
    [InlineData("preDNAT", 8443, false)]
    [InlineData("preDNAT", 80, true)]
    [InlineData("workload", 8443, true)]
    [InlineData("workload", 80, false)]
    [InlineData("untracked", 80, true)]
    [InlineData("untracked", 8443, false)]
    public void BehindDnat_EachStageSeesItsOwnSide(string where, int port, bool allowed)
    {
        var id = new WorkloadEndpointId(Gate, "libnetwork", "libnetwork", "w");
        var rule = new Rule
        {
            Action = where == "untracked" ? "allow" : "deny",
            Protocol = new Protocol("tcp", 0),
            Destination = new RuleEntity { Ports = [new PortRange(port, port)] },
        };
        var policy = where switch
        {
            "preDNAT" => BeforeDnat with { Ingress = [rule] },
            "untracked" => Untracked with { Ingress = [rule] },
            _ => new Policy { Name = "p", Types = ["ingress"], Selector = "has(work)", Ingress = [rule, Allow] },
        };
        var input = Gateway([In("open")], policy) with
        {
            WorkloadEndpoints =
            [
                new WorkloadEndpoint
                {
                    Id = id, InterfaceName = "caliw", ProfileIds = ["open"], IPv4Nets = [Cidr.Parse("10.65.0.1/32")],
                    Labels = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("work", ""),
                },
            ],
        };
        var flow = Through(80) with
        {
            Destination = new FlowEnd(Ip.Parse("10.65.0.1")) { Endpoint = id, Interface = new PassedInterface("in0") },
            Via = null,
            Dialled = new DialledTarget(Ip.Parse("192.0.2.1"), 8443),
        };
        var verdict = new ReachabilityModel(input).Explain(flow);
        Assert.True(allowed == verdict.Allowed, string.Join("; ", verdict.Trace));
    }

    [Fact]
    public void Denied_NamesTheRuleThatCameClosestAndAChange()
    {
        var https = Allow with { Protocol = new Protocol("tcp", 0), Destination = new RuleEntity { Ports = [new PortRange(443, 443)] } };
        var model = new ReachabilityModel(Gateway([In("open"), Out("narrow")]) with
        {
            Profiles = [Open, new Profile { Name = "narrow", Egress = [https] }],
        });
        var verdict = model.Explain(Through(80));
        var miss = Assert.Single(verdict.NearMisses);
        Assert.Equal((FlowDirection.Egress, TraceStage.Host, "narrow"), (miss.Direction, miss.Stage, miss.Name));
        Assert.Equal($"{Gate}/b", verdict.Decisive!.Endpoint);
        var suggestions = SuggestedChanges.For(model, Through(80));
        Assert.NotEmpty(suggestions);
        Assert.All(suggestions, s => Assert.True(model.With(s.Proposal).Allows(Through(80))));
    }

    private static Flow Through(int port) => new(new FlowEnd(Ip.Parse("203.0.113.7")), new FlowEnd(Ip.Parse("198.51.100.7")), ProtocolNumbers.Tcp)
    {
        SourcePort = 50000,
        DestinationPort = port,
        Via = new FlowHop(Gate) { Entry = new PassedInterface("in0"), Exit = new PassedInterface("out0") },
    };

    private static HostEndpoint In(params string[] profiles) => Interface("a", "in0", "in", profiles);

    private static HostEndpoint Out(params string[] profiles) => Interface("b", "out0", "out", profiles);

    private static HostEndpoint Interface(string name, string interfaceName, string label, string[] profiles) => new()
    {
        Node = Gate,
        Name = name,
        InterfaceName = interfaceName,
        ProfileIds = [.. profiles],
        Labels = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(label, ""),
    };

    // A rule that passes what comes from nobody: after a pass Felix leaves the profile there although the rule does not match.
    private static ReachabilityInput Gateway(HostEndpoint[] endpoints, params Policy[] policies) => new()
    {
        HostEndpoints = [.. endpoints],
        Policies = [.. policies],
        Profiles =
        [
            Open,
            new Profile
            {
                Name = "skip",
                Ingress = [Pass with { Source = new RuleEntity { Tag = "nobody" } }],
                Egress = [Pass with { Source = new RuleEntity { Tag = "nobody" } }, Allow],
            },
        ],
    };
}
