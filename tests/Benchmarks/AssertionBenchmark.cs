using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Benchmarks;

/// <summary>
/// What assertions cost on 10,000 endpoints x 1,000 policies: evaluated as they stand, and within the preview of a profile, beside that preview alone. Medians
/// of several runs in one process.
/// </summary>
internal static class AssertionBenchmark
{
    private const int Endpoints = 10_000;
    private const int Networks = 100;
    private const int Policies = 1000;

    public static void Run(int count)
    {
        var input = ReachabilityBenchmark.Networks(Endpoints, Networks, Policies);
        var snapshot = Snapshot(input, count);
        var model = ReachabilityModel.From(snapshot);
        ReachabilityBenchmark.Print($"classes of {Endpoints:N0} endpoints, {Policies:N0} policies",
            model.CountClasses(false).ToString(CultureInfo.InvariantCulture));
        var assertions = KeptAssertion.AllIn(snapshot);
        var results = AssertionEvaluator.Evaluate(snapshot, model, assertions);
        ReachabilityBenchmark.Print($"{count} assertions", string.Join(", ", results.GroupBy(r => r.State).Select(g => $"{g.Count()} {g.Key}"))
            + $", {results.Sum(r => r.Pairs):N0} pairs");
        var live = ReachabilityBenchmark.Times(() => AssertionEvaluator.Evaluate(snapshot, model, assertions));
        ReachabilityBenchmark.Print($"{count} assertions evaluated as they stand", $"{live:0} ms, {live / count:0.0} ms each");

        // Another port each time, as while typing.
        var port = 1000;
        ReachabilityProposal Proposal() => ReachabilityProposal.From(ReachabilityBenchmark.Profile(17, Networks, port++));
        var plain = ReachabilityBenchmark.Times(() => ProposalEffect.From(model, Proposal(), EndpointGroups.ByProfile));
        ReachabilityBenchmark.Print("preview of one profile with other rules", $"{plain:0} ms");
        var beside = ReachabilityBenchmark.Times(() =>
        {
            var proposal = Proposal();
            ProposalEffect.From(model, proposal, EndpointGroups.ByProfile);
            AssertionEffect.Between(results, AssertionEvaluator.Evaluate(snapshot, model.With(proposal), assertions));
        });
        ReachabilityBenchmark.Print($"the same with {count} assertions", $"{beside:0} ms, {beside / plain:0.00} times the preview alone");

        // What a form does with every key: the plan with its guard, which remembers how the assertions stand now.
        var planner = new OperationPlanner();
        var planned = ReachabilityBenchmark.Times(() =>
            planner.Plan(new WriteResource(WriteVerb.Replace, ReachabilityBenchmark.Profile(17, Networks, port++)) { EvenIfBreaksAssertions = true },
            snapshot));
        var bare = snapshot with { Kept = snapshot.Kept.Clear() };
        var unguarded = ReachabilityBenchmark.Times(() =>
            planner.Plan(new WriteResource(WriteVerb.Replace, ReachabilityBenchmark.Profile(17, Networks, port++)), bare));
        ReachabilityBenchmark.Print($"plan of that edit with {count} assertions", $"{planned:0} ms; {unguarded:0} ms without any");
    }

    // From one network to the next, where a rule lets tcp 5432 in; from anywhere to a network; from outside; to endpoints by their labels.
    private static string Assertion(int i)
    {
        var (from, to) = ($"net-{(i + 1) % Networks}", $"net-{i % Networks}");
        return (i % 5) switch
        {
            0 or 1 => $$$"""{"from":{"tag":"{{{from}}}"},"to":{"tag":"{{{to}}}"},"protocol":"tcp","ports":[5432],"expect":"must"}""",
            2 => $$$"""{"from":{"tag":"{{{from}}}"},"to":{"tag":"{{{to}}}"},"protocol":"tcp","ports":[22],"expect":"mustNot"}""",
            3 => $$$"""{"from":{"anything":true},"to":{"profile":"{{{to}}}"},"protocol":"tcp","ports":["6000:6100"],"expect":"mustNot"}""",
            _ => $$$"""{"from":{"selector":"group == '{{{i % 100}}}'"},"to":{"net":"10.0.{{{i % 30}}}.0/24"},"protocol":"udp","ports":[53],"expect":"mustNot"}""",
        };
    }

    private static ClusterSnapshot Snapshot(ReachabilityInput input, int count)
    {
        var revision = 0UL;
        IEnumerable<StoredKey> keys =
        [
            .. input.Profiles.SelectMany(p => ResourceCodec.Encode(p)).Where(w => w.Value is not null).Select(w => new StoredKey(w.Key, w.Value!, ++revision)),
            .. input.Policies.SelectMany(p => ResourceCodec.Encode(p)).Where(w => w.Value is not null).Select(w => new StoredKey(w.Key, w.Value!, ++revision)),
            .. input.WorkloadEndpoints.SelectMany(e => ResourceCodec.Encode(e)).Where(w => w.Value is not null)
                .Select(w => new StoredKey(w.Key, w.Value!, ++revision)),
            .. input.Pools.SelectMany(p => ResourceCodec.Encode(p)).Where(w => w.Value is not null).Select(w => new StoredKey(w.Key, w.Value!, ++revision)),
        ];
        return new ClusterSnapshot
        {
            Calico = CalicoStateUpdate.FromListing([.. keys], revision),
            Kept = Enumerable.Range(0, count).Select(i =>
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"assertion {i:d4}");
                return new KeptItem(KeptKinds.Assertion, name, new StoredKey(KeptKeys.For(KeptKinds.Assertion, name), Encoding.UTF8.GetBytes(Assertion(i)), 1));
            }).ToImmutableSortedDictionary(i => i.Stored.Key, i => i, StringComparer.Ordinal),
            Feeds = [new FeedState("etcd", FeedStatus.Live, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch)],
        };
    }
}
