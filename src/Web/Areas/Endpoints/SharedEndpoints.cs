using System.Collections.Immutable;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Areas.Endpoints;

/// <summary>The rows of endpoints, made once for each state of the cluster and not for each browser. Thread-safe; one for the process.</summary>
public sealed class SharedEndpoints
{
    private readonly Lock _lock = new();
    private EndpointsMade? _endpoints;
    private (ReachabilityModel Model, EndpointProtections Protections)? _protected;
    private EndpointProtections? _known;

    /// <summary>
    /// Every workload endpoint, in the order of their keys; the very same array until an endpoint, its container, what answers or what protects them changes.
    /// </summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="protections">What stands between the endpoints and the others; null while that is not worked out.</param>
    public ImmutableArray<EndpointRow> AllIn(ClusterSnapshot snapshot, EndpointProtections? protections = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var answering = EndpointRow.Answering(snapshot);
        var made = Volatile.Read(ref _endpoints);
        if (made is null || !made.IsOf(snapshot, protections) || !made.Answering.SetEquals(answering))
        {
            made = new EndpointsMade(snapshot.Calico.WorkloadEndpoints, snapshot.Views.ContainerByEndpointId, snapshot.Views.Containers, protections, answering,
                EndpointRow.AllIn(snapshot, null, protections));
            Volatile.Write(ref _endpoints, made);
        }

        return made.Rows;
    }

    /// <summary>
    /// What was worked out last, perhaps for an earlier state of the cluster; null before that. A page begins with it, and shows the newest when that is there:
    /// so the rows that all browsers share need not be made twice.
    /// </summary>
    public EndpointProtections? Known => Volatile.Read(ref _known);

    /// <summary>What stands between the endpoints of a model and the others; worked out once for each model.</summary>
    public EndpointProtections Protect(ReachabilityModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        lock (_lock)
        {
            if (_protected is not { } known || !ReferenceEquals(known.Model, model))
            {
                _protected = known = (model, EndpointProtections.From(model));
                Volatile.Write(ref _known, known.Protections);
            }

            return known.Protections;
        }
    }

    private sealed record EndpointsMade(object Endpoints, object ContainerByEndpointId, object Containers, object? Protections, IReadOnlySet<string> Answering,
        ImmutableArray<EndpointRow> Rows)
    {
        public bool IsOf(ClusterSnapshot snapshot, object? protections) => ReferenceEquals(Endpoints, snapshot.Calico.WorkloadEndpoints)
            && ReferenceEquals(ContainerByEndpointId, snapshot.Views.ContainerByEndpointId) && ReferenceEquals(Containers, snapshot.Views.Containers)
            && ReferenceEquals(Protections, protections);
    }
}
