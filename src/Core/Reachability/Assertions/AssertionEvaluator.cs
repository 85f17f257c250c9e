using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Assertions;

/// <summary>
/// Evaluates assertions over a model, class by class of endpoints that no rule tells apart, so that the cost does not grow with the number of
/// pairs. Exact for all traffic of an assertion: <c>must</c> wants every pair and every port from a client's source port, <c>mustNot</c> wants no
/// pair and no port from any source port. An endpoint or host to itself is no pair, and neither is a host to its own workloads where the host
/// is not named: Felix never polices that. Pure.
/// </summary>
public static class AssertionEvaluator
{
    /// <summary>Evaluates all assertions that a snapshot keeps.</summary>
    /// <param name="snapshot">Names networks and containers, and keeps the assertions.</param>
    /// <param name="model">The model of that snapshot, or of a proposal on it.</param>
    public static ImmutableArray<AssertionResult> Evaluate(ClusterSnapshot snapshot, ReachabilityModel model) =>
        Evaluate(snapshot, model, KeptAssertion.AllIn(snapshot));

    /// <summary>Evaluates some assertions.</summary>
    /// <param name="snapshot">Names networks and containers.</param>
    /// <param name="model">The model of that snapshot, or of a proposal on it.</param>
    /// <param name="assertions">The assertions; results come in their order.</param>
    public static ImmutableArray<AssertionResult> Evaluate(ClusterSnapshot snapshot, ReachabilityModel model, ImmutableArray<KeptAssertion> assertions)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(model);
        ImmutableArray<Assertion> readable = [.. assertions.Select(a => a.Assertion).OfType<Assertion>()];
        var results = Evaluate(snapshot, model, readable);
        var next = 0;
        var all = ImmutableArray.CreateBuilder<AssertionResult>(assertions.Length);
        foreach (var kept in assertions)
        {
            if (kept.Assertion is null)
            {
                all.Add(new AssertionResult(kept.Name, null,
                    AssertionState.Unreadable)
                { Reason = string.Join("; ", kept.Errors.Select(e => $"{e.Field}: {e.Reason}")) });
            }
            else
            {
                all.Add(results[next++] with { Name = kept.Name });
            }
        }

        return all.ToImmutable();
    }

    /// <summary>Evaluates one assertion that is not kept yet.</summary>
    public static AssertionResult Evaluate(ClusterSnapshot snapshot, ReachabilityModel model, Assertion assertion)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(model);
        return Evaluate(snapshot, model, [assertion])[0];
    }

    private static ImmutableArray<AssertionResult> Evaluate(ClusterSnapshot snapshot, ReachabilityModel model, ImmutableArray<Assertion> assertions)
    {
        if (assertions.IsEmpty)
        {
            return [];
        }

        var tallies = assertions.Select(_ => new AssertionTally()).ToArray();
        foreach (var ipv6 in new[] { false, true })
        {
            if (HasAddresses(model, ipv6))
            {
                var run = new AssertionRun(snapshot, model, ipv6, assertions);
                for (var i = 0; i < assertions.Length; i++)
                {
                    if (assertions[i].IPVersion is not { } version || version == (ipv6 ? 6 : 4))
                    {
                        run.Check(assertions[i], tallies[i]);
                    }
                }
            }
        }

        return [.. assertions.Select((a, i) => tallies[i].Result(a))];
    }

    private static bool HasAddresses(ReachabilityModel model, bool ipv6) =>
        model.Table.Entries.Any(e => !e.Nets(ipv6).IsEmpty) || model.Settings.Hosts.Values.Any(h => h.Address(ipv6) is not null);
}

/// <summary>What was found of one assertion. Not thread-safe.</summary>
internal sealed class AssertionTally
{
    private const int MostExamples = 3;
    private readonly List<CounterExample> _examples = [];
    private readonly List<string> _reasons = [];
    private long _pairs;
    private long _broken;

    public bool WantsExamples => _examples.Count < MostExamples;

    public void Add(long pairs, bool broken)
    {
        _pairs += pairs;
        _broken += broken ? pairs : 0;
    }

    public void Add(CounterExample example) => _examples.Add(example);

    public void Say(string? reason)
    {
        if (reason is not null && !_reasons.Contains(reason))
        {
            _reasons.Add(reason);
        }
    }

    public AssertionResult Result(Assertion assertion) =>
        new("", assertion, _broken > 0 ? AssertionState.Broken : _pairs > 0 ? AssertionState.Holds : AssertionState.NothingToCheck)
        {
            Pairs = _pairs,
            BrokenPairs = _broken,
            Examples = [.. _examples],
            Reason = _pairs > 0 ? null : _reasons.Count > 0 ? string.Join(" ", _reasons) : "Both ends are the same, or have no address of the same IP version.",
        };
}
