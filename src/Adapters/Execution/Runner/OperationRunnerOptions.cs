namespace CalicoConsole.Adapters.Execution.Runner;

/// <summary>Bounds of the operation runner.</summary>
public sealed record OperationRunnerOptions
{
    /// <summary>How long an operation waits until the snapshot shows its effect.</summary>
    public TimeSpan SeenBound { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the outcome is tried to be recorded.</summary>
    public TimeSpan OutcomeBound { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopping console waits for its operations to end.</summary>
    public TimeSpan StopBound { get; init; } = TimeSpan.FromSeconds(15);
}
