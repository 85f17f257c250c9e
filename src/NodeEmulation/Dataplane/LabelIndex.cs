using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Effective labels of endpoints (docs/calico-v1.md#selectors).</summary>
internal sealed class LabelIndex(ImmutableArray<Profile> profiles)
{
    private readonly Dictionary<string, Profile> _profiles = profiles.ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>An endpoint's own labels, then those and the tags of its profiles in order; the first hit wins.</summary>
    public IReadOnlyDictionary<string, string> For(WorkloadEndpoint endpoint) => For(endpoint.Labels, endpoint.ProfileIds);

    /// <summary>The same of a host endpoint.</summary>
    public IReadOnlyDictionary<string, string> For(HostEndpoint endpoint) => For(endpoint.Labels, endpoint.ProfileIds);

    private Dictionary<string, string> For(ImmutableSortedDictionary<string, string> own, ImmutableArray<string> profileIds)
    {
        var labels = new Dictionary<string, string>(own, StringComparer.Ordinal);
        foreach (var name in profileIds.IsDefault ? [] : profileIds)
        {
            if (_profiles.TryGetValue(name, out var profile))
            {
                foreach (var (key, value) in profile.Labels)
                {
                    labels.TryAdd(key, value);
                }

                foreach (var tag in profile.Tags)
                {
                    labels.TryAdd(tag, "");
                }
            }
        }

        return labels;
    }
}
