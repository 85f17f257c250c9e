using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Adapters.Execution.Runner;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Tests.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Adapters.Tests.Execution.Runner;

/// <summary>A runner with the real audit database and the real snapshot holder; the plan and the execution are the test's own.</summary>
internal sealed class RunnerStage : IOperationPlanner, IOperationExecutor, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _publisher;

    private RunnerStage(TestDatabase database, IAuditLog? audit, IOperationExecutor? executor, IPermissionCheck? permissions)
    {
        Database = database;
        State = new ClusterState(TimeProvider.System, NullLogger<ClusterState>.Instance);
        _publisher = State.RunAsync(_stop.Token);
        Runner = new OperationRunner(
            this, [executor ?? this], State, audit ?? database.Log,
                Backlog = new AuditBacklog(audit ?? database.Log, TimeProvider.System, NullLogger<AuditBacklog>.Instance),
                new SessionStore(database, TimeProvider.System),
            permissions ?? new EveryPermission(), TimeProvider.System,
            new OperationRunnerOptions { SeenBound = TimeSpan.FromMilliseconds(300), OutcomeBound = TimeSpan.FromSeconds(20) },
                NullLogger<OperationRunner>.Instance);
    }

    public static OperationContext Editor { get; } = new("ann", "page", OperationPermissions.Change);

    public TestDatabase Database { get; }

    public ClusterState State { get; }

    public OperationRunner Runner { get; }

    public AuditBacklog Backlog { get; }

    public PlannedOperation Planned { get; set; } = new(new Plan { Steps = ["step"], Commands = ["calicoctl create -f pool.yaml"] },
        [])
    { DockerCalls = ["POST docker01 containers/create c"] };

    public Func<IProgress<OperationProgress>, CancellationToken, Task<ExecutionResult>> Execution { get; set; } =
        (_, _) => Task.FromResult(new ExecutionResult(OperationOutcome.Succeeded));

    public int Executions { get; private set; }

    public Action? OnPlan { get; set; }

    public static async Task<RunnerStage> StartAsync(IAuditLog? audit = null, IOperationExecutor? executor = null, IPermissionCheck? permissions = null) =>
        new(await TestDatabase.MigratedAsync(), audit, executor, permissions);

    public Task<OperationResult> RunAsync(Operation? operation = null, OperationContext? context = null, CancellationToken? token = null,
        IProgress<OperationProgress>? progress = null) =>
        Runner.RunAsync(operation ?? new Ping("docker01", "c", "192.0.2.1"), context ?? Editor, progress, token ?? TestContext.Current.CancellationToken);

    public async Task<ImmutableArray<AuditEntry>> EntriesAsync() =>
        (await Database.Log.QueryAsync(new AuditQuery(), TestContext.Current.CancellationToken)).Items;

    public PlannedOperation Plan(Operation operation, ClusterSnapshot snapshot)
    {
        OnPlan?.Invoke();
        return Planned;
    }

    public bool Handles(Operation operation) => operation is Ping or SwapProfile;

    public Task<ExecutionResult> ExecuteAsync(Operation operation, PlannedOperation planned, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        Executions++;
        return Execution(progress, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Runner.DisposeAsync();
        await _stop.CancelAsync();
        await _publisher.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _stop.Dispose();
        Database.Dispose();
    }
}
