using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Reachability.Assertions;

public sealed class AssertionTests
{
    private static readonly ClusterSnapshot Nothing = new();

    public static TheoryData<string, string> Documents => new()
    {
        {
            """{"from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[5432],"expect":"must"}""",
            "Endpoints tagged web must reach endpoints tagged db with tcp 5432."
        },
        {
            """{"from":{"anything":true},"to":{"host":"etcd1"},"protocol":"tcp","ports":[2379,"4001:4002"],"expect":"mustNot","note":"why"}""",
            "Anything must not reach host etcd1 with tcp 2379, 4001-4002."
        },
        {
            """{"from":{"net":"10.0.0.0/8"},"to":{"profile":"p"},"protocol":"icmp","expect":"must","ipVersion":4}""",
            "Addresses in 10.0.0.0/8 must reach endpoints with profile p with ping over IPv4."
        },
        {
            """{"from":{"selector":"role == \u0027web\u0027"},"to":{"network":"n"},"expect":"mustNot"}""",
            "Endpoints that match role == 'web' must not reach endpoints on network n with any traffic."
        },
        {
            """{"from":{"endpoint":"docker01/web1"},"to":{"net":"203.0.113.7/32"},"protocol":"icmp","icmpType":13,"expect":"must"}""",
            "docker01/web1 must reach addresses in 203.0.113.7/32 with icmp type 13."
        },
        { """{"from":{"tag":"a"},"to":{"tag":"b"},"protocol":"sctp","expect":"must"}""", "Endpoints tagged a must reach endpoints tagged b with sctp." },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_IsReadWrittenAndSaid(string json, string sentence)
    {
        Assert.True(AssertionCodec.TryRead(json, out var assertion, out var errors), string.Join("; ", errors));
        Assert.Equal(sentence, assertion.Sentence);
        Assert.True(AssertionCodec.TryRead(AssertionCodec.Write(assertion), out var again, out _));
        Assert.Equal(AssertionCodec.Write(assertion), AssertionCodec.Write(again));
    }

    [Theory]
    [InlineData("""[]""", "")]
    [InlineData("""{""", "")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"}}""", "expect")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"expect":"should"}""", "expect")]
    [InlineData("""{"from":{"tag":"a","net":"10.0.0.0/8"},"to":{"tag":"b"},"expect":"must"}""", "from")]
    [InlineData("""{"to":{"tag":"b"},"expect":"must"}""", "from")]
    [InlineData("""{"from":{"label":"a"},"to":{"tag":"b"},"expect":"must"}""", "from.label")]
    [InlineData("""{"from":{"anything":false},"to":{"tag":"b"},"expect":"must"}""", "from.anything")]
    [InlineData("""{"from":{"tag":""},"to":{"tag":"b"},"expect":"must"}""", "from.tag")]
    [InlineData("""{"from":{"tag":"a"},"to":{"selector":"a =="},"expect":"must"}""", "to.selector")]
    [InlineData("""{"from":{"tag":"a"},"to":{"net":"10.0.0"},"expect":"must"}""", "to.net")]
    [InlineData("""{"from":{"net":"10.0.0.1"},"to":{"net":"2001:db8::/32"},"expect":"must"}""", "to.net")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"protocol":"tpc","expect":"must"}""", "protocol")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"protocol":"tcp","ports":[0],"expect":"must"}""", "ports")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"protocol":"tcp","ports":["90:80"],"expect":"must"}""", "ports")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"protocol":"tcp","ports":80,"expect":"must"}""", "ports")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"protocol":"icmp","ports":[80],"expect":"must"}""", "ports")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"protocol":"tcp","icmpType":8,"expect":"must"}""", "icmpType")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"ipVersion":5,"expect":"must"}""", "ipVersion")]
    [InlineData("""{"from":{"tag":"a"},"to":{"tag":"b"},"expect":"must","severity":1}""", "severity")]
    public void Document_NotValid_NamesTheField(string json, string field)
    {
        Assert.False(AssertionCodec.TryRead(json, out _, out var errors));
        Assert.Equal(field, Assert.Single(errors).Field);
    }

    [Fact]
    public void Evaluation_OfRandomWorlds_IsWhatAskingEveryPairFinds()
    {
        AssertionEnd[] ends =
        [
            AssertionEnd.Anything,
            new(AssertionEndKind.Tag, "web"),
            new(AssertionEndKind.Tag, "db"),
            new(AssertionEndKind.Profile, "p1"),
            new(AssertionEndKind.Selector, "app == 'a'"),
            new(AssertionEndKind.Selector, "all()"),
            new(AssertionEndKind.Host, "n1"),
            new(AssertionEndKind.Net, "10.65.0.0/30"),
            new(AssertionEndKind.Net, "203.0.113.7/32"),
            new(AssertionEndKind.Net, "10.244.0.0/24"),
        ];
        var random = new Random(5);
        var (broken, holds) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var input = new RandomWorld(seed).Input();
            var model = new ReachabilityModel(input);
            for (var i = 0; i < 25; i++)
            {
                var assertion = new Assertion
                {
                    From = ends[random.Next(ends.Length)],
                    To = ends[random.Next(ends.Length)],
                    Protocol = random.Next(4) switch { 0 => ProtocolNumbers.Udp, 1 => ProtocolNumbers.Icmp, _ => ProtocolNumbers.Tcp },
                    Must = random.Next(2) == 0,
                    IPVersion = 4,
                };
                if (!assertion.IsIcmp)
                {
                    assertion = assertion with { Ports = [random.Next(2) == 0 ? new PortRange(5432, 5432) : new PortRange(80, 150)] };
                }
                var result = AssertionEvaluator.Evaluate(Nothing, model, assertion);
                var (pairs, wrong) = Ask(input, model, assertion);
                var what = string.Create(
                    CultureInfo.InvariantCulture,
                    $"world {seed}: {assertion.Sentence} {result.State}, {result.BrokenPairs} of {result.Pairs}; asked: {wrong} of {pairs}");
                Assert.True(wrong == 0 || result.State == AssertionState.Broken, what);
                if (result.State == AssertionState.Broken)
                {
                    Assert.All(result.Examples, e => Assert.NotEqual(assertion.Must, model.Allows(e.Flow)));
                    Assert.All(result.Examples, e => Assert.True(Is(input, model, assertion.From, e.Flow.Source), what));
                    Assert.All(result.Examples, e => Assert.True(Is(input, model, assertion.To, e.Flow.Destination), what));
                    broken++;
                }
                else if (result.State == AssertionState.Holds)
                {
                    Assert.True(pairs > 0, what);
                    holds++;
                }
                else
                {
                    Assert.True(pairs == 0, what);
                }

                if (assertion.From.Kind is AssertionEndKind.Tag or AssertionEndKind.Selector
                    && assertion.To.Kind is AssertionEndKind.Tag or AssertionEndKind.Profile)
                {
                    Assert.True((pairs, wrong) == (result.Pairs, result.BrokenPairs), what);
                }
            }
        }

        Assert.True(broken > 100 && holds > 60, string.Create(CultureInfo.InvariantCulture, $"{broken} broken, {holds} holding"));
    }

    [Fact]
    public void NothingToCheck_SaysWhichEnd()
    {
        var result = AssertionEvaluator.Evaluate(
            Nothing,
            new ReachabilityModel(new RandomWorld(1).Input()),
            new Assertion { From = new(AssertionEndKind.Tag, "nosuch"), To = AssertionEnd.Anything, Must = true });

        Assert.Equal((AssertionState.NothingToCheck, "No endpoint is tagged nosuch."), (result.State, result.Reason));
    }

    [Fact]
    public void TenThousandEndpoints_AreLookedAtByClass()
    {
        static string Numbered(string prefix, int i) => $"{prefix}{i.ToString(CultureInfo.InvariantCulture)}";
        ImmutableArray<PortRange> postgres = [new PortRange(5432, 5432)];
        var fromWeb = new Rule
        {
            Action = "allow",
            Protocol = new Protocol("tcp", 0),
            Source = new RuleEntity { Tag = "web" },
            Destination = new RuleEntity { Ports = postgres },
        };
        string[] names = ["web", "db", "other"];
        var input = new ReachabilityInput
        {
            Profiles = [.. names.Select(n => new Profile { Name = n, Tags = [n], Ingress = [fromWeb], Egress = [new Rule { Action = "allow" }] })],
            WorkloadEndpoints =
            [
                .. Enumerable.Range(0, 10_000).Select(i => new WorkloadEndpoint
                {
                    Id = new WorkloadEndpointId(Numbered("n", i % 20), "libnetwork", "libnetwork", Numbered("w", i)),
                    InterfaceName = "cali1",
                    State = "active",
                    IPv4Nets = [new Cidr(new Ip(0x0A410000 + (UInt128)i, false), 32)],
                    ProfileIds = [names[i % 3]],
                }),
            ],
            Hosts = Enumerable.Range(0, 20).ToImmutableDictionary(
                i => Numbered("n", i),
                i => new HostSettings { IPv4 = Cidr.Parse($"{Numbered("10.244.0.", i + 1)}/24"), InterfacePrefixes = ["cali"] }),
        };
        var model = new ReachabilityModel(input);
        _ = model.CountClasses(ipv6: false);
        var toDb = new Assertion { From = AssertionEnd.Anything, To = new(AssertionEndKind.Tag, "db"), Protocol = 6, Ports = postgres, Must = false };
        var must = AssertionEvaluator.Evaluate(Nothing, model, toDb with { From = new(AssertionEndKind.Tag, "web"), Must = true });
        Assert.Equal((AssertionState.Holds, 3334L * 3333), (must.State, must.Pairs));

        var began = Stopwatch.GetTimestamp();
        var not = AssertionEvaluator.Evaluate(Nothing, model, toDb);
        TestContext.Current.SendDiagnosticMessage($"anything to 3,333 endpoints: {Stopwatch.GetElapsedTime(began).TotalMilliseconds} ms");
        Assert.Equal((AssertionState.Broken, 3334L * 3333), (not.State, not.BrokenPairs));
        Assert.All(not.Examples, e => Assert.Equal(5432, e.Flow.DestinationPort));
    }

    private static (long Pairs, long Wrong) Ask(ReachabilityInput input, ReachabilityModel model, Assertion assertion)
    {
        // An endpoint is one end, whatever addresses it has.
        var asked = new Dictionary<(object, object), bool>();
        foreach (var (from, to) in RandomWorld.Pairs(input))
        {
            var outside = from is { Endpoint: null, Node: null } && to is { Endpoint: null, Node: null };
            var own = from.Node is { } node && assertion.From.Kind != AssertionEndKind.Host && to.Endpoint?.Node == node;
            if (outside || own || !Is(input, model, assertion.From, from) || !Is(input, model, assertion.To, to))
            {
                continue;
            }

            (object, object) pair = ((object?)from.Endpoint ?? from, (object?)to.Endpoint ?? to);
            asked[pair] = asked.GetValueOrDefault(pair) || Packets(assertion, from, to).Any(f => model.Allows(f) != assertion.Must);
        }

        return (asked.Count, asked.Values.Count(broken => broken));
    }

    private static IEnumerable<Flow> Packets(Assertion assertion, FlowEnd sender, FlowEnd receiver) => assertion.IsIcmp
        ? [Flow.Ping(sender, receiver)]
        : from source in assertion.Must ? new[] { Assertion.ClientPort } : new[] { Assertion.ClientPort, 80, 150, 300, 5432 }
          from port in assertion.Ports[0].First == 80 ? new[] { 80, 99, 100, 150 } : new[] { 5432 }
          select new Flow(sender, receiver, assertion.Protocol!.Value) { SourcePort = source, DestinationPort = port };

    private static bool Is(ReachabilityInput input, ReachabilityModel model, AssertionEnd end, FlowEnd flow)
    {
        var endpoint = flow.Endpoint is { } id ? model.Endpoints.First(e => e.Id == id) : null;
        var profiles = endpoint is null ? [] : input.Profiles.Where(p => endpoint.ProfileIds.Contains(p.Name)).ToArray();
        return end.Kind switch
        {
            AssertionEndKind.Anything => true,
            AssertionEndKind.Tag => profiles.Any(p => p.Tags.Contains(end.Value)),
            AssertionEndKind.Profile => endpoint?.ProfileIds.Contains(end.Value) == true,
            AssertionEndKind.Selector => endpoint is not null && (end.Value == "all()" || App(endpoint) == "a"),
            AssertionEndKind.Host => flow.Node == end.Value,
            _ => Cidr.Parse(end.Value).Contains(flow.Address),
        };

        string? App(WorkloadEndpoint e) =>
            EffectiveLabels.For(n => input.Profiles.FirstOrDefault(p => p.Name == n), e.Labels, e.ProfileIds).GetValueOrDefault("app");
    }
}
