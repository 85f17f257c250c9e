using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;
using CsCheck;
using EffectiveLabels = CalicoConsole.Core.Snapshot.EffectiveLabels;

namespace CalicoConsole.Core.Tests.Snapshot;

public sealed class EndpointClassesTests
{
    private static readonly string[] Selectors =
    [
        "all()", "", "has(web)", "!has(web)", "role == 'db'", "role != 'db' && has(team)", "team in {'a', 'b'}", "role not in {'db'}", "none == 'x'",
    ];

    [Fact]
    public void Counts_AnyEndpoints_AreThoseOfMatchingEachOne()
    {
        var label = Gen.Select(Gen.OneOfConst("role", "team", "web"), Gen.OneOfConst("db", "a", "b", ""));
        var endpoint = Gen.Select(label.Array[0, 3], Gen.OneOfConst("p1", "p2", "p3", "missing").Array[0, 3]);
        Gen.Select(endpoint.Array[0, 30], endpoint.Array[0, 10]).Sample((workloads, hosts) =>
        {
            var state = State(
                workloads.Select(e => (Labels(e.Item1), (ImmutableArray<string>)[.. e.Item2])),
                hosts.Select(e => (Labels(e.Item1), (ImmutableArray<string>)[.. e.Item2])));
            var classes = EndpointClasses.From(state);
            foreach (var text in Selectors)
            {
                Assert.True(Selector.TryParse(text, out var selector, out _));
                Assert.Equal(state.WorkloadEndpoints.Values.Count(e => selector.Matches(EffectiveLabels.For(state, e.Value))), classes.Workloads(selector));
                Assert.Equal(state.HostEndpoints.Values.Count(e => selector.Matches(EffectiveLabels.For(state, e.Value))), classes.HostEndpoints(selector));
            }
        });
    }

    [Fact]
    public void Of_StateWithOtherKeysChanged_IsTheSameObject()
    {
        var state = State([(Labels([]), ["p1"])], []);
        var classes = EndpointClasses.From(state);

        Assert.Same(classes, EndpointClasses.From(state with { Revision = 9 }, classes));
        Assert.NotSame(classes, EndpointClasses.From(state with { Profiles = state.Profiles.Remove("p1") }, classes));
    }

    [Fact]
    public void Policies_StandInTheOrderOfFelix()
    {
        var state = CalicoState.Empty;
        foreach (var (name, order) in new (string, double?)[] { ("b", null), ("Z", null), ("late", 20), ("early", -1.5), ("a", 20) })
        {
            state = With(state, new Policy { Name = name, Order = order });
        }

        Assert.Equal(["early", "a", "late", "Z", "b"], PolicyViews.AllIn(state, EndpointClasses.From(state)).Select(v => v.Policy.Name));
    }

    [Fact]
    public void Policy_ThatFelixRefuses_GovernsNothingAndSaysWhy()
    {
        var ports = new Rule { Action = "allow", Destination = new() { Ports = [new PortRange(80, 80)] } };
        var state = State([(Labels([]), ["p1"])], []);
        state = With(state, new Policy { Name = "bad", Egress = [new Rule { Action = "allow" }, ports] });
        state = With(state, new Policy { Name = "unreadable", Selector = "role ==" });

        var views = PolicyViews.AllIn(state, EndpointClasses.From(state));

        Assert.Equal((1, 0, "egress rule 2: ports need protocol tcp or udp"), (views[0].Workloads, views[0].Governs, views[0].Rejected));
        Assert.Equal("its selector cannot be read: expected a string at position 8", views[1].Rejected);
    }

    [Fact]
    public void Policy_ForHostsAlone_GovernsNoWorkload()
    {
        var state = With(State([(Labels([]), ["p1"])], [(Labels([]), [])]), new Policy { Name = "raw", DoNotTrack = true });

        Assert.Equal((1, 1, 1), PolicyViews.AllIn(state, EndpointClasses.From(state)).Select(v => (v.Workloads, v.HostEndpoints, v.Governs)).Single());
    }

    [Fact]
    public void Labels_AreExplainedByTheFirstThatHasThem()
    {
        var state = State([], []);
        var found = LabelOrigins.For(state, Labels([("team", "own")]), ["p2", "missing", "p1", "p2"]);

        Assert.Equal(
            ["role=db ProfileLabel p1 hides:", "team=own Own  hides:p2=b,p1=a", "two= ProfileTag p2 hides:", "web= ProfileTag p1 hides:"],
            found.Select(l => $"{l.Key}={l.Value} {l.Source} {l.Profile} hides:{string.Join(',', l.Hides.Select(h => $"{h.Profile}={h.Value}"))}"));
        var seen = EffectiveLabels.For(state, Labels([("team", "own")]), ["p2", "missing", "p1", "p2"]);
        Assert.Equal(seen.OrderBy(l => l.Key, StringComparer.Ordinal), found.Select(l => KeyValuePair.Create(l.Key, l.Value)));
    }

    private static ImmutableSortedDictionary<string, string> Labels(IEnumerable<(string Key, string Value)> labels) =>
        labels.DistinctBy(l => l.Key).ToImmutableSortedDictionary(l => l.Key, l => l.Value, StringComparer.Ordinal);

    private static CalicoState With(CalicoState state, Policy policy) =>
        state with { Policies = state.Policies.SetItem(policy.Name, new Stored<Policy>(policy, [new StoredKey(V1Keys.Policy(policy.Name), default, 1)])) };

    private static CalicoState State(
        IEnumerable<(ImmutableSortedDictionary<string, string> Labels, ImmutableArray<string> Profiles)> workloads,
        IEnumerable<(ImmutableSortedDictionary<string, string> Labels, ImmutableArray<string> Profiles)> hosts)
    {
        Profile[] profiles =
        [
            new() { Name = "p1", Tags = ["web"], Labels = Labels([("role", "db"), ("team", "a")]) },
            new() { Name = "p2", Tags = ["two"], Labels = Labels([("team", "b")]) },
            new() { Name = "p3", Tags = ["role"] },
        ];
        return CalicoState.Empty with
        {
            Profiles = profiles.ToImmutableSortedDictionary(p => p.Name, p => new Stored<Profile>(p, []), StringComparer.Ordinal),
            WorkloadEndpoints = CalicoState.Empty.WorkloadEndpoints.Holding(workloads
                .Select((w, i) => new WorkloadEndpoint { Id = new("n", "o", "w", $"e{i}"), Labels = w.Labels, ProfileIds = w.Profiles })
                .Select(e => new Stored<WorkloadEndpoint>(e, [new StoredKey(V1Keys.WorkloadEndpoint(e.Id), default, 1)]))),
            HostEndpoints = hosts.Select((h, i) => new HostEndpoint { Node = "n", Name = $"h{i}", Labels = h.Labels, ProfileIds = h.Profiles })
                .ToImmutableSortedDictionary(e => e.Name, e => new Stored<HostEndpoint>(e, []), StringComparer.Ordinal),
        };
    }
}
