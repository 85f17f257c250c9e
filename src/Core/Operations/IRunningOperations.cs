namespace CalicoConsole.Core.Operations;

/// <summary>The operations in flight and the last finished ones, for everybody to see. Thread-safe; one for the whole process.</summary>
public interface IRunningOperations
{
    /// <summary>Running ones first, then the last finished ones (at most 50); each newest first.</summary>
    ImmutableArray<RunningOperation> Operations { get; }

    /// <summary>Raised after every change of <see cref="Operations"/>, on the runner's thread and possibly often: handlers only take note and return.</summary>
    event Action? Changed;

    /// <summary>One operation; null when it never ran here or finished long ago.</summary>
    RunningOperation? Find(Guid operationId);

    /// <summary>
    /// Asks a running operation to stop. False when it is not running. How it really ended is in its result: what is done already may stay done.
    /// </summary>
    bool Cancel(Guid operationId);
}

/// <summary>An operation that runs or ran, at one moment.</summary>
/// <param name="Id">Identity, also in the audit.</param>
/// <param name="Operation">What it does.</param>
/// <param name="Actor">Who started it.</param>
/// <param name="Origin">Where it was started: api, page, startup.</param>
/// <param name="Started">When (UTC).</param>
public sealed record RunningOperation(Guid Id, Operation Operation, string Actor, string Origin, DateTimeOffset Started)
{
    /// <summary>The newest word of each step, in the order in which the steps began.</summary>
    public ImmutableArray<OperationProgress> Steps { get; init; } = [];

    /// <summary>The newest lines of output, oldest first, while it runs; the result has its own.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>Whether somebody asked to stop it.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>When it ended (UTC); null while it runs.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>How it ended; null while it runs.</summary>
    public OperationResult? Result { get; init; }
}
