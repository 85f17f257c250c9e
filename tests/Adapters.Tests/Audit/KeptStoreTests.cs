using System.Text;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Adapters.Datastore;
using CalicoConsole.Adapters.Execution.Keys;
using CalicoConsole.Adapters.Tests.Execution;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Tests.Audit;

public sealed class KeptStoreTests : IAsyncLifetime
{
    private static readonly string Key = KeptKeys.For(KeptKinds.Assertion, "web/db on 5432");
    private TestDatabase _database = null!;
    private KeptStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.MigratedAsync();
        _store = new KeptStore(_database, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Key_Written_IsReadBackAndNamesItsItem()
    {
        var written = await _store.WriteAsync(Set("{}", Expectation.Absent), Token);

        var read = await _store.ReadAsync(Key, Token);
        Assert.Equal((true, "{}", written.Revision), (written.Done, read!.Text, read.Revision));
        Assert.Equal((KeptKinds.Assertion, "web/db on 5432"), KeptKeys.Parse(read.Key));
        Assert.Equal(Key, Assert.Single(await _store.ReadAllAsync("/console/assertion", Token)).Key);
        Assert.Empty(await _store.ReadAllAsync("/console/draft", Token));
    }

    [Fact]
    public async Task Write_OfAnotherRevisionThanExpected_ChangesNothingAndTellsWhatIsThere()
    {
        var first = await _store.WriteAsync(Set("1", Expectation.Absent), Token);
        Assert.True((await _store.WriteAsync(Set("2", Expectation.At(first.Revision)), Token)).Done);

        foreach (var late in new[] { Set("3", Expectation.At(first.Revision)), Set("3", Expectation.Absent),
            new KeyWrite(Key, null, Expectation.At(first.Revision)) })
        {
            var refused = await _store.WriteAsync(late, Token);
            Assert.Equal((false, "2"), (refused.Done, refused.Current!.Text));
        }

        Assert.Equal("2", (await _store.ReadAsync(Key, Token))!.Text);
    }

    [Fact]
    public async Task Revision_IsNeverUsedTwice_EvenAfterADeletion()
    {
        var first = await _store.WriteAsync(Set("1", Expectation.Absent), Token);
        Assert.True((await _store.WriteAsync(new KeyWrite(Key, null, Expectation.At(first.Revision)), Token)).Done);
        var second = await _store.WriteAsync(Set("1", Expectation.Absent), Token);

        Assert.True(second.Revision > first.Revision);
        Assert.False((await _store.WriteAsync(Set("2", Expectation.At(first.Revision)), Token)).Done);
    }

    [Fact]
    public async Task Follower_SeesTheListingAndEachChange()
    {
        await _store.WriteAsync(Set("1", Expectation.Absent), Token);
        await using var updates = _store.FollowAsync(Token).GetAsyncEnumerator(Token);
        await updates.MoveNextAsync();
        Assert.Equal("1", Assert.Single(Assert.IsType<DatastoreUpdate.Listing>(updates.Current).Keys).Text);
        await updates.MoveNextAsync();
        Assert.IsType<DatastoreUpdate.Live>(updates.Current);

        await _store.WriteAsync(Set("2", Expectation.Any), Token);
        await updates.MoveNextAsync();
        Assert.Equal("2", Assert.IsType<DatastoreUpdate.Change>(updates.Current).Value!.Text);
        await _store.WriteAsync(new KeyWrite(Key, null, Expectation.Any), Token);
        await updates.MoveNextAsync();
        Assert.Null(Assert.IsType<DatastoreUpdate.Change>(updates.Current).Value);
    }

    [Fact]
    public async Task Database_ThatFails_IsAnUnavailableDatastore()
    {
        await _database.SqlAsync("DROP TABLE Kept");

        await Assert.ThrowsAsync<EtcdUnavailableException>(() => _store.ReadAsync(Key, Token));
    }

    [Fact]
    public async Task Change_OverBothStores_IsUndoneInBothWhenTheLastWriteConflicts()
    {
        const string tags = "/calico/v1/policy/profile/web/tags";
        var cluster = new MemoryDatastore();
        var seen = cluster.Set(tags, "[]");
        cluster.BeforeWrite = (_, write) => cluster.Set(write.Key, """["theirs"]""");

        var result = await new KeyWritesExecutor(new RoutedDatastore(cluster, _store)).ExecuteAsync(
            [Set("{}", Expectation.Absent), new KeyWrite(tags, Bytes("""["ours"]"""), Expectation.At(seen))], "keep", new Progress<OperationProgress>(), Token);

        Assert.Equal(OperationOutcome.Conflict, result.Outcome);
        Assert.Null(await _store.ReadAsync(Key, Token));
        Assert.Equal("""["theirs"]""", cluster.Text(tags));
    }

    private static KeyWrite Set(string value, Expectation expected) => new(Key, Bytes(value), expected);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
