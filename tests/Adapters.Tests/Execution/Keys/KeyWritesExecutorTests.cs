using System.Text;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Sandbox;

namespace CalicoConsole.Adapters.Tests.Execution.Keys;

public class KeyWritesExecutorTests
{
    private const string Tags = "/calico/v1/policy/profile/web/tags";
    private const string Labels = "/calico/v1/policy/profile/web/labels";
    private const string Rules = "/calico/v1/policy/profile/web/rules";
    private readonly MemoryDatastore _store = new();

    private Task<ExecutionResult> RunAsync(params KeyWrite[] writes) =>
        new KeyWritesExecutor(_store).ExecuteAsync([.. writes], "Write the profile", new Steps(), TestContext.Current.CancellationToken);

    private static KeyWrite Put(string key, string value, Expectation expected) => new(key, Encoding.UTF8.GetBytes(value), expected);

    [Fact]
    public async Task Writes_NothingInTheWay_AreDoneInOrder()
    {
        var old = _store.Set(Rules, "old");

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent), Put(Labels, "{}", Expectation.Absent), Put(Rules, "new", Expectation.At(old)));

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Null(result.Message);
        Assert.Equal([Tags, Labels, Rules], _store.Written.Select(w => w.Key));
        Assert.Equal([new("etcd", Tags, null, "[]"), new("etcd", Labels, null, "{}"), new("etcd", Rules, "old", "new")], result.Changes.AsEnumerable());
    }

    [Fact]
    public async Task SeenIn_SnapshotBehindAndThenCurrent_TellsThemApart()
    {
        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent));
        var written = (await _store.ReadAsync(Tags, TestContext.Current.CancellationToken))!;

        var behind = new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = written.Revision - 1 } };
        Assert.False(result.SeenIn!(behind));
        Assert.True(result.SeenIn(new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = written.Revision } }));
        Assert.True(result.SeenIn(behind with { Calico = behind.Calico with { Keys = KeyTree.From([written]) } }));
    }

    [Fact]
    public async Task EmptyDirectory_Alone_IsAChangeThatTheSnapshotMustShow()
    {
        using var keys = new InMemoryEtcdKeys(TimeProvider.System);
        var token = TestContext.Current.CancellationToken;
        await keys.MakeDirectoryAsync("/calico/v1/host/r1/workload", token);
        var executor = new KeyWritesExecutor(new EtcdV2Datastore(keys, TimeProvider.System));
        var write = new KeyWrite("/calico/v1/host/r1", null, Expectation.Any) { EmptyDirectory = true };

        var result = await executor.ExecuteAsync([write], "delete node", new Steps(), token);

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Equal(new DocumentChange("etcd", "/calico/v1/host/r1", "", null), Assert.Single(result.Changes));
        var index = (await keys.GetAsync("/", false, true, token)).Index;
        Assert.False(result.SeenIn!(new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = index - 1 } }));
        Assert.True(result.SeenIn(new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = index } }));
        Assert.Equal(OperationOutcome.Unchanged, (await executor.ExecuteAsync([write], "delete node", new Steps(), token)).Outcome);
    }

    [Fact]
    public async Task Conflict_SeenBeforehand_WritesNothingAndShowsTheCurrentDocument()
    {
        var seen = _store.Set(Rules, "old");
        _store.Set(Rules, "somebody else's");

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent), Put(Rules, "mine", Expectation.At(seen)));

        Assert.Equal(OperationOutcome.Conflict, result.Outcome);
        Assert.Contains("somebody else's", result.Message, StringComparison.Ordinal);
        Assert.Contains(Rules, result.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Written);
    }

    [Fact]
    public async Task Conflict_Midway_IsUndoneNewestFirst()
    {
        var tags = _store.Set(Tags, "[\"old\"]");
        var labels = _store.Set(Labels, "{}");
        var rules = _store.Set(Rules, "old");
        _store.BeforeWrite = (n, _) =>
        {
            if (n == 2)
            {
                _store.Set(Rules, "theirs");
            }
        };

        var result = await RunAsync(
            Put(Tags, "[\"new\"]", Expectation.At(tags)), new KeyWrite(Labels, null, Expectation.At(labels)), Put(Rules, "mine", Expectation.At(rules)));

        Assert.Equal(OperationOutcome.Conflict, result.Outcome);
        Assert.Contains("theirs", result.Message, StringComparison.Ordinal);
        Assert.Empty(result.Changes);
        Assert.Equal(("[\"old\"]", "{}", "theirs"), (_store.Text(Tags), _store.Text(Labels), _store.Text(Rules)));
        Assert.Equal([Tags, Labels, Rules, Labels, Tags], _store.Written.Select(w => w.Key));
    }

    [Fact]
    public async Task Conflict_UndoIsInConflictToo_IsPartialAndNamesWhatIsThere()
    {
        var rules = _store.Set(Rules, "old");
        _store.BeforeWrite = (n, _) =>
        {
            if (n == 1)
            {
                _store.Set(Rules, "theirs");
                _store.Set(Tags, "[\"theirs\"]");
            }
        };

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent), Put(Rules, "mine", Expectation.At(rules)));

        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Contains($"{Tags} is now", result.Message, StringComparison.Ordinal);
        Assert.Contains("[\"theirs\"]", result.Message, StringComparison.Ordinal);
        Assert.Equal(Tags, Assert.Single(result.Changes).Object);
        Assert.Equal("[\"theirs\"]", _store.Text(Tags));
    }

    [Fact]
    public async Task Refusal_Midway_IsUndoneAndFailed()
    {
        _store.BeforeWrite = (n, w) =>
        {
            if (n == 1)
            {
                throw new EtcdException(EtcdException.Unauthorized, 401, "The request requires user authentication", w.Key, 1);
            }
        };

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent), Put(Rules, "mine", Expectation.Absent));

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("requires user authentication", result.Message, StringComparison.Ordinal);
        Assert.Null(_store.Text(Tags));
    }

    [Fact]
    public async Task LostAnswer_WriteWasDone_GoesOn()
    {
        var rules = _store.Set(Rules, "old");
        _store.AfterWrite = (n, _) =>
        {
            if (n == 0)
            {
                throw new EtcdUnavailableException("connection reset") { MayHaveHappened = true };
            }
        };

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent), Put(Rules, "mine", Expectation.At(rules)));

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Equal(2, result.Changes.Length);
        Assert.Equal(("[]", "mine"), (_store.Text(Tags), _store.Text(Rules)));
    }

    [Fact]
    public async Task LostAnswer_OfADeletion_IsSeenOnlyWhenTheKeyIsGone()
    {
        var rules = _store.Set(Rules, "old");
        var before = (await _store.ReadAsync(Rules, TestContext.Current.CancellationToken))!;
        _store.AfterWrite = (_, _) => throw new EtcdUnavailableException("connection reset") { MayHaveHappened = true };

        var result = await RunAsync(new KeyWrite(Rules, null, Expectation.At(rules)));

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.False(result.SeenIn!(new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = rules, Keys = KeyTree.From([before]) } }));
        Assert.True(result.SeenIn(new ClusterSnapshot { Calico = CalicoState.Empty with { Revision = rules } }));
    }

    [Fact]
    public async Task LostAnswer_StoreGoneForGood_IsPartialAndSaysThatItIsNotKnown()
    {
        _store.AfterWrite = (n, _) =>
        {
            if (n == 1)
            {
                _store.BeforeRead = _ => throw new EtcdUnavailableException("no endpoint");
                throw new EtcdUnavailableException("connection reset") { MayHaveHappened = true };
            }
        };

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent), Put(Rules, "mine", Expectation.Absent));

        Assert.Equal(OperationOutcome.Partial, result.Outcome);
        Assert.Contains("not known", result.Message, StringComparison.Ordinal);
        Assert.NotNull(result.LookAgainAfter);
        Assert.Contains(Tags, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnreachableStore_RequestNeverLeft_FailsAndLeavesNothing()
    {
        _store.BeforeWrite = (n, _) =>
        {
            if (n == 1)
            {
                throw new EtcdUnavailableException("connection refused");
            }
        };

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent), Put(Rules, "mine", Expectation.Absent));

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Null(_store.Text(Tags));
        Assert.Null(_store.Text(Rules));
    }

    [Fact]
    public async Task SameKeyTwice_SecondExpectsTheFirstOnesRevision()
    {
        var revision = _store.Set(Rules, "enabled");

        var result = await RunAsync(Put(Rules, "disabled", Expectation.At(revision)), new KeyWrite(Rules, null, Expectation.At(revision)));

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Null(_store.Text(Rules));
    }

    [Fact]
    public async Task SameKeyTwice_LaterConflict_RestoresTheFirstValue()
    {
        var revision = _store.Set(Rules, "enabled");
        _store.BeforeWrite = (n, _) =>
        {
            if (n == 2)
            {
                _store.Set(Tags, "theirs");
            }
        };

        var result = await RunAsync(
            Put(Rules, "disabled", Expectation.At(revision)), new KeyWrite(Rules, null, Expectation.At(revision)), Put(Tags, "[]", Expectation.Absent));

        Assert.Equal(OperationOutcome.Conflict, result.Outcome);
        Assert.Equal("enabled", _store.Text(Rules));
    }

    [Fact]
    public async Task AlreadySo_IsUnchanged()
    {
        _store.Set(Tags, "[]");

        var result = await RunAsync(Put(Tags, "[]", Expectation.Any), new KeyWrite(Rules, null, Expectation.Any));

        Assert.Equal(OperationOutcome.Unchanged, result.Outcome);
        Assert.Empty(_store.Written);
    }

    [Fact]
    public async Task EmptyDirectory_IsRemovedLast()
    {
        var tags = _store.Set(Tags, "[]");
        var directory = new KeyWrite("/calico/v1/policy/profile/web", null, Expectation.Any) { EmptyDirectory = true };

        var result = await RunAsync(new KeyWrite(Tags, null, Expectation.At(tags)), directory);

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Equal(Tags, Assert.Single(result.Changes).Object);
        Assert.Same(directory, _store.Written[^1]);
    }

    [Fact]
    public async Task Cancelled_BeforeTheFirstWrite_ThrowsAndWritesNothing()
    {
        using var source = new CancellationTokenSource();
        _store.BeforeRead = _ => source.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new KeyWritesExecutor(_store).ExecuteAsync(
            [Put(Tags, "[]", Expectation.Absent)], "step", new Steps(), source.Token));
        Assert.Empty(_store.Written);
    }

    [Fact]
    public async Task Cancelled_AfterTheFirstWrite_RunsToItsEnd()
    {
        using var source = new CancellationTokenSource();
        _store.AfterWrite = (_, _) => source.Cancel();

        var result = await new KeyWritesExecutor(_store).ExecuteAsync(
            [Put(Tags, "[]", Expectation.Absent), Put(Rules, "x", Expectation.Absent)], "step", new Steps(), source.Token);

        Assert.Equal(OperationOutcome.Succeeded, result.Outcome);
        Assert.Equal("x", _store.Text(Rules));
    }

    [Fact]
    public async Task UnreadableStore_BeforeTheChange_FailsWithoutWriting()
    {
        _store.BeforeRead = _ => throw new EtcdUnavailableException("http://127.0.0.1:1: connection refused");

        var result = await RunAsync(Put(Tags, "[]", Expectation.Absent));

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains("connection refused", result.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Written);
    }
}
