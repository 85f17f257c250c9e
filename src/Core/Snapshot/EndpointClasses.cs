using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Snapshot;

/// <summary>
/// Endpoints gathered by what selectors see of them: those with the same labels and profiles match alike, so that a selector is
/// tried once for each class and not once for each of 100,000 endpoints. Immutable and safe for concurrent use.
/// </summary>
public sealed class EndpointClasses
{
    private readonly CalicoState _state;
    private readonly ImmutableArray<Class> _classes;

    private EndpointClasses(CalicoState state, ImmutableArray<Class> classes) => (_state, _classes) = (state, classes);

    /// <summary>No endpoints.</summary>
    public static EndpointClasses Empty { get; } = new(CalicoState.Empty, []);

    /// <summary>The classes of a state; the previous ones when nothing that they depend on has changed.</summary>
    public static EndpointClasses From(CalicoState state, EndpointClasses? previous = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (previous is not null && ReferenceEquals(previous._state.WorkloadEndpoints, state.WorkloadEndpoints)
            && ReferenceEquals(previous._state.HostEndpoints, state.HostEndpoints) && ReferenceEquals(previous._state.Profiles, state.Profiles))
        {
            return previous;
        }

        var found = new Dictionary<string, Class>(StringComparer.Ordinal);
        foreach (var endpoint in state.WorkloadEndpoints.Values)
        {
            ClassOf(endpoint.Value.Labels, endpoint.Value.ProfileIds).Workloads++;
        }

        foreach (var endpoint in state.HostEndpoints.Values)
        {
            ClassOf(endpoint.Value.Labels, endpoint.Value.ProfileIds).HostEndpoints++;
        }

        return new EndpointClasses(state, [.. found.Values]);

        Class ClassOf(ImmutableSortedDictionary<string, string> labels, ImmutableArray<string> profiles)
        {
            var key = KeyOf(labels, profiles);
            if (!found.TryGetValue(key, out var known))
            {
                found[key] = known = new Class(EffectiveLabels.For(state, labels, profiles));
            }

            return known;
        }
    }

    /// <summary>How many workload endpoints a selector matches.</summary>
    public int Workloads(Selector selector) => _classes.Where(c => selector.Matches(c.Labels)).Sum(c => c.Workloads);

    /// <summary>How many host endpoints a selector matches.</summary>
    public int HostEndpoints(Selector selector) => _classes.Where(c => selector.Matches(c.Labels)).Sum(c => c.HostEndpoints);

    /// <summary>How many endpoints, workloads and hosts, have labels for which a condition holds; it is tried once for each class.</summary>
    public int Count(Func<IReadOnlyDictionary<string, string>, bool> holds) => _classes.Where(c => holds(c.Labels)).Sum(c => c.Workloads + c.HostEndpoints);

    // No name, key or value holds a control character, so that different endpoints have different texts.
    private static string KeyOf(ImmutableSortedDictionary<string, string> labels, ImmutableArray<string> profiles)
    {
        var own = profiles.IsDefaultOrEmpty ? "" : string.Join('\n', profiles);
        return labels.IsEmpty ? own : $"{own}\0{string.Join('\n', labels.Select(l => $"{l.Key}\u0001{l.Value}"))}";
    }

    private sealed class Class(IReadOnlyDictionary<string, string> labels)
    {
        public IReadOnlyDictionary<string, string> Labels { get; } = labels;

        public int Workloads { get; set; }

        public int HostEndpoints { get; set; }
    }
}
