using CalicoConsole.Core.Operations;

namespace CalicoConsole.Sandbox;

/// <summary>Carries out what only a sandbox can do. Safe for concurrent use.</summary>
/// <param name="control">The sandbox.</param>
public sealed class SandboxExecutor(ISandboxControl control) : IOperationExecutor
{
    /// <inheritdoc/>
    public bool Handles(Operation operation) => operation is ResetSandbox;

    /// <inheritdoc/>
    public async Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        try
        {
            await control.ResetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidOperationException e)
        {
            return new ExecutionResult(OperationOutcome.Failed) { Message = $"The sandbox could not be reset: {e.Message}" };
        }

        return new ExecutionResult(OperationOutcome.Succeeded) { Message = "The sandbox is as it was at the start." };
    }
}
