using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Execution.Intents;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Adapters.Tests.Execution.Runner;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.Extensions.Logging.Abstractions;

namespace CalicoConsole.Adapters.Tests.Execution.Intents;

/// <summary>Entries that the audit log did not take, or whose end nobody knew, are recorded once that is possible.</summary>
public sealed class AuditBacklogTests : IAsyncLifetime
{
    private const string Key = "/calico/v1/policy/profile/web/tags";
    private readonly MemoryDatastore _store = new();
    private readonly CancellationTokenSource _stop = new();
    private RunnerStage _stage = null!;
    private Task _feed = Task.CompletedTask;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await RunnerStage.StartAsync();
        var resolver = new OpenIntentResolver(_stage.Database.Log, _store, new NoHosts(), TimeProvider.System, NullLogger<OpenIntentResolver>.Instance);
        var database = new ConsoleDatabase(_stage.Database, TimeProvider.System, NullLogger<ConsoleDatabase>.Instance);
        _feed = new AuditFeed(_stage.Backlog, resolver, database, _stage.State).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)_feed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stage.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Outcome_DatabaseDoesNotTakeIt_IsShownAndRecordedLater()
    {
        var writable = _stage.Database.ConnectionString;
        _stage.Execution = (_, _) =>
        {
            _stage.Database.ConnectionString += ";Mode=ReadOnly";
            return Task.FromResult(new ExecutionResult(OperationOutcome.Succeeded));
        };
        var done = await _stage.RunAsync();
        Assert.Equal(OperationOutcome.Succeeded, done.Outcome);

        var detail = (await FeedAsync(FeedStatus.Stale)).Detail;
        Assert.Contains("is read-only", detail, StringComparison.Ordinal);
        Assert.Contains("1 operation that came to an end", detail, StringComparison.Ordinal);
        var refused = await _stage.RunAsync();
        Assert.Equal(OperationOutcome.Failed, refused.Outcome);
        Assert.Equal(1, _stage.Executions);

        _stage.Database.ConnectionString = writable;
        await FeedAsync(FeedStatus.Live);
        Assert.Equal((done.OperationId, "succeeded"), (await _stage.EntriesAsync()).Select(e => (e.Intent.OperationId, e.Outcome!.Outcome)).Single());
    }

    [Theory]
    [InlineData(true, "foundDone")]
    [InlineData(false, "foundNotDone")]
    public async Task End_NotKnown_IsFoundOutWhenTheStoreAnswers(bool done, string expected)
    {
        var write = new KeyWrite(Key, "[]"u8.ToArray(), Expectation.Absent);
        _stage.Planned = new PlannedOperation(new Plan(), [write]);
        _stage.Execution = (_, _) => Task.FromResult(new ExecutionResult(OperationOutcome.Partial) { Message = "It broke.", LookAgainAfter = TimeSpan.Zero });
        _store.BeforeRead = _ => throw new EtcdUnavailableException("no endpoint");

        var result = await _stage.RunAsync();
        Assert.Equal((OperationOutcome.Partial, true), (result.Outcome, result.EndUnknown));
        Assert.StartsWith("It broke. The console checks again", result.Message, StringComparison.Ordinal);
        Assert.NotNull(await _stage.State.WaitForAsync(s =>
            s.Feeds.Any(f => f.Name == AuditFeed.FeedName && f.Detail?.StartsWith("1 operation whose end", StringComparison.Ordinal) == true),
            TimeSpan.FromSeconds(20), Token));
        Assert.Null((await _stage.EntriesAsync()).Single().Outcome);

        if (done)
        {
            _store.Set(Key, "[]");
        }

        _store.BeforeRead = null;
        Assert.NotNull(await _stage.State.WaitForAsync(s => s.Feeds.Any(f => f.Name == AuditFeed.FeedName && f.Detail is null), TimeSpan.FromSeconds(20),
            Token));
        var outcome = (await _stage.EntriesAsync()).Single().Outcome!;
        Assert.Equal(expected, outcome.Outcome);
        Assert.StartsWith($"It broke. Found afterwards: {Key} is as {(done ? "wanted" : "before")}", outcome.Message, StringComparison.Ordinal);
    }

    /// <summary>A request that etcd had taken before it froze may be carried out after it answers again: not done is believed only after a while.</summary>
    [Fact]
    public async Task End_DoneALittleLater_IsFoundDone()
    {
        _stage.Planned = new PlannedOperation(new Plan(), [new KeyWrite(Key, "[]"u8.ToArray(), Expectation.Absent)]);
        _stage.Execution = (_, _) =>
            Task.FromResult(new ExecutionResult(OperationOutcome.Partial) { Message = "It broke.", LookAgainAfter = TimeSpan.FromMinutes(5) });
        var looked = 0;
        _store.BeforeRead = _ =>
        {
            if (++looked == 2)
            {
                _store.Set(Key, "[]");
            }
        };

        await _stage.RunAsync();

        Assert.NotNull(await _stage.State.WaitForAsync(s => looked >= 2 && s.Feeds.Any(f => f.Name == AuditFeed.FeedName && f.Detail is null),
            TimeSpan.FromSeconds(20), Token));
        Assert.Equal("foundDone", (await _stage.EntriesAsync()).Single().Outcome!.Outcome);
    }

    private async Task<FeedState> FeedAsync(FeedStatus status)
    {
        var seen = await _stage.State.WaitForAsync(s => s.Feeds.Any(f => f.Name == AuditFeed.FeedName && f.Status == status), TimeSpan.FromSeconds(20), Token);
        Assert.True(seen is not null, $"the feed is not {status}: {string.Join(", ", _stage.State.Current.Feeds)}");
        return seen!.Feeds.Single(f => f.Name == AuditFeed.FeedName);
    }

    private sealed class NoHosts : IDockerHosts
    {
        public ImmutableArray<IDockerHost> All => [];

        public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IDockerHost? host)
        {
            host = null;
            return false;
        }
    }
}
