using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability.Endpoints;

/// <summary>Ways to put endpoints into groups: <c>profile</c>, <c>network</c>, <c>node</c>, <c>label:&lt;key&gt;</c>. Pure.</summary>
public static class EndpointGroups
{
    /// <summary>By profile: an endpoint is in the group of each of its profiles.</summary>
    public const string Profile = "profile";

    /// <summary>By Docker network.</summary>
    public const string Network = "network";

    /// <summary>By node.</summary>
    public const string Node = "node";

    /// <summary>Begins a grouping by the value of a label.</summary>
    public const string LabelPrefix = "label:";

    /// <summary>The grouping of a text; null when there is none of that name.</summary>
    /// <param name="by">One of the names above.</param>
    /// <param name="snapshot">The cluster that the endpoints are of.</param>
    public static Func<WorkloadEndpoint, IEnumerable<string>>? By(string by, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(snapshot);
        return by switch
        {
            Profile => ByProfile,
            Node => static e => [e.Id.Node],
            Network => e => [NetworkOf(snapshot, e)],
            _ when by.StartsWith(LabelPrefix, StringComparison.Ordinal) && by.Length > LabelPrefix.Length => ByLabel(snapshot, by[LabelPrefix.Length..]),
            _ => null,
        };
    }

    /// <summary>The names of an endpoint's profiles.</summary>
    public static IEnumerable<string> ByProfile(WorkloadEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.ProfileIds.IsDefaultOrEmpty ? ["(no profile)"] : endpoint.ProfileIds;
    }

    private static string NetworkOf(ClusterSnapshot snapshot, WorkloadEndpoint endpoint)
    {
        if (snapshot.Views.ContainerByEndpointId.TryGetValue(endpoint.Id.Name, out var key) && snapshot.Views.Containers.TryGetValue(key, out var view)
            && view.Endpoints.FirstOrDefault(e => e.Attachment.EndpointId == endpoint.Id.Name) is { } attached)
        {
            return attached.Attachment.NetworkName;
        }

        // A container on a host that is not configured: its network has the name of its first profile.
        return endpoint.Id.Orchestrator == "libnetwork" && !endpoint.ProfileIds.IsDefaultOrEmpty ? endpoint.ProfileIds[0] : $"({endpoint.Id.Orchestrator})";
    }

    private static Func<WorkloadEndpoint, IEnumerable<string>> ByLabel(ClusterSnapshot snapshot, string label)
    {
        var calico = snapshot.Calico;
        return e => [EffectiveLabels.For(calico, e).TryGetValue(label, out var value) ? value.Length == 0 ? "(empty)" : value : $"(no {label})"];
    }
}
