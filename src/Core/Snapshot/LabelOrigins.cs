namespace CalicoConsole.Core.Snapshot;

/// <summary>Where a label that selectors see comes from.</summary>
public enum LabelSource
{
    /// <summary>The endpoint has it itself.</summary>
    Own,

    /// <summary>A label of one of its profiles.</summary>
    ProfileLabel,

    /// <summary>A tag of one of its profiles, seen as a label without a value.</summary>
    ProfileTag,
}

/// <summary>A label that selectors see on an endpoint.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Profile">The profile that gives it; null for the endpoint's own.</param>
/// <param name="Hides">What the same key would say elsewhere, had it not been found here first: profile and value. A profile's tag has no value.</param>
public sealed record LabelOrigin(string Key, string Value, LabelSource Source, string? Profile, ImmutableArray<(string Profile, string Value)> Hides);

/// <summary>Explains <see cref="EffectiveLabels"/>. Pure.</summary>
public static class LabelOrigins
{
    /// <summary>The labels that selectors see, by key, each with where it comes from (docs/calico-v1.md#selectors).</summary>
    public static ImmutableArray<LabelOrigin> For(CalicoState state, ImmutableSortedDictionary<string, string> labels, ImmutableArray<string> profiles)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(labels);
        var found = new SortedDictionary<string, LabelOrigin>(StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            found[key] = new LabelOrigin(key, value, LabelSource.Own, null, []);
        }

        foreach (var name in profiles.IsDefault ? [] : profiles.Distinct(StringComparer.Ordinal))
        {
            if (state.Profiles.GetValueOrDefault(name)?.Value is { } profile)
            {
                foreach (var (key, value) in profile.Labels)
                {
                    Add(key, value, LabelSource.ProfileLabel, name);
                }

                foreach (var tag in profile.Tags.Distinct(StringComparer.Ordinal))
                {
                    Add(tag, "", LabelSource.ProfileTag, name);
                }
            }
        }

        return [.. found.Values];

        void Add(string key, string value, LabelSource source, string profile)
        {
            if (!found.TryGetValue(key, out var first))
            {
                found[key] = new LabelOrigin(key, value, source, profile, []);
            }
            else if (first.Value != value)
            {
                found[key] = first with { Hides = first.Hides.Add((profile, value)) };
            }
        }
    }
}
