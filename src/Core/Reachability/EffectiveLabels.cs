using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>The labels by which selectors see an endpoint (docs/calico-v1.md#selectors).</summary>
public static class EffectiveLabels
{
    /// <summary>
    /// Its own labels, then profile by profile the profile's labels and its tags as labels with an empty value. The first one found wins.
    /// A profile that does not exist adds nothing.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(ImmutableSortedDictionary<string, string> own, ImmutableArray<string> profileIds,
        Func<string, Profile?> find)
    {
        var labels = new Dictionary<string, string>(own, StringComparer.Ordinal);
        foreach (var name in profileIds)
        {
            if (find(name) is not { } profile)
            {
                continue;
            }

            foreach (var (key, value) in profile.Labels)
            {
                labels.TryAdd(key, value);
            }

            foreach (var tag in profile.Tags)
            {
                labels.TryAdd(tag, "");
            }
        }

        return labels;
    }
}
