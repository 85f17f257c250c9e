using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>Base of the executors that work on one Docker host. Safe for concurrent use.</summary>
/// <param name="hosts">The configured hosts.</param>
public abstract class DockerExecutor(IDockerHosts hosts) : IOperationExecutor
{
    /// <inheritdoc/>
    public abstract bool Handles(Operation operation);

    /// <inheritdoc/>
    public Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(planned);
        ArgumentNullException.ThrowIfNull(progress);
        cancellationToken.ThrowIfCancellationRequested();
        var name = planned.Docker?.Host ?? throw new ArgumentException("nothing is planned for Docker", nameof(planned));
        return hosts.TryGet(name, out var host)
            ? RunAsync(operation, new DockerRun(host, planned, progress), cancellationToken)
            : Task.FromResult(new ExecutionResult(OperationOutcome.Failed) { Message = $"Docker host {name} is not configured: nothing was done." });
    }

    /// <summary>What is thrown for an operation that this executor does not handle: it is never taken for one that it does.</summary>
    private protected static ArgumentException Unknown(Operation operation) => new($"{operation.Name} is not handled here", nameof(operation));

    private protected abstract Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken);
}
