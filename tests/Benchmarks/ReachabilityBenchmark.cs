using System.Diagnostics;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Benchmarks;

/// <summary>What reachability costs: medians of several runs in one process, all synthetic and the same every time.</summary>
internal static class ReachabilityBenchmark
{
    private const int Runs = 7;

    public static void Run()
    {
        Verdicts();
        Compile();
        Matrix();
        Preview(10_000, 100);
        Preview(100_000, 1000);
    }

    /// <summary>Endpoints on networks of equal size, each network a profile as libnetwork makes it, with a rule for tcp from the next network.</summary>
    internal static ReachabilityInput Networks(int endpoints, int networks, int policies) => new()
    {
        Profiles = [.. Enumerable.Range(0, networks).Select(i => Profile(i, networks, 5432))],
        Policies = [.. Enumerable.Range(0, policies).Select(Policy)],
        WorkloadEndpoints = [.. Enumerable.Range(0, endpoints).Select(i => Endpoint(i, networks))],
        Pools = [new IPPool { Cidr = Cidr.Parse("10.0.0.0/8"), NatOutgoing = true }],
    };

    internal static Profile Profile(int i, int networks, int port) => new()
    {
        Name = Name("net", i),
        Tags = [Name("net", i)],
        Ingress =
        [
            new Rule { Action = "allow", Source = new RuleEntity { Tag = Name("net", i) } },
            new Rule { Action = "allow", Protocol = new Protocol("tcp", 0), Source = new RuleEntity { Tag = Name("net", (i + 1) % networks) },
                Destination = new RuleEntity { Ports = [new PortRange(80, 80), new PortRange(port, port)] } },
        ],
        Egress = [new Rule { Action = "allow" }],
    };

    // Each selects a tenth of the endpoints of one group of labels.
    private static Policy Policy(int i) => new()
    {
        Name = Name("policy", i),
        Order = i,
        Selector = $"group == '{(i % 100).ToString(CultureInfo.InvariantCulture)}' && tier in {{'{(i % 10).ToString(CultureInfo.InvariantCulture)}', 'x'}}",
        Types = ["ingress"],
        Ingress =
        [
            new Rule { Action = "deny", Source = new RuleEntity { Selector = $"group == '{((i + 7) % 100).ToString(CultureInfo.InvariantCulture)}'" } },
            new Rule { Action = "pass" },
        ],
    };

    private static WorkloadEndpoint Endpoint(int i, int networks) => new()
    {
        Id = new WorkloadEndpointId(Name("host", i % 200), "libnetwork", "libnetwork", Name("endpoint", i)),
        InterfaceName = Name("cali", i),
        ProfileIds = [Name("net", i % networks)],
        IPv4Nets = [new Cidr(new Ip(0x0A000000 + (UInt128)i, false), 32)],
        Labels = System.Collections.Immutable.ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("group", (i % 100).ToString(CultureInfo.InvariantCulture)).Add("tier", (i % 10).ToString(CultureInfo.InvariantCulture)),
    };

    private static void Verdicts()
    {
        const int Count = 200_000;
        var input = Networks(10_000, 100, 1000);
        var model = new ReachabilityModel(input);
        var flows = Enumerable.Range(0, 1000).Select(i =>
            new Flow(End(input.WorkloadEndpoints[i * 7 % 10_000]), End(input.WorkloadEndpoints[i * 31 % 10_000]), ProtocolNumbers.Tcp)
            {
                SourcePort = 50000,
                DestinationPort = i % 2 == 0 ? 80 : 22
            }).ToArray();
        var allowed = 0;
        var times = Costs(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                allowed += model.Allows(flows[i % flows.Length]) ? 1 : 0;
            }
        });
        Print("one verdict (10,000 endpoints, 1,000 policies, 10 of them governing)",
            $"{times.Per(Count / 1000.0).Wall:0.00} us ({times.Per(Count / 1000.0).Processor:0.00} us of processor), {100.0 * allowed / Count / (Runs + 1):0} "
            + "% allowed");
        var explained = Costs(() =>
        {
            foreach (var flow in flows)
            {
                allowed += model.Explain(flow).Allowed ? 1 : 0;
            }
        });
        Print("one verdict with trace and near misses",
            $"{explained.Per(flows.Length / 1000.0).Wall:0.00} us ({explained.Per(flows.Length / 1000.0).Processor:0.00} us of processor)");
    }

    private static void Compile()
    {
        var input = Networks(10_000, 100, 1000);
        Print("compile 10,000 endpoints x 1,000 policies, to the classes", $"{Costs(() => new ReachabilityModel(input).CountClasses(false))}");
        var model = new ReachabilityModel(input);
        Print("classes of them", model.CountClasses(false).ToString(CultureInfo.InvariantCulture));
        var moved = input.WorkloadEndpoints[0] with { ProfileIds = ["net-7"] };
        var flow = new Flow(End(moved), End(input.WorkloadEndpoints[5]), ProtocolNumbers.Tcp) { DestinationPort = 80 };
        Print("one endpoint changed, model brought up to date, one verdict", $"{Costs(() => model.With(ReachabilityProposal.From(moved)).Allows(flow))}");
    }

    private static void Matrix()
    {
        var model = new ReachabilityModel(Networks(20_000, 1000, 0));
        Print("matrix of 1,000 groups, 20,000 endpoints, first time with its classes",
            $"{Once(() => ReachabilityMatrix.From(model, EndpointGroups.ByProfile))}");
        Print("matrix of 1,000 groups, again", $"{Costs(() => ReachabilityMatrix.From(model, EndpointGroups.ByProfile))}");
    }

    /// <summary>What the editor does after a key, all of it: both IP versions and the warnings.</summary>
    private static void Preview(int endpoints, int networks)
    {
        var input = Networks(endpoints, networks, 0);
        var now = new ReachabilityModel(input);
        Print($"compile {endpoints:N0} endpoints, {networks:N0} profiles, to the classes",
            $"{Costs(() => (now = new ReachabilityModel(input)).CountClasses(false))}");
        var port = 1000;
        ReachabilityDifference? difference = null;
        var rules = Costs(() =>
        {
            // Another port each time, as while typing.
            var proposal = ReachabilityProposal.From(Profile(17, networks, port++));
            difference = ProposalEffect.From(now, proposal, EndpointGroups.ByProfile).IPv4;
        });
        Print($"preview of one profile with other rules on {endpoints:N0} endpoints",
            $"{rules}, {difference!.OpenedPairs:N0} pairs open, {difference.ClosedPairs:N0} close");
        var tags = Costs(() =>
        {
            var proposal = ReachabilityProposal.From(Profile(17, networks, 5432) with { Tags = ["net-17", Name("net", port++ % networks)] });
            difference = ReachabilityDifference.Between(now, now.With(proposal), EndpointGroups.ByProfile);
        });
        Print($"preview of one profile with another tag on {endpoints:N0} endpoints", $"{tags}, {difference!.OpenedPairs:N0} pairs open");
    }

    /// <summary>The median of several runs after one that does not count, in milliseconds.</summary>
    internal static double Times(Action action) => Costs(action).Wall;

    /// <summary>The medians of time on the clock and of processor time of the process, which a busy machine changes less, in milliseconds.</summary>
    internal static Cost Costs(Action action)
    {
        action();
        var (wall, processor) = (new double[Runs], new double[Runs]);
        for (var i = 0; i < Runs; i++)
        {
            (wall[i], processor[i]) = Once(action);
        }

        Array.Sort(wall);
        Array.Sort(processor);
        return new Cost(wall[Runs / 2], processor[Runs / 2]);
    }

    private static Cost Once(Action action)
    {
        var (watch, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        action();
        return new Cost(watch.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
    }

    /// <summary>What something costs, in milliseconds.</summary>
    internal readonly record struct Cost(double Wall, double Processor)
    {
        public Cost Per(double count) => new(Wall / count, Processor / count);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Wall:0.###} ms ({Processor:0.###} ms of processor)");
    }

    private static FlowEnd End(WorkloadEndpoint endpoint) => new(endpoint.IPv4Nets[0].Address) { Endpoint = endpoint.Id };

    private static string Name(string kind, int i) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{i}");

    internal static void Print(string what, string figure) => Console.WriteLine($"{what}: {figure}");
}
