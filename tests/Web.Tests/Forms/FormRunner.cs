using System.Collections.Concurrent;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Planning;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>A runner that plans as the real one does, and whose operations end when the test says so.</summary>
internal sealed class FormRunner(IClusterState state) : IOperationRunner, IRunningOperations
{
    private readonly OperationPlanner _planner = new();
    private readonly ConcurrentDictionary<Guid, RunningOperation> _known = new();
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<OperationResult>> _ends = new();
    private Action? _changed;

    public event Action? Changed
    {
        add => _changed += value;
        remove => _changed -= value;
    }

    public int Subscribers => _changed?.GetInvocationList().Length ?? 0;

    public ConcurrentQueue<(Operation Operation, OperationContext Context)> Ran { get; } = new();

    public System.Collections.Immutable.ImmutableArray<RunningOperation> Operations => [.. _known.Values];

    public Plan Plan(Operation operation, OperationContext context) => _planner.Plan(operation, state.Current).Plan;

    public Task<OperationResult> RunAsync(Operation operation, OperationContext context, IProgress<OperationProgress>? progress,
        CancellationToken cancellationToken)
    {
        var id = context.OperationId!.Value;
        Ran.Enqueue((operation, context));
        var end = _ends[id] = new TaskCompletionSource<OperationResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _known[id] = new RunningOperation(id, operation, context.Actor, context.Origin, DateTimeOffset.UnixEpoch);
        return end.Task;
    }

    public RunningOperation? Find(Guid operationId) => _known.GetValueOrDefault(operationId);

    public bool Cancel(Guid operationId) => false;

    public void Add(RunningOperation running) => _known[running.Id] = running;

    public void Report(Guid id, Func<RunningOperation, RunningOperation> change)
    {
        _known[id] = change(_known[id]);
        _changed?.Invoke();
    }

    public void End(Guid id, OperationOutcome outcome, string? message = null, Func<OperationResult, OperationResult>? more = null)
    {
        var result = new OperationResult
        {
            OperationId = id,
            Outcome = outcome,
            Message = message,
            Plan = Plan(_known[id].Operation, new OperationContext("admin", "page", OperationPermissions.Change))
        };
        result = more?.Invoke(result) ?? result;
        Report(id, r => r with { Result = result, Finished = DateTimeOffset.UnixEpoch });
        if (_ends.TryGetValue(id, out var end))
        {
            end.SetResult(result);
        }
    }
}
