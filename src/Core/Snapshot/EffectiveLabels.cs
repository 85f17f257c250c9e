using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Snapshot;

/// <summary>
/// The labels that selectors see on an endpoint: its own, then for each profile in order the profile's labels and then its
/// tags with an empty value; the first hit of a name counts (Felix 2.6.6 labelindex; docs/calico-v1.md#selectors). Pure.
/// </summary>
public static class EffectiveLabels
{
    /// <summary>Of a workload endpoint.</summary>
    public static IReadOnlyDictionary<string, string> For(CalicoState state, WorkloadEndpoint endpoint) => For(state, endpoint.Labels, endpoint.ProfileIds);

    /// <summary>Of a host endpoint.</summary>
    public static IReadOnlyDictionary<string, string> For(CalicoState state, HostEndpoint endpoint) => For(state, endpoint.Labels, endpoint.ProfileIds);

    /// <summary>Of an endpoint with these labels and profiles; a profile that does not exist adds nothing.</summary>
    public static IReadOnlyDictionary<string, string> For(
        CalicoState state, ImmutableSortedDictionary<string, string> labels, ImmutableArray<string> profiles) =>
        For(name => state.Profiles.GetValueOrDefault(name)?.Value, labels, profiles);

    /// <summary>As above, with the profiles from elsewhere.</summary>
    /// <param name="find">The profile of a name; null when there is none.</param>
    /// <param name="labels">The endpoint's own labels.</param>
    /// <param name="profiles">The names of its profiles.</param>
    public static IReadOnlyDictionary<string, string> For(
        Func<string, Profile?> find, ImmutableSortedDictionary<string, string> labels, ImmutableArray<string> profiles)
    {
        if (profiles.IsDefaultOrEmpty)
        {
            return labels;
        }

        var all = new Dictionary<string, string>(labels, StringComparer.Ordinal);
        foreach (var name in profiles)
        {
            if (find(name) is not { } profile)
            {
                continue;
            }

            foreach (var (key, value) in profile.Labels)
            {
                all.TryAdd(key, value);
            }

            foreach (var tag in profile.Tags)
            {
                all.TryAdd(tag, "");
            }
        }

        return all;
    }
}
