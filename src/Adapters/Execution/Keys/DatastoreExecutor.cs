using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;

namespace CalicoConsole.Adapters.Execution.Keys;

/// <summary>
/// Executes changes of Calico resources and configuration, and of what the console itself keeps: the planned keys, in order, by compare-and-swap. Safe for
/// concurrent use.
/// </summary>
/// <param name="writes">Writes them.</param>
public sealed class DatastoreExecutor(KeyWritesExecutor writes) : IOperationExecutor
{
    /// <inheritdoc/>
    public bool Handles(Operation operation) => operation is
        WriteResource or DeleteResource or SetConfiguration or IpamOperation or SaveKept or DeleteKept
            or ReorderPolicies or DisablePolicy or EnablePolicy or DeleteDisabledPolicy or AttachProfile or DetachProfile or JoinVms or RemoveKey;

    /// <inheritdoc/>
    public Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(progress);
        return writes.ExecuteAsync(planned.Writes, planned.Plan.Steps.IsEmpty ? operation.Name : planned.Plan.Steps[0], progress, cancellationToken);
    }
}
