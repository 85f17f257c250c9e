using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>When a snapshot shows what was done to a container: read your writes.</summary>
internal static class ContainerSeen
{
    // The plugin writes both as this constant (docs/calico-v1.md#docker-plugin).
    private const string Libnetwork = "libnetwork";

    /// <summary>
    /// The container is there and, if it runs on Calico networks, so is each of its workload endpoints. One that ended by itself counts as seen,
    /// but only if it ended after this start: a restart passes through "exited", and a container that is started was "exited" before.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="id">The container.</param>
    /// <param name="staleEndpoints">Docker endpoint ids of before the start.</param>
    /// <param name="run">What the engine says of this start; null when that could not be read, so that any end counts.</param>
    public static Func<ClusterSnapshot, bool> Started(string host, string id, ImmutableHashSet<string> staleEndpoints, StartedRun? run) => s =>
        Find(s, host, id) is { } c && c.State switch
        {
            "running" or "paused" => c.Networks.All(n => IsConnected(s, host, n, staleEndpoints)),
            "exited" or "dead" or "restarting" => run is null || run.HasEnded(c.Details),
            _ => false,
        };

    /// <summary>As <see cref="Started"/>, for a container that the engine has just started: asks it when that was.</summary>
    public static async Task<Func<ClusterSnapshot, bool>> StartedAsync(DockerRun run, string id, ImmutableHashSet<string> staleEndpoints)
    {
        StartedRun? started = null;
        try
        {
            // In this order: what the list says is then no older than the times.
            var times = await run.Host.DetailsAsync(id, CancellationToken.None).ConfigureAwait(false);
            var listed = await run.Host.ContainerAsync(id, CancellationToken.None).ConfigureAwait(false);
            started = times is null ? null : new StartedRun(times, listed?.State == "running");
        }
        catch (DockerHostException)
        {
            // The start itself was answered. When it was stays unknown, so that any end that is shown counts as this one's.
        }

        return Started(run.Docker.Host, id, staleEndpoints, started);
    }

    /// <summary>The container is there.</summary>
    public static Func<ClusterSnapshot, bool> Exists(string host, string id) => s => Find(s, host, id) is not null;

    /// <summary>The container does not run and its workload endpoints are gone.</summary>
    public static Func<ClusterSnapshot, bool> Stopped(string host, string id, ImmutableHashSet<string> endpoints) => s =>
        Find(s, host, id) is { State: not ("running" or "paused" or "restarting") } && endpoints.All(e => !HasEndpoint(s, host, e));

    /// <summary>The container is in a state.</summary>
    public static Func<ClusterSnapshot, bool> Is(string host, string id, string state) => s => Find(s, host, id)?.State == state;

    /// <summary>The container and its workload endpoints are gone.</summary>
    public static Func<ClusterSnapshot, bool> Gone(string host, string id, ImmutableHashSet<string> endpoints) => s =>
        Find(s, host, id) is null && endpoints.All(e => !HasEndpoint(s, host, e));

    /// <summary>The Docker endpoint ids of a container's Calico attachments.</summary>
    public static ImmutableHashSet<string> Endpoints(DockerContainer container) => [.. container.Networks.Select(n => n.EndpointId).Where(e => e.Length > 0)];

    private static DockerContainer? Find(ClusterSnapshot s, string host, string id) => s.Hosts.GetValueOrDefault(host)?.Containers.GetValueOrDefault(id);

    // An engine without the default bridge (--bridge=none) names a network that it does not have: there is no endpoint to wait for.
    private static bool IsConnected(ClusterSnapshot s, string host, DockerAttachment n, ImmutableHashSet<string> stale) =>
        n.NetworkId.Length == 0
        || (n.EndpointId.Length > 0 && !stale.Contains(n.EndpointId) && (!IsCalico(s, host, n) || HasEndpoint(s, host, n.EndpointId)));

    private static bool IsCalico(ClusterSnapshot s, string host, DockerAttachment n) =>
        s.Hosts[host].Networks.GetValueOrDefault(n.NetworkId)?.Driver == CalicoNames.NetworkDriver;

    private static bool HasEndpoint(ClusterSnapshot s, string host, string endpointId) =>
        s.Calico.WorkloadEndpoints.ContainsKey(V1Keys.WorkloadEndpoint(new WorkloadEndpointId(s.Hosts[host].NodeName, Libnetwork, Libnetwork, endpointId)));
}

/// <summary>A run of a container as it was seen right after its start.</summary>
/// <param name="Times">When it started, and when the run before it ended.</param>
/// <param name="Runs">Whether it was seen running after these times were read.</param>
internal sealed record StartedRun(ContainerDetails Times, bool Runs)
{
    /// <summary>
    /// Whether times that are shown with a container which does not run are those of this run's end. State and times are looked at apart: in the midst of a
    /// restart "exited" may stand beside the new start already, with the end of the run before. A program that ends at once may end before its start
    /// is dated, so that the two times are not compared with each other.
    /// </summary>
    public bool HasEnded(ContainerDetails? shown) => shown is not null && shown.Started >= Times.Started && (!Runs || shown.Finished != Times.Finished);
}
