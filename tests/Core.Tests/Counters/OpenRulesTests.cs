using System.Collections.Immutable;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Tests.Reachability;

namespace CalicoConsole.Core.Tests.Counters;

/// <summary>What is open and was never used: said only where a rule that all of it has to meet was never hit.</summary>
public sealed class OpenRulesTests
{
    private static readonly RuleListKey Inbound = new(false, "db", false);
    private static readonly RuleListKey Outbound = new(false, "web", true);

    [Fact]
    public void NeverUsed_WhenARuleThatEveryPacketMeetsWasNeverHit()
    {
        var (model, matrix) = Small();
        var open = OpenRules.For(model, matrix, matrix.IndexOf("web"), matrix.IndexOf("db"))!;
        Assert.Equal((2, "n1", "n2"), (open.Kinds.Length, Assert.Single(open.FromNodes), Assert.Single(open.ToNodes)));

        // Out of web everything goes by one rule that others use as well; into db by one for TCP 5432 and one for ping.
        Assert.True(Never(open, []));
        Assert.False(Never(open, [(Outbound, 0), (Inbound, 0)]));
        Assert.False(Never(open, [(Outbound, 0), (Inbound, 1)]));
        Assert.True(Never(open, [(Outbound, 0), (Inbound, 2)]));
        Assert.True(Never(open, [(Inbound, 0), (Inbound, 1)]));

        // Unknown is not never, and what another node counts does not matter.
        Assert.False(open.NeverUsed((_, _) => null));
        Assert.False(open.NeverUsed((_, _) => new RuleCount(null, "n2 was not read")));
        Assert.False(open.NeverUsed((list, _) => list.Egress ? Count(1) : Count(0) with { NotRead = ["n2"] }));
        Assert.True(open.NeverUsed((list, _) => list.Egress ? Count(1) : Count(0) with { NotRead = ["n1", "compute1"] }));
    }

    [Fact]
    public void NothingOpen_IsNotCalledUnused()
    {
        var (model, matrix) = Small();
        var open = OpenRules.For(model, matrix, matrix.IndexOf("db"), matrix.IndexOf("web"))!;
        Assert.Empty(open.Kinds);
        Assert.False(Never(open, []));
    }

    [Fact]
    public void RandomClusters_EveryFlowThatIsLetThrough_MeetsRulesThatTheCellNames()
    {
        var (met, cells) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var input = new RandomWorld(seed).Input(allowOnly: seed % 2 == 0);
            var model = new ReachabilityModel(input);
            var matrix = ReachabilityMatrix.From(model, e => e.ProfileIds);
            for (var a = 0; a < matrix.Groups.Length; a++)
            {
                for (var b = 0; b < matrix.Groups.Length; b++)
                {
                    if (OpenRules.For(model, matrix, a, b) is not { } open)
                    {
                        continue;
                    }

                    cells++;
                    var kinds = open.Kinds.Select(Text).ToHashSet(StringComparer.Ordinal);
                    foreach (var flow in Flows(input, matrix.Groups[a].Name, matrix.Groups[b].Name).Where(f => model.Known(f) == true))
                    {
                        met++;
                        Assert.Contains(Text(OpenRules.Deciding(model, flow)), kinds);
                    }
                }
            }
        }

        Assert.True(cells > 200 && met > 2000, $"{cells} cells, {met} flows");
    }

    private static bool Never(OpenRules open, (RuleListKey List, int Index)[] hit) =>
        open.NeverUsed((list, index) => Count(hit.Contains((list, index)) ? 1 : 0));

    private static RuleCount Count(long packets) => new(new Hits(packets, packets * 60), "");

    private static string Text(ImmutableArray<(RuleListKey List, int Index)> rules) => string.Join("; ", rules.Select(r => $"{r.List} {r.Index}"));

    private static IEnumerable<Flow> Flows(ReachabilityInput input, string sender, string receiver) =>
        from a in input.WorkloadEndpoints.Where(e => e.ProfileIds.Contains(sender)).SelectMany(RandomWorld.Ends)
        from b in input.WorkloadEndpoints.Where(e => e.ProfileIds.Contains(receiver)).SelectMany(RandomWorld.Ends)
        where a.Endpoint != b.Endpoint
        from port in (int[])[80, 443, 5432, 8080]
        select new Flow(a, b, 6) { SourcePort = 40000, DestinationPort = port };

    private static (ReachabilityModel Model, ReachabilityMatrix Matrix) Small()
    {
        var model = new ReachabilityModel(new ReachabilityInput
        {
            Profiles =
            [
                new Profile { Name = "web", Tags = ["web"], HasRules = true, Egress = [new Rule { Action = "allow" }] },
                new Profile
                {
                    Name = "db",
                    HasRules = true,
                    Ingress =
                    [
                        new Rule { Action = "allow", Protocol = new Protocol("tcp", 0), Destination = new RuleEntity { Ports = [new PortRange(5432, 5432)] } },
                        new Rule { Action = "allow", Protocol = new Protocol("icmp", 0), Source = new RuleEntity { Tag = "web" } },
                        new Rule { Action = "allow", Source = new RuleEntity { Tag = "nobody" } },
                    ],
                },
            ],
            WorkloadEndpoints = [Endpoint("n1", "web", "10.65.0.1"), Endpoint("n2", "db", "10.65.0.2")],
        });
        return (model, ReachabilityMatrix.From(model, e => e.ProfileIds));
    }

    private static WorkloadEndpoint Endpoint(string node, string profile, string ip) => new()
    {
        Id = new WorkloadEndpointId(node, "libnetwork", "libnetwork", profile),
        InterfaceName = $"cali{profile}",
        State = "active",
        IPv4Nets = [Cidr.Parse($"{ip}/32")],
        ProfileIds = [profile],
    };
}
