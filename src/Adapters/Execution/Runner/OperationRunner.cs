using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Runner;

/// <summary>
/// The one door for change. Operations on one object run one after the other; an operation runs to its end on no caller's
/// thread, so it survives the page or request that started it.
/// </summary>
/// <remarks>
/// Refusals for missing permission are audited; refusals of validation, which cannot have changed anything, are not.
/// Disposing cancels what runs and waits until the outcomes are recorded. Thread-safe.
/// </remarks>
public sealed class OperationRunner : IOperationRunner, IRunningOperations, IAsyncDisposable
{
    private readonly IOperationPlanner _planner;
    private readonly ImmutableArray<IOperationExecutor> _executors;
    private readonly IClusterState _state;
    private readonly TimeProvider _time;
    private readonly OperationRunnerOptions _options;
    private readonly ILogger<OperationRunner> _logger;
    private readonly OperationAudit _audit;
    private readonly AuditBacklog _backlog;
    private readonly OperationRegistry _registry;
    private readonly ISessionCheck _sessions;
    private readonly IPermissionCheck _permissions;
    private readonly KeyedLock _objects = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _underway = [];
    private Task? _stopped;

    /// <summary>Makes a runner.</summary>
    public OperationRunner(
        IOperationPlanner planner, IEnumerable<IOperationExecutor> executors, IClusterState state, IAuditLog audit, AuditBacklog backlog,
            ISessionCheck sessions,
        IPermissionCheck permissions, TimeProvider time, OperationRunnerOptions options, ILogger<OperationRunner> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_planner, _executors, _state, _backlog, _sessions, _permissions) = (planner, [.. executors], state, backlog, sessions, permissions);
        (_time, _options, _logger) = (time, options, logger);
        _registry = new OperationRegistry(logger);
        _audit = new OperationAudit(audit, backlog, time, options.OutcomeBound, logger);
    }

    /// <inheritdoc/>
    public event Action? Changed
    {
        add => _registry.Changed += value;
        remove => _registry.Changed -= value;
    }

    /// <inheritdoc/>
    public ImmutableArray<RunningOperation> Operations => _registry.Operations;

    /// <inheritdoc/>
    public RunningOperation? Find(Guid operationId) => _registry.Find(operationId);

    /// <inheritdoc/>
    public bool Cancel(Guid operationId) => _registry.Cancel(operationId);

    /// <inheritdoc/>
    public Plan Plan(Operation operation, OperationContext context)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Permissions.HasFlag(OperationPermissions.Plan))
        {
            return new Plan { Errors = [new("permission", $"{context.Actor} may not plan changes")] };
        }

        return (TryPlan(operation, Guid.Empty) is { } planned ? planned.Plan : Broken(operation)).WithoutSecrets();
    }

    /// <inheritdoc/>
    public Task<OperationResult> RunAsync(Operation operation, OperationContext context, IProgress<OperationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(context);
        var id = context.OperationId ?? Guid.NewGuid();
        lock (_gate)
        {
            if (_stopped is not null)
            {
                return Task.FromResult(Ended(id, OperationOutcome.Refused, new Plan(), "The console is stopping; nothing was changed."));
            }

            // The caller's own task is what a stop waits for: whoever asked has the answer before the stop is over.
            var run = Task.Run(() => RegisteredAsync(id, operation, context, progress, cancellationToken), CancellationToken.None);
            _underway.Add(run);
            _ = run.ContinueWith(Leave, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return run;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_stopped ??= StopAsync([.. _underway]));
        }
    }

    private async Task StopAsync(Task[] underway)
    {
        // Not under the lock: what is cancelled runs on this thread as far as it can.
        await Task.Yield();
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(underway).WaitAsync(_options.StopBound, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.LogError("Stopping while operations still run: {Operations}",
                string.Join(", ", Operations.Where(o => o.Finished is null).Select(o => $"{o.Operation.Name} {o.Operation.ObjectName} ({o.Id})")));
        }
    }

    private void Leave(Task run)
    {
        lock (_gate)
        {
            _underway.Remove(run);
        }
    }

    private async Task<OperationResult> RegisteredAsync(Guid id, Operation operation, OperationContext context, IProgress<OperationProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        if (!_registry.TryStart(new RunningOperation(id, operation, context.Actor, context.Origin, _time.GetUtcNow()), source))
        {
            return new OperationResult
            {
                OperationId = id,
                Outcome = OperationOutcome.Refused,
                Plan = new Plan(),
                Message = $"An operation with the id {id} runs already."
            };
        }

        var result = Failed(id, new Plan(), Bug(operation, id));
        try
        {
            using var byCaller = cancellationToken.Register(() => _registry.Cancel(id));
            result = await RunAsync(id, operation, context, new Reporter(this, id, progress), source.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _logger.LogError(e, "Operation {OperationId} {Operation} on {Object} broke the runner", id, operation.Name, operation.ObjectName);
        }
        finally
        {
            _registry.Finish(id, result, _time.GetUtcNow());
        }

        return result;
    }

    private async Task<OperationResult> RunAsync(Guid id, Operation operation, OperationContext context, IProgress<OperationProgress> progress,
        CancellationToken cancellationToken)
    {
        if (!context.Permissions.HasFlag(OperationPermissions.Change))
        {
            var may =
                $"{context.Actor} may not change anything: {operation.Name} of {operation.ObjectName} was refused. "
                + "Ask an administrator for the right to change.";
            return await RefuseAsync(id, operation, context, may).ConfigureAwait(false);
        }

        IDisposable turn;
        try
        {
            turn = await _objects.TakeAsync($"{operation.ObjectKind} {operation.ObjectName}", cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Ended(id, OperationOutcome.Cancelled, new Plan(), "Cancelled before it began; nothing was changed.");
        }

        using (turn)
        {
            var planned = TryPlan(operation, id);
            if (planned is null)
            {
                return Failed(id, Broken(operation), Bug(operation, id));
            }

            if (planned.Plan.Errors.Length > 0)
            {
                return Ended(id, OperationOutcome.Refused, planned.Plan, string.Join("; ", planned.Plan.Errors.Select(e => $"{e.Field}: {e.Reason}")));
            }

            if (_executors.FirstOrDefault(e => e.Handles(operation)) is not { } executor)
            {
                _logger.LogError("No executor handles {Operation}", operation.Name);
                return Failed(id, planned.Plan, $"This console cannot carry out {operation.Name}; nothing was changed.");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return Ended(id, OperationOutcome.Cancelled, planned.Plan, "Cancelled before it began; nothing was changed.");
            }

            // Last before the intent, so that whoever waited for a turn is asked when it came, not when the wait began.
            if (await RefusalAsync(id, operation, context).ConfigureAwait(false) is { } refusal)
            {
                return await RefuseAsync(id, operation, context, refusal).ConfigureAwait(false);
            }

            if (await _audit.TryIntentAsync(id, operation, context, planned).ConfigureAwait(false) is { } reason)
            {
                return Failed(id, planned.Plan, $"The intent could not be recorded in the audit log, so nothing was changed: {reason}")
                    with
                { NotRecorded = true };
            }

            return await CarryOutAsync(id, operation, planned, executor, progress, cancellationToken).ConfigureAwait(false);
        }
    }

    private const string NotRecorded = "The outcome could not be recorded in the audit log; the console keeps trying, and after a restart it compares the "
        + "intent with what is there.";

    private async Task<OperationResult> CarryOutAsync(
        Guid id, Operation operation, PlannedOperation planned, IOperationExecutor executor, IProgress<OperationProgress> progress,
            CancellationToken cancellationToken)
    {
        var executed = await ExecuteAsync(id, operation, planned, executor, progress, cancellationToken).ConfigureAwait(false);
        var outcome = executed.Outcome;
        var message = Secrets.Redact(executed.Message);
        if (executed.SeenIn is { } seen && outcome is (OperationOutcome.Succeeded or OperationOutcome.Partial)
            && !await SeenAsync(id, seen).ConfigureAwait(false) && outcome == OperationOutcome.Succeeded)
        {
            outcome = OperationOutcome.NotYetSeen;
            message = $"It is done, but the live view does not show it after {_options.SeenBound.TotalSeconds:0.#} s: see the state of the feeds.";
        }

        ImmutableArray<DocumentChange> changes = [.. executed.Changes.Select(Secrets.Redact)];
        if (executed.LookAgainAfter is { } settle)
        {
            // The intent stays open: what the audit log says of it must be what became of it.
            _backlog.LookAgain(id, message ?? "Its outcome is unknown.", settle);
            message = $"{message} The console checks again as soon as it can, and records in the audit log what it finds.".TrimStart();
        }
        else if (!await _audit.TryOutcomeAsync(id, outcome, message, changes).ConfigureAwait(false))
        {
            message = $"{message} {NotRecorded}".TrimStart();
        }

        _logger.LogInformation("Operation {OperationId} {Operation} on {Object} ended as {Outcome}", id, operation.Name, operation.ObjectName, outcome);
        return Ended(id, outcome, planned.Plan, message) with
        {
            Changes = changes,
            Answer = executed.Answer,
            Documents = [.. executed.Documents.Select(Secrets.Redact)],
            Lines = [.. executed.Lines.Select(l => Secrets.Redact(l)!)],
            EndUnknown = executed.LookAgainAfter is not null,
        };
    }

    private async Task<ExecutionResult> ExecuteAsync(
        Guid id, Operation operation, PlannedOperation planned, IOperationExecutor executor, IProgress<OperationProgress> progress,
            CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await executor.ExecuteAsync(operation, planned, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new ExecutionResult(OperationOutcome.Cancelled) { Message = "Cancelled; nothing was changed." };
        }
        catch (Exception e) when (e is EtcdException or EtcdUnavailableException or DockerHostException)
        {
            _logger.LogWarning(e, "Operation {OperationId} {Operation} on {Object} failed", id, operation.Name, operation.ObjectName);
            return new ExecutionResult(OperationOutcome.Failed) { Message = $"{operation.Name} of {operation.ObjectName} failed: {e.Message}" };
        }
        catch (Exception e)
        {
            _logger.LogError(e, "Operation {OperationId} {Operation} on {Object} broke its executor", id, operation.Name, operation.ObjectName);
            return new ExecutionResult(OperationOutcome.Failed) { Message = Bug(operation, id) };
        }
    }

    private async Task<bool> SeenAsync(Guid id, Func<ClusterSnapshot, bool> seen)
    {
        try
        {
            return await _state.WaitForAsync(seen, _options.SeenBound, CancellationToken.None).ConfigureAwait(false) is not null;
        }
        catch (Exception e)
        {
            _logger.LogError(e, "Waiting for the effect of operation {OperationId} failed", id);
            return false;
        }
    }

    /// <summary>Null when whoever asks may change things now, else why not.</summary>
    private async Task<string?> RefusalAsync(Guid id, Operation operation, OperationContext context)
    {
        try
        {
            if (await _sessions.RefusalAsync(context, CancellationToken.None).ConfigureAwait(false) is { } refusal)
            {
                return refusal;
            }
        }
        catch (Exception e)
        {
            _logger.LogError(e, "The session of {Actor} could not be looked up for operation {OperationId} {Operation}", context.Actor, id, operation.Name);
            return $"The console could not find out whether {context.Actor} is still signed in, so nothing was changed. The console's log has the details.";
        }

        try
        {
            return await _permissions.HoldsAsync(context, operation.Permission, CancellationToken.None).ConfigureAwait(false) ? null
                : $"{context.Actor} lacks the permission '{Word(operation.Permission)}': {operation.Name} of {operation.ObjectName} was refused. "
                    + "Ask an administrator for it.";
        }
        catch (Exception e)
        {
            _logger.LogError(e, "The permissions of {Actor} could not be looked up for operation {OperationId} {Operation}", context.Actor, id, operation.Name);
            return $"What {context.Actor} may do could not be found out, so nothing was changed. The console's log has the details.";
        }

        static string Word(Permission permission) => permission.ToString().ToLowerInvariant();
    }

    private async Task<OperationResult> RefuseAsync(Guid id, Operation operation, OperationContext context, string message)
    {
        if (await _audit.TryIntentAsync(id, operation, context, new PlannedOperation(new Plan(), [])).ConfigureAwait(false) is null)
        {
            await _audit.TryOutcomeAsync(id, OperationOutcome.Refused, message, []).ConfigureAwait(false);
        }

        return Ended(id, OperationOutcome.Refused, new Plan { Errors = [new("permission", message)] }, message);
    }

    private PlannedOperation? TryPlan(Operation operation, Guid id)
    {
        try
        {
            return _planner.Plan(operation, _state.Current);
        }
        catch (Exception e)
        {
            _logger.LogError(e, "Planning {Operation} on {Object} failed (operation {OperationId})", operation.Name, operation.ObjectName, id);
            return null;
        }
    }

    private static Plan Broken(Operation operation) => new()
    {
        Errors =
            [new("operation", $"the console failed while planning {operation.Name} of {operation.ObjectName}, which is a defect; its log has the details")],
    };

    private static string Bug(Operation operation, Guid id) =>
        $"The console failed while it carried out {operation.Name} of {operation.ObjectName}, which is a defect. Its log has the details under operation {id}. "
            + $"Look at {operation.ObjectName} before you try again.";

    private static OperationResult Failed(Guid id, Plan plan, string message) => Ended(id, OperationOutcome.Failed, plan, message);

    private static OperationResult Ended(Guid id, OperationOutcome outcome, Plan plan, string? message) =>
        new() { OperationId = id, Outcome = outcome, Plan = plan.WithoutSecrets(), Message = Secrets.Redact(message) };

    /// <summary>Passes progress on; a listener that fails, such as a page that is gone, does not touch the operation.</summary>
    private sealed class Reporter(OperationRunner runner, Guid id, IProgress<OperationProgress>? listener) : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value)
        {
            value = value with { Detail = Secrets.Redact(value.Detail) };
            runner._registry.Report(id, value);
            try
            {
                listener?.Report(value);
            }
            catch (Exception e)
            {
                runner._logger.LogWarning(e, "The listener of operation {OperationId} failed", id);
            }
        }
    }
}
