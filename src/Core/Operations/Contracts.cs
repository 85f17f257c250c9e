using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>A plan with what execution needs beside it.</summary>
/// <param name="Plan">What people see.</param>
/// <param name="Writes">Datastore writes in order, each with its condition; empty for changes of Docker alone.</param>
public sealed record PlannedOperation(Plan Plan, ImmutableArray<KeyWrite> Writes)
{
    /// <summary>Docker calls in order, for the audit's intent, such as <c>POST docker01 containers/create my_workload1</c>; without secrets.</summary>
    public ImmutableArray<string> DockerCalls { get; init; } = [];

    /// <summary>Of a manifest: the writes of each of its resources, as in <see cref="Operations.Plan.Documents"/>; <see cref="Writes"/> has them all.</summary>
    public ImmutableArray<ImmutableArray<KeyWrite>> DocumentWrites { get; init; } = [];

    /// <summary>What the executor sends to Docker; null for changes of the datastore alone.</summary>
    public PlannedDocker? Docker { get; init; }
}

/// <summary>Validates and plans. Pure: the same operation and snapshot give the same plan. Safe for concurrent use.</summary>
/// <remarks>The adapter over <c>OperationPlanner.Plan</c>; an interface so that the runner can be tried with plans of any shape.</remarks>
public interface IOperationPlanner
{
    /// <summary>
    /// What <paramref name="operation"/> would do to <paramref name="snapshot"/>; what forbids it is in <see cref="Plan.Errors"/>, never an exception.
    /// </summary>
    PlannedOperation Plan(Operation operation, ClusterSnapshot snapshot);
}

/// <summary>Executes one family of operations against the outside. Called by the operation runner only.</summary>
public interface IOperationExecutor
{
    /// <summary>Whether this executor is for <paramref name="operation"/>.</summary>
    bool Handles(Operation operation);

    /// <summary>
    /// Does what was planned. Expected failures are results, not exceptions; cancellation throws
    /// <see cref="OperationCanceledException"/> only while nothing was changed, later it is a result too.
    /// </summary>
    Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken);
}

/// <summary>What execution brought about.</summary>
public sealed record ExecutionResult(OperationOutcome Outcome)
{
    /// <summary>What really changed.</summary>
    public ImmutableArray<DocumentChange> Changes { get; init; } = [];

    /// <summary>What went wrong, for people; null when all went well.</summary>
    public string? Message { get; init; }

    /// <summary>See <see cref="OperationResult.Answer"/>.</summary>
    public OperationAnswer Answer { get; init; } = OperationAnswer.None.Value;

    /// <summary>See <see cref="OperationResult.Documents"/>.</summary>
    public ImmutableArray<DocumentResult> Documents { get; init; } = [];

    /// <summary>See <see cref="OperationResult.Lines"/>.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>True once the snapshot shows the effect; null when there is nothing to wait for.</summary>
    public Func<ClusterSnapshot, bool>? SeenIn { get; init; }

    /// <summary>
    /// Set when the other side died under the operation, so that it is not known what became of it: how long it may still be under way
    /// once the other side answers again. The outcome is then recorded when it was found out.
    /// </summary>
    public TimeSpan? LookAgainAfter { get; init; }
}

/// <summary>Who asks, and from where.</summary>
/// <param name="Actor">Name for the audit.</param>
/// <param name="Origin">api, page, startup.</param>
/// <param name="Permissions">What this actor may do.</param>
public sealed record OperationContext(string Actor, string Origin, OperationPermissions Permissions)
{
    /// <summary>
    /// Identity that the caller chose, to find or cancel the operation while it runs (see <see cref="IRunningOperations"/>); null lets the runner choose.
    /// </summary>
    public Guid? OperationId { get; init; }

    /// <summary>
    /// The session of the signed-in person who asks; the runner looks at the moment of the change whether it still stands. Null where nobody signs in: the
    /// API's token, the console itself, a local sandbox.
    /// </summary>
    public Guid? Session { get; init; }

    /// <summary>Where the request came from, such as an IP address; null when it came from the console itself.</summary>
    public string? Source { get; init; }
}

/// <summary>Permissions, checked by the runner.</summary>
[Flags]
public enum OperationPermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Plan only.</summary>
    Plan = 1,

    /// <summary>Plan and run everything.</summary>
    Change = 2 | Plan,
}

/// <summary>The one door for change: authorise, validate, plan, audit the intent, execute, wait until it is seen, audit the outcome.</summary>
/// <remarks>Thread-safe. Never throws for an expected failure: the result says it.</remarks>
public interface IOperationRunner
{
    /// <summary>What would happen; touches nothing.</summary>
    Plan Plan(Operation operation, OperationContext context);

    /// <summary>Runs an operation to its end, on no caller's thread or circuit.</summary>
    /// <param name="operation">What to do.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="progress">Told of each step, on the runner's thread; what it throws is logged and ignored. May be null.</param>
    /// <param name="cancellationToken">
    /// Asks to cancel; the task still completes with a result. A page that wants the operation to outlive its circuit
    /// gives <see cref="CancellationToken.None"/> and cancels by <see cref="IRunningOperations.Cancel"/>.
    /// </param>
    Task<OperationResult> RunAsync(Operation operation, OperationContext context, IProgress<OperationProgress>? progress, CancellationToken cancellationToken);
}
