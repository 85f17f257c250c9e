using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Topology;

/// <summary>Which endpoints of a cluster are drawn. Pure.</summary>
internal static class TopologyFilter
{
    /// <summary>The endpoints that a text leaves, by host and name, and how many there are in all.</summary>
    public static (ImmutableArray<FoundEndpoint> Found, int All) Apply(ClusterSnapshot snapshot, Func<WorkloadEndpoint, IEnumerable<string>> groupsOf,
        string text)
    {
        text = text.Trim();
        var found = ImmutableArray.CreateBuilder<FoundEndpoint>();
        foreach (var stored in snapshot.Calico.WorkloadEndpoints.Values)
        {
            var endpoint = stored.Value;
            var container = LeftBehindEndpoints.ContainerOf(endpoint.Id, snapshot);
            var groups = groupsOf(endpoint).Distinct(StringComparer.Ordinal).ToImmutableArray();
            var name = WorkloadNames.For(endpoint.Id, container);
            if (text.Length == 0 || Has(name) || Has(endpoint.Id.Node) || groups.Any(Has) || endpoint.ProfileIds.Any(Has)
                || endpoint.IPv4Nets.Concat(endpoint.IPv6Nets).Any(n => Has(n.Address.ToString())))
            {
                found.Add(new FoundEndpoint(endpoint, container, name, groups));
            }
        }

        return (found.DrainToImmutable(), snapshot.Calico.WorkloadEndpoints.Count);

        bool Has(string value) => value.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
