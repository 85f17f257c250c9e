using System.Collections.Concurrent;
using System.Collections.Immutable;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Web.Tests;

/// <summary>A runner that notes what it is asked and answers what the test gave it.</summary>
internal sealed class RecordingRunner : IOperationRunner, IRunningOperations
{
    public event Action? Changed
    {
        add { }
        remove { }
    }

    public ConcurrentQueue<(Operation Operation, OperationContext Context)> Ran { get; } = new();

    public ConcurrentQueue<Operation> Planned { get; } = new();

    public Func<Operation, Plan> PlanOf { get; set; } = _ => new Plan();

    public Func<Operation, OperationResult> ResultOf { get; set; } = _ => Result(OperationOutcome.Succeeded);

    public ImmutableArray<RunningOperation> Operations { get; set; } = [];

    public void Reset()
    {
        Ran.Clear();
        Planned.Clear();
        PlanOf = _ => new Plan();
        ResultOf = _ => Result(OperationOutcome.Succeeded);
    }

    public static OperationResult Result(OperationOutcome outcome, Plan? plan = null) =>
        new() { OperationId = Guid.NewGuid(), Outcome = outcome, Plan = plan ?? new Plan() };

    public Plan Plan(Operation operation, OperationContext context)
    {
        Planned.Enqueue(operation);
        return PlanOf(operation);
    }

    public Task<OperationResult> RunAsync(Operation operation, OperationContext context, IProgress<OperationProgress>? progress,
        CancellationToken cancellationToken)
    {
        Ran.Enqueue((operation, context));
        return Task.FromResult(ResultOf(operation));
    }

    public RunningOperation? Find(Guid operationId) => null;

    public bool Cancel(Guid operationId) => false;
}
