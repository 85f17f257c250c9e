using CalicoConsole.Core.Operations;

namespace CalicoConsole.Adapters.Execution.Keys;

/// <summary>Executes what is done when its planned keys are written, in order, by compare-and-swap. Safe for concurrent use.</summary>
/// <param name="writes">Writes them.</param>
public sealed class DatastoreExecutor(KeyWritesExecutor writes) : IOperationExecutor
{
    /// <inheritdoc/>
    public bool Handles(Operation operation) => operation is KeyOperation;

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
