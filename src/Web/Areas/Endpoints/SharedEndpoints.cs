using System.Collections.Immutable;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Areas.Endpoints;

/// <summary>The rows of endpoints, made once for each state of the cluster and not for each browser. Thread-safe; one for the process.</summary>
public sealed class SharedEndpoints
{
    private EndpointsMade? _endpoints;

    /// <summary>Every workload endpoint, in the order of their keys; the very same array until an endpoint, its container or what answers changes.</summary>
    public ImmutableArray<EndpointRow> AllIn(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var answering = EndpointRow.Answering(snapshot);
        var made = Volatile.Read(ref _endpoints);
        if (made is null || !made.IsOf(snapshot) || !made.Answering.SetEquals(answering))
        {
            made = new EndpointsMade(snapshot.Calico.WorkloadEndpoints, snapshot.Views.ContainerByEndpointId, snapshot.Views.Containers, answering,
                EndpointRow.AllIn(snapshot));
            Volatile.Write(ref _endpoints, made);
        }

        return made.Rows;
    }

    private sealed record EndpointsMade(
        object Endpoints, object ContainerByEndpointId, object Containers, IReadOnlySet<string> Answering, ImmutableArray<EndpointRow> Rows)
    {
        public bool IsOf(ClusterSnapshot snapshot) => ReferenceEquals(Endpoints, snapshot.Calico.WorkloadEndpoints)
            && ReferenceEquals(ContainerByEndpointId, snapshot.Views.ContainerByEndpointId) && ReferenceEquals(Containers, snapshot.Views.Containers);
    }
}
