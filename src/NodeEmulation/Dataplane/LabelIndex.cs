using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Effective labels of endpoints (calico-v1 reference section 4).</summary>
internal sealed class LabelIndex(ImmutableArray<Profile> profiles)
{
    private readonly Dictionary<string, Profile> _profiles = profiles.ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>An endpoint's own labels, then those and the tags of its profiles in order; the first hit wins.</summary>
    public IReadOnlyDictionary<string, string> Of(WorkloadEndpoint endpoint)
    {
        var labels = new Dictionary<string, string>(endpoint.Labels, StringComparer.Ordinal);
        foreach (var name in endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds)
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
