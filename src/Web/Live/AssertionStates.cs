using System.Collections.Immutable;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Live;

/// <summary>
/// How the assertions that the console keeps stand now, for all pages and requests: worked out when asked for, and again when something that they look at
/// changed. Thread-safe; one for the whole process.
/// </summary>
internal sealed class AssertionStates(IClusterState state, ReachabilityModels models)
{
    private readonly Lock _lock = new();
    private Made? _made;

    /// <summary>Every assertion by name, with its state; compiles nothing while there is none.</summary>
    public ImmutableArray<AssertionResult> Current => state.Current.Kept.Values.Any(k => k.Kind == KeptKinds.Assertion) ? Latest().Results : [];

    /// <summary>The assertions with the snapshot and the model that they were evaluated over.</summary>
    public (ClusterSnapshot Snapshot, ReachabilityModel Model, ImmutableArray<AssertionResult> Results) Latest()
    {
        lock (_lock)
        {
            var (snapshot, model) = models.Current;
            if (_made is not { } made || !ReferenceEquals(made.Model, model) || !ReferenceEquals(made.Snapshot.Kept, snapshot.Kept)
                || !ReferenceEquals(made.Snapshot.Views, snapshot.Views))
            {
                _made = made = new Made(snapshot, model, AssertionEvaluator.Evaluate(snapshot, model));
            }

            return (made.Snapshot, made.Model, made.Results);
        }
    }

    private sealed record Made(ClusterSnapshot Snapshot, ReachabilityModel Model, ImmutableArray<AssertionResult> Results);
}
