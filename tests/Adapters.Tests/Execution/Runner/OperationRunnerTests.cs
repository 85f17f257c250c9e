using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Tests.Audit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Tests.Execution.Runner;

public class OperationRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_IntentStandsBeforeExecution_AndOutcomeAfter()
    {
        await using var stage = await RunnerStage.StartAsync();
        ImmutableArray<AuditIntent> open = [];
        stage.Execution = async (_, _) =>
        {
            open = await stage.Database.Log.OpenIntentsAsync(Token);
            return new ExecutionResult(OperationOutcome.Succeeded)
            {
                Changes = [new("docker/docker01", "container c", null, "{\"Env\":[\"ETCD_PASSWORD=hunter2\"]}")],
                Answer = new OperationAnswer.RemovedNetwork("abc"),
                Lines = ["one"],
            };
        };

        var result = await stage.RunAsync();

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Null(result.Message);
        Assert.Equal((new OperationAnswer.RemovedNetwork("abc"), "one"), (result.Answer, result.Lines.Single()));
        var intent = Assert.Single(open);
        Assert.Equal((result.OperationId, "ann", "page", "container.ping", "container", "docker01/c"),
            (intent.OperationId, intent.Actor, intent.Origin, intent.Operation, intent.ObjectKind, intent.ObjectName));
        Assert.Equal("POST docker01 containers/create c", Assert.Single(IntentWrites.Parse(intent.Writes).DockerCalls));
        var entry = Assert.Single(await stage.EntriesAsync());
        Assert.Equal("succeeded", entry.Outcome?.Outcome);
        Assert.DoesNotContain("hunter2", entry.Outcome!.Changes + result.Changes.Single().After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Swap_StandsInTheHistoryOfBothProfiles()
    {
        await using var stage = await RunnerStage.StartAsync();

        var result = await stage.RunAsync(new SwapProfile("goes", "comes", AttachmentTarget.OfNetwork("my_net")));

        foreach (var profile in new[] { "goes", "comes" })
        {
            var page = await stage.Database.Log.QueryAsync(new AuditQuery { Kind = "profile", Object = profile }, Token);
            Assert.Equal(result.OperationId, Assert.Single(page.Items).Intent.OperationId);
        }
    }

    [Fact]
    public async Task Run_InvalidPlan_IsRefusedWithTheFieldAndNotAudited()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.Planned = new PlannedOperation(new Plan { Errors = [new("metadata.cidr", "overlaps 192.0.2.0/25")] }, []);

        var result = await stage.RunAsync();

        Assert.Equal(OperationOutcome.Refused, result.Outcome);
        Assert.Equal("metadata.cidr", result.Plan.Errors.Single().Field);
        Assert.Contains("overlaps", result.Message, StringComparison.Ordinal);
        Assert.Equal(0, stage.Executions);
        Assert.Empty(await stage.EntriesAsync());
    }

    [Theory]
    [InlineData(OperationPermissions.None)]
    [InlineData(OperationPermissions.Plan)]
    public async Task Run_WithoutPermission_IsRefusedAndAudited(OperationPermissions permissions)
    {
        await using var stage = await RunnerStage.StartAsync();
        var context = new OperationContext("eve", "api", permissions);

        var result = await stage.RunAsync(context: context);

        Assert.Equal(OperationOutcome.Refused, result.Outcome);
        Assert.Contains("eve", result.Message, StringComparison.Ordinal);
        Assert.Equal(0, stage.Executions);
        var entry = Assert.Single(await stage.EntriesAsync());
        Assert.Equal(("eve", "refused"), (entry.Intent.Actor, entry.Outcome?.Outcome));
        Assert.Equal(permissions == OperationPermissions.None, stage.Runner.Plan(new Ping("docker01", "c", "x"), context).Errors.Length > 0);
        Assert.Single(await stage.EntriesAsync());
    }

    [Fact]
    public async Task Run_IntentCannotBeWritten_NothingIsExecuted()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.Database.ConnectionString += ";Mode=ReadOnly";

        var result = await stage.RunAsync();

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("ConnectionStrings:Console", result.Message, StringComparison.Ordinal);
        Assert.Contains("read-only", result.Message, StringComparison.Ordinal);
        Assert.Equal(0, stage.Executions);
    }

    [Fact]
    public async Task Run_EffectAppearsInTheSnapshot_Succeeds_ElseNotYetSeen()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.Execution = (_, _) => Task.FromResult(new ExecutionResult(OperationOutcome.Succeeded) { SeenIn = s => s.Calico.Revision >= 7 });

        var early = await stage.RunAsync();
        Assert.Equal(OperationOutcome.NotYetSeen, early.Outcome);

        stage.Execution = async (_, token) =>
        {
            await stage.State.PostAsync(s => SnapshotEdit.From(s with { Calico = s.Calico with { Revision = 7 } }), token);
            return new ExecutionResult(OperationOutcome.Succeeded) { SeenIn = s => s.Calico.Revision >= 7 };
        };
        var seen = await stage.RunAsync();
        Assert.Equal(OperationOutcome.Succeeded, seen.Outcome);
        Assert.Equal(["succeeded", "notYetSeen"], (await stage.EntriesAsync()).Select(e => e.Outcome?.Outcome));
    }

    [Fact]
    public async Task Run_ExecutorBreaks_IsFailedWithASafeMessage()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.Execution = (_, _) => throw new InvalidOperationException("internal detail");

        var result = await stage.RunAsync();

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.DoesNotContain("internal detail", result.Message, StringComparison.Ordinal);
        Assert.Contains(result.OperationId.ToString(), result.Message, StringComparison.Ordinal);
        Assert.Equal("failed", (await stage.EntriesAsync()).Single().Outcome?.Outcome);
    }

    [Fact]
    public async Task Run_PortFails_SaysItsWordsWithoutSecrets()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.Execution = (_, _) => throw new EtcdUnavailableException("http://root:hunter2@10.0.0.1:2379: connection refused");

        var result = await stage.RunAsync();

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("http://root:***@10.0.0.1:2379: connection refused", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PlannerBreaks_IsFailedAndNotExecuted()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.OnPlan = () => throw new InvalidOperationException("internal detail");

        var result = await stage.RunAsync();

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Equal(0, stage.Executions);
        Assert.NotEmpty(stage.Runner.Plan(new Ping("docker01", "c", "x"), RunnerStage.Editor).Errors);
    }

    [Fact]
    public async Task Run_CancelledByTheCallersToken_RecordsTheOutcomeAllTheSame()
    {
        await using var stage = await RunnerStage.StartAsync();
        using var source = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        stage.Execution = async (_, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new ExecutionResult(OperationOutcome.Succeeded);
        };

        var run = stage.RunAsync(token: source.Token);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await source.CancelAsync();
        var result = await run.WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.Equal(OperationOutcome.Cancelled, result.Outcome);
        Assert.Equal("cancelled", (await stage.EntriesAsync()).Single().Outcome?.Outcome);
    }

    [Fact]
    public async Task Run_SameObject_OneAfterTheOther_OtherObjectsSideBySide()
    {
        await using var stage = await RunnerStage.StartAsync();
        using var gate = new SemaphoreSlim(0);
        var plans = 0;
        stage.OnPlan = () => Interlocked.Increment(ref plans);
        var inside = 0;
        stage.Execution = async (_, token) =>
        {
            Interlocked.Increment(ref inside);
            await gate.WaitAsync(token);
            return new ExecutionResult(OperationOutcome.Succeeded);
        };

        var first = stage.RunAsync(new Ping("docker01", "a", "x"));
        await UntilAsync(stage, () => Volatile.Read(ref inside) == 1);
        var second = stage.RunAsync(new Ping("docker01", "a", "x"));
        var other = stage.RunAsync(new Ping("docker01", "b", "x"));
        await UntilAsync(stage, () => Volatile.Read(ref inside) == 2);
        Assert.Equal(2, Volatile.Read(ref plans));
        Assert.Equal(3, stage.Runner.Operations.Length);

        gate.Release(3);
        Assert.All(await Task.WhenAll(first, second, other), r => Assert.Equal(OperationOutcome.Succeeded, r.Outcome));
        Assert.Equal(3, plans);
    }

    [Fact]
    public async Task Registry_ShowsProgressAndCancels()
    {
        await using var stage = await RunnerStage.StartAsync();
        var changes = 0;
        stage.Runner.Changed += () => Interlocked.Increment(ref changes);
        stage.Runner.Changed += () => throw new InvalidOperationException("a page that is gone");
        var id = Guid.NewGuid();
        stage.Execution = async (progress, token) =>
        {
            progress.Report(new OperationProgress("pull", "running", "10 %", 0.1));
            progress.Report(new OperationProgress("pull", "done", null, 1));
            progress.Report(new OperationProgress("start", "running", null, null));
            await Task.Delay(Timeout.Infinite, token);
            return new ExecutionResult(OperationOutcome.Succeeded);
        };

        var run = stage.RunAsync(context: RunnerStage.Editor with { OperationId = id }, progress: new Broken());
        await UntilAsync(stage, () => stage.Runner.Find(id) is { Steps.Length: 2 });
        var running = stage.Runner.Find(id)!;
        Assert.Equal([new("pull", "done", null, 1), new("start", "running", null, null)], running.Steps.AsEnumerable());
        Assert.Null(running.Finished);
        Assert.True(changes >= 4);

        Assert.True(stage.Runner.Cancel(id));
        Assert.Equal(OperationOutcome.Cancelled, (await run.WaitAsync(TimeSpan.FromSeconds(10), Token)).Outcome);
        var finished = Assert.Single(stage.Runner.Operations);
        Assert.True(finished.CancelRequested);
        Assert.Equal(id, finished.Result?.OperationId);
        Assert.NotNull(finished.Finished);
        Assert.False(stage.Runner.Cancel(id));
    }

    [Fact]
    public async Task Registry_KeepsTheLastFifty()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.Planned = new PlannedOperation(new Plan { Errors = [new("a", "b")] }, []);
        for (var i = 0; i < 60; i++)
        {
            await stage.RunAsync(new Ping("docker01", $"c{i}", "x"));
        }

        Assert.Equal(50, stage.Runner.Operations.Length);
        Assert.Equal("docker01/c59", stage.Runner.Operations[0].Operation.ObjectName);
    }

    [Fact]
    public async Task Outcome_DatabaseBusyForAWhile_IsRecordedWhenItIsFree()
    {
        await using var stage = await RunnerStage.StartAsync();
        // The writer's wait inside SQLite is 10 s: the lock is let go well before, so this passes through the busy wait, not the retry.
        await using var blocker = stage.Database.CreateDbContext();
        var locked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Execution = async (_, token) =>
        {
            await blocker.Database.BeginTransactionAsync(token);
            await blocker.Database.ExecuteSqlRawAsync("CREATE TABLE Blocking (Id INTEGER)", token);
            locked.SetResult();
            return new ExecutionResult(OperationOutcome.Succeeded);
        };

        var run = stage.RunAsync();
        await locked.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        await Assert.ThrowsAsync<TimeoutException>(() => run.WaitAsync(TimeSpan.FromMilliseconds(300), Token));
        await blocker.Database.CurrentTransaction!.RollbackAsync(Token);

        Assert.Equal(OperationOutcome.Succeeded, (await run.WaitAsync(TimeSpan.FromSeconds(15), Token)).Outcome);
        Assert.Equal("succeeded", (await stage.EntriesAsync()).Single().Outcome?.Outcome);
    }

    [Fact]
    public async Task Outcome_CannotBeRecorded_TheResultSaysSoAndTheIntentStaysOpen()
    {
        await using var stage = await RunnerStage.StartAsync();
        stage.Execution = (_, _) =>
        {
            stage.Database.ConnectionString += ";Mode=ReadOnly";
            return Task.FromResult(new ExecutionResult(OperationOutcome.Succeeded));
        };

        var result = await stage.RunAsync();

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Contains("could not be recorded", result.Message, StringComparison.Ordinal);
        Assert.Equal(result.OperationId, Assert.Single(await stage.Database.Log.OpenIntentsAsync(Token)).OperationId);
    }

    [Fact]
    public async Task Run_ReusedOperationId_IsFailedBeforeExecution()
    {
        await using var stage = await RunnerStage.StartAsync();
        var context = RunnerStage.Editor with { OperationId = Guid.NewGuid() };

        Assert.Equal(OperationOutcome.Succeeded, (await stage.RunAsync(context: context)).Outcome);
        Assert.Equal(OperationOutcome.Failed, (await stage.RunAsync(context: context)).Outcome);
        Assert.Equal(1, stage.Executions);
    }

    [Fact]
    public async Task Dispose_WhileRunning_CancelsAndRecords()
    {
        var stage = await RunnerStage.StartAsync();
        await using var owned = stage;
        var started = new TaskCompletionSource();
        stage.Execution = async (_, token) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            return new ExecutionResult(OperationOutcome.Succeeded);
        };
        var run = stage.RunAsync();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await stage.Runner.DisposeAsync();

        Assert.True(run.IsCompleted);
        Assert.Equal("cancelled", (await stage.EntriesAsync()).Single().Outcome?.Outcome);
    }

    [Fact]
    public async Task Dispose_WhileManyRun_EveryCallerHasItsAnswer()
    {
        var stage = await RunnerStage.StartAsync();
        await using var owned = stage;
        var started = new SemaphoreSlim(0);
        stage.Execution = async (_, token) =>
        {
            started.Release();
            await Task.Delay(Timeout.Infinite, token);
            return new ExecutionResult(OperationOutcome.Succeeded);
        };
        Task<OperationResult>[] runs = [.. Enumerable.Range(0, 40).Select(i => stage.RunAsync(new Ping("docker01", $"c{i}", "192.0.2.1")))];
        foreach (var _ in runs)
        {
            await started.WaitAsync(Token);
        }

        // Whoever stops it second waits for the same end.
        await Task.WhenAll(stage.Runner.DisposeAsync().AsTask().ContinueWith(_ => Assert.All(runs, r => Assert.True(r.IsCompleted)), Token,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default),
            stage.Runner.DisposeAsync().AsTask().ContinueWith(_ => Assert.All(runs, r => Assert.True(r.IsCompleted)), Token,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));

        Assert.All(await Task.WhenAll(runs), r => Assert.Equal(OperationOutcome.Cancelled, r.Outcome));
        Assert.All(await stage.EntriesAsync(), e => Assert.Equal("cancelled", e.Outcome?.Outcome));
    }

    [Fact]
    public async Task Run_AfterTheStop_IsRefusedAndTouchesNothing()
    {
        var stage = await RunnerStage.StartAsync();
        await using var owned = stage;
        await stage.Runner.DisposeAsync();

        var result = await stage.RunAsync();

        Assert.Equal((OperationOutcome.Refused, 0), (result.Outcome, stage.Executions));
        Assert.Contains("stopping", result.Message, StringComparison.Ordinal);
        Assert.Empty(await stage.EntriesAsync());
    }

    [Fact]
    public async Task Run_SessionEndedWhileItWaited_IsRefusedAndAudited()
    {
        await using var stage = await RunnerStage.StartAsync();
        var sessions = new SessionStore(stage.Database, TimeProvider.System);
        var ann = new ConsoleUser { UserName = "ann", SecurityStamp = "s" };
        await using (var context = stage.Database.CreateDbContext())
        {
            context.Add(ann);
            await context.SaveChangesAsync(Token);
        }

        var session = RunnerStage.Editor with { Session = await sessions.BeginAsync(ann, "192.0.2.7", Token), Source = "192.0.2.7" };
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        stage.Execution = async (_, _) =>
        {
            begun.TrySetResult();
            await release.Task;
            return new ExecutionResult(OperationOutcome.Succeeded);
        };
        var first = stage.RunAsync(context: session);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        var second = stage.RunAsync(context: session);
        await sessions.EndAsync(session.Session!.Value, Token);
        release.SetResult();

        Assert.Equal(OperationOutcome.Succeeded, (await first).Outcome);
        var refused = await second;
        Assert.Equal((OperationOutcome.Refused, 1), (refused.Outcome, stage.Executions));
        Assert.Contains("Sign in again", refused.Message, StringComparison.Ordinal);
        var entries = await stage.EntriesAsync();
        Assert.Equal(["refused", "succeeded"], entries.Select(e => e.Outcome?.Outcome));
        Assert.All(entries, e => Assert.Equal("192.0.2.7", e.Intent.Source));
    }

    [Fact]
    public async Task Run_SessionsThatCannotBeRead_ChangesNothing()
    {
        await using var stage = await RunnerStage.StartAsync();
        await stage.Database.SqlAsync("DROP TABLE Sessions");

        var result = await stage.RunAsync(context: RunnerStage.Editor with { Session = Guid.NewGuid() });

        Assert.Equal((OperationOutcome.Refused, 0), (result.Outcome, stage.Executions));
        Assert.Contains("could not find out", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutcomeStoredAlthoughTheAnswerWasAnError_IsNotCalledUnrecorded()
    {
        using var database = await TestDatabase.MigratedAsync();
        await using var stage = await RunnerStage.StartAsync(new AnswersBusyOnce(database.Log));

        var result = await stage.RunAsync();

        Assert.Equal((OperationOutcome.Succeeded, null), (result.Outcome, result.Message));
        Assert.Equal(0, stage.Backlog.Unrecorded);
    }

    private static async Task UntilAsync(RunnerStage stage, Func<bool> condition)
    {
        var changed = new TaskCompletionSource();
        void Check()
        {
            if (condition())
            {
                changed.TrySetResult();
            }
        }

        stage.Runner.Changed += Check;
        using var timer = new Timer(_ => Check(), null, 0, 20);
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);
        stage.Runner.Changed -= Check;
    }

    /// <summary>Stores the outcome and answers that the database was busy, once.</summary>
    private sealed class AnswersBusyOnce(IAuditLog log) : IAuditLog
    {
        private bool _answered;

        public Task IntentAsync(AuditIntent intent, CancellationToken cancellationToken) => log.IntentAsync(intent, cancellationToken);

        public async Task OutcomeAsync(AuditOutcome outcome, CancellationToken cancellationToken)
        {
            await log.OutcomeAsync(outcome, cancellationToken);
            if (!_answered)
            {
                _answered = true;
                throw new ConsoleDatabaseException("busy", true);
            }
        }

        public Task RecordAsync(AuditIntent intent, AuditOutcome outcome, CancellationToken cancellationToken) =>
            log.RecordAsync(intent, outcome, cancellationToken);

        public Task<ImmutableArray<AuditIntent>> OpenIntentsAsync(CancellationToken cancellationToken) => log.OpenIntentsAsync(cancellationToken);

        public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken) => log.QueryAsync(query, cancellationToken);
    }

    private sealed class Broken : IProgress<OperationProgress>
    {
        public void Report(OperationProgress value) => throw new ObjectDisposedException("circuit");
    }
}
