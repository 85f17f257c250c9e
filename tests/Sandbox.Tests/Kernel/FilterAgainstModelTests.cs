using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Tests.Reachability;
using CalicoConsole.NodeEmulation.Dataplane;
using CalicoConsole.Sandbox.Kernel;

namespace CalicoConsole.Sandbox.Tests.Kernel;

/// <summary>
/// The engine against the tables that the emulation of Felix writes, judged rule by rule: in random clusters both say the same of every packet between
/// workloads. The two share no code but the parsing of selectors.
/// </summary>
public sealed class FilterAgainstModelTests
{
    private const int Worlds = 150;

    private static readonly (int Protocol, int? Source, int? Port, int? Type)[] Packets =
    [
        (1, null, null, 8), (1, null, null, 13), (6, 40000, 80, null), (6, 40000, 443, null), (6, 40000, 8080, null), (17, 40000, 53, null),
        (47, null, null, null),
    ];

    [Fact]
    public void RandomClusters_EveryPairOfWorkloads_RulesOfTheKernelSayWhatTheEngineSays()
    {
        var (compared, open) = (0, 0);
        for (var seed = 0; seed < Worlds; seed++)
        {
            var input = new RandomWorld(seed).Input(allowOnly: seed % 2 == 0, hosts: false) with { EnforcingNodes = null };
            var model = new ReachabilityModel(input);
            var hosts = RandomWorld.Nodes.ToDictionary(n => n, n => Host(input, n), StringComparer.Ordinal);
            // One that is not active has no route, which is not a matter of rules.
            foreach (var (from, to) in RandomWorld.Pairs(input).Where(p => IsActive(input, p.From) && IsActive(input, p.To)))
            {
                foreach (var (protocol, source, port, type) in Packets)
                {
                    var flow = new Flow(from, to, protocol)
                    {
                        SourcePort = source,
                        DestinationPort = port,
                        IcmpType = type,
                        IcmpCode = type is null ? null : 0,
                    };
                    var allowed = model.Allows(flow);
                    Assert.True(
                        allowed == Passes(input, hosts, flow),
                        $"seed {seed}: {from.Endpoint} {from.Address} > {to.Endpoint} {to.Address} {protocol} {port}: the engine says "
                            + $"{(allowed ? "open" : "closed")}: {string.Join("; ", model.Explain(flow).Trace)}");
                    (compared, open) = (compared + 1, open + (allowed ? 1 : 0));
                }
            }
        }

        Assert.InRange(open, compared / 20, compared * 19 / 20);
        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} packets compared, {open} of them open");
    }

    private static PacketFilter Host(ReachabilityInput input, string node)
    {
        var filter = new PacketFilter();
        filter.Program(DataplaneBuilder.Build(new DataplaneInput(
            node, input.WorkloadEndpoints, input.Profiles, input.Policies, input.Pools, $"{input.Hosts[node].EndpointToHost}")
        {
            LooksAfter = e => e.InterfaceName.StartsWith("cali", StringComparison.Ordinal),
        }).IPv4);
        return filter;
    }

    private static bool Passes(ReachabilityInput input, Dictionary<string, PacketFilter> hosts, Flow flow)
    {
        var (from, to) = (Endpoint(input, flow.Source), Endpoint(input, flow.Destination));
        var isOneHost = from.Id.Node == to.Id.Node;
        var packet = new FilterPacket(flow.Source.Address, flow.Destination.Address, flow.Protocol, 60)
        {
            In = from.InterfaceName,
            Out = isOneHost ? to.InterfaceName : "eth0",
            SourcePort = flow.SourcePort,
            DestinationPort = flow.DestinationPort,
            IcmpType = flow.IcmpType,
            IcmpCode = flow.IcmpCode,
        };
        var left = hosts[from.Id.Node].Send(packet, input.Hosts[from.Id.Node].IPv4!.Value.Address);
        return left is not null && (isOneHost
            || hosts[to.Id.Node].Send(left with { In = "eth0", Out = to.InterfaceName }, input.Hosts[to.Id.Node].IPv4!.Value.Address) is not null);
    }

    private static bool IsActive(ReachabilityInput input, FlowEnd end) => end.Endpoint is not null && Endpoint(input, end).State == "active";

    private static WorkloadEndpoint Endpoint(ReachabilityInput input, FlowEnd end) => input.WorkloadEndpoints.Single(e => e.Id == end.Endpoint);
}
