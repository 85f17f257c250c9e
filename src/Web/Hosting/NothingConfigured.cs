using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Hosting;

/// <summary>What stands behind a console without a datastore: an empty cluster, a door that refuses.</summary>
internal sealed class NothingConfigured : IClusterState, IOperationRunner, IRunningOperations, IBgpSessions
{
    public const string Reason = "No datastore is configured. Set ETCD_ENDPOINTS (or Etcd:Endpoints) and start the console again.";

    public event Action<SnapshotChange>? Changed
    {
        // Nothing ever changes here.
        add { }
        remove { }
    }

    event Action? IRunningOperations.Changed
    {
        add { }
        remove { }
    }

    public ImmutableArray<RunningOperation> Operations => [];

    public ClusterSnapshot Current { get; } = new();

    public Task<ClusterSnapshot?> WaitForAsync(Func<ClusterSnapshot, bool> condition, TimeSpan bound, CancellationToken cancellationToken) =>
        Task.FromResult(condition(Current) ? Current : null);

    public Task<BgpStatus> ReadAsync(string host, CancellationToken cancellationToken) =>
        Task.FromException<BgpStatus>(new DockerHostException(host, 404, Reason));

    public RunningOperation? Find(Guid operationId) => null;

    public bool Cancel(Guid operationId) => false;

    public Plan Plan(Operation operation, OperationContext context) => new() { Errors = [new FieldError("datastore", Reason)] };

    public Task<OperationResult> RunAsync(Operation operation, OperationContext context, IProgress<OperationProgress>? progress, CancellationToken cancellationToken) =>
        Task.FromResult(new OperationResult { OperationId = Guid.NewGuid(), Outcome = OperationOutcome.Refused, Plan = Plan(operation, context), Message = Reason });
}
