using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Execution;

/// <summary>When a snapshot shows what was done to a container: read your writes.</summary>
internal static class ContainerSeen
{
    // The plugin writes both as this constant (reference §7.3).
    private const string Libnetwork = "libnetwork";

    /// <summary>The container is there and, if it runs on Calico networks, so is each of its workload endpoints. One that ended by itself counts as seen.</summary>
    public static Func<ClusterSnapshot, bool> Started(string host, string id, ImmutableHashSet<string> staleEndpoints) => s =>
        Find(s, host, id) is { } c && c.State switch
        {
            "running" => c.Networks.All(n => n.EndpointId.Length > 0 && !staleEndpoints.Contains(n.EndpointId) && (!IsCalico(s, host, n) || HasEndpoint(s, host, n.EndpointId))),
            "exited" or "dead" => true,
            _ => false,
        };

    /// <summary>The container is there.</summary>
    public static Func<ClusterSnapshot, bool> Exists(string host, string id) => s => Find(s, host, id) is not null;

    /// <summary>The container does not run and its workload endpoints are gone.</summary>
    public static Func<ClusterSnapshot, bool> Stopped(string host, string id, ImmutableHashSet<string> endpoints) => s =>
        Find(s, host, id) is { State: not ("running" or "paused" or "restarting") } && endpoints.All(e => !HasEndpoint(s, host, e));

    /// <summary>The container and its workload endpoints are gone.</summary>
    public static Func<ClusterSnapshot, bool> Gone(string host, string id, ImmutableHashSet<string> endpoints) => s =>
        Find(s, host, id) is null && endpoints.All(e => !HasEndpoint(s, host, e));

    /// <summary>The Docker endpoint ids of a container's Calico attachments.</summary>
    public static ImmutableHashSet<string> Endpoints(DockerContainer container) => [.. container.Networks.Select(n => n.EndpointId).Where(e => e.Length > 0)];

    private static DockerContainer? Find(ClusterSnapshot s, string host, string id) => s.Hosts.GetValueOrDefault(host)?.Containers.GetValueOrDefault(id);

    private static bool IsCalico(ClusterSnapshot s, string host, DockerAttachment n) => s.Hosts[host].Networks.GetValueOrDefault(n.NetworkId)?.Driver == CalicoNames.NetworkDriver;

    private static bool HasEndpoint(ClusterSnapshot s, string host, string endpointId) =>
        s.Calico.WorkloadEndpoints.ContainsKey(V1Keys.WorkloadEndpoint(new WorkloadEndpointId(s.Hosts[host].NodeName, Libnetwork, Libnetwork, endpointId)));
}
