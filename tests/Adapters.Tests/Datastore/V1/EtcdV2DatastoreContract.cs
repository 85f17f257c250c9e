using System.Globalization;
using System.Text;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Datastore.V1;

/// <summary>Following and writing the v1 datastore, on a real etcd and on the store in memory.</summary>
public abstract class EtcdV2DatastoreContract
{
    private readonly string _root = $"/t{Guid.NewGuid():N}";

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract IEtcdKeys Keys { get; }

    private EtcdV2Datastore Datastore => new(Keys, TimeProvider.System, _root);

    [Fact]
    public async Task Follow_MissingRoot_IsEmptyAndLiveAndHearsTheFirstKey()
    {
        await using var follower = new DatastoreFollower(Datastore);
        await follower.UntilAsync(f => f.IsLive, "live");
        Assert.Empty(Assert.IsType<DatastoreUpdate.Listing>(follower.Updates[0]).Keys);

        await PutAsync("/a/b", "1");
        await follower.UntilAsync(f => f.View is [_], "the first key");
        Assert.Equal([$"{_root}/a/b=1"], follower.View);
        Assert.Single(follower.Updates, u => u is DatastoreUpdate.Listing);
    }

    [Fact]
    public async Task Follow_EveryKindOfChange_KeepsTheViewEqualToTheStore()
    {
        await PutAsync("/v1/host/h%2f1/config/x", "1");
        await PutAsync("/v1/host/h2/deep/er/and/deeper", "1");
        await PutAsync("/v1/Ready", "true");
        await PutAsync("/ttl", "1", timeToLive: TimeSpan.FromSeconds(1));
        await using var follower = new DatastoreFollower(Datastore);
        await follower.UntilAsync(f => f.IsLive, "live");

        await PutAsync("/v1/host/h%2f1/config/x", "2");
        var made = await PutAsync("/v1/host/h3/new", "1", EtcdCondition.Absent);
        await PutAsync("/v1/host/h3/new", "2", EtcdCondition.AtIndex(made.Node.ModifiedIndex));
        await Keys.MakeDirectoryAsync($"{_root}/v1/empty", Ct);
        await Keys.DeleteAsync($"{_root}/v1/host/h2", EtcdDeletion.Recursive, EtcdCondition.None, Ct);
        await Keys.DeleteAsync($"{_root}/v1/Ready", EtcdDeletion.Key, EtcdCondition.None, Ct);
        await PutAsync("/v1/last", "");
        await follower.UntilAsync(f => f.View.Contains($"{_root}/v1/last=") && !f.View.Any(k => k.Contains("ttl", StringComparison.Ordinal)),
            "the last change and the expiry");

        Assert.Equal([$"{_root}/v1/host/h%2f1/config/x=2", $"{_root}/v1/host/h3/new=2", $"{_root}/v1/last="], follower.View);
        Assert.Single(follower.Updates, u => u is DatastoreUpdate.Listing);
        Assert.Single(follower.Updates, u => u is DatastoreUpdate.Change { Subtree: true });
        Assert.Single(follower.Updates, u => u is DatastoreUpdate.Live);
    }

    [Fact]
    public async Task Follow_DirectoryAboveTheRootRemoved_EmptiesTheView()
    {
        await PutAsync("/network/v1.0/a/b", "1");
        await using var follower = new DatastoreFollower(new EtcdV2Datastore(Keys, TimeProvider.System, $"{_root}/network/v1.0"));
        await follower.UntilAsync(f => f.IsLive && f.View.Length == 1, "live");
        await Keys.DeleteAsync(_root, EtcdDeletion.Recursive, EtcdCondition.None, Ct);
        await follower.UntilAsync(f => f.View.Length == 0, "empty");
        Assert.Equal($"{_root}/network/v1.0", follower.Updates.OfType<DatastoreUpdate.Change>().Single().Key);
    }

    [Fact]
    public async Task Follow_Directories_AreListedAndFollowed()
    {
        await PutAsync("/v1/host/h1/endpoint/e", "1");
        await Keys.DeleteAsync($"{_root}/v1/host/h1/endpoint/e", EtcdDeletion.Key, EtcdCondition.None, Ct);
        await Keys.MakeDirectoryAsync($"{_root}/v1/ipam", Ct);
        await Keys.MakeDirectoryAsync($"{_root}/v1/host/h2", Ct);
        await Keys.MakeDirectoryAsync($"{_root}/v1/host/h3/workload/o/w", Ct);
        await PutAsync("/v1/host/h4/metadata", "1");
        await using var follower = new DatastoreFollower(Datastore);
        await follower.UntilAsync(f => f.IsLive, "live");
        Assert.Equal(
            ["/v1/host/h1/endpoint", "/v1/host/h2", "/v1/host/h3/workload/o/w", "/v1/ipam"],
            Assert.IsType<DatastoreUpdate.Listing>(follower.Updates[0]).EmptyDirectories.Select(d => d[_root.Length..]).Order(StringComparer.Ordinal));

        await Keys.MakeDirectoryAsync($"{_root}/v1/host/h5/config", Ct);
        await Keys.DeleteAsync($"{_root}/v1/host/h2", EtcdDeletion.EmptyDirectory, EtcdCondition.None, Ct);
        await Keys.DeleteAsync($"{_root}/v1/host/h3", EtcdDeletion.Recursive, EtcdCondition.None, Ct);
        await PutAsync("/v1/end", "end");
        await follower.UntilAsync(f => f.View.Contains($"{_root}/v1/end=end"), "the end");
        Assert.Equal(
            [("/v1/host/h5/config", false, true), ("/v1/host/h2", true, false), ("/v1/host/h3", true, false), ("/v1/end", false, false)],
            follower.Updates.OfType<DatastoreUpdate.Change>().Select(c => (c.Key[_root.Length..], c.Subtree, c.Directory)));
    }

    [Fact]
    public async Task Write_EmptyDirectory_SaysWhetherOneWasRemoved()
    {
        await Keys.MakeDirectoryAsync($"{_root}/h1/workload", Ct);
        await PutAsync("/h2/x", "1");
        Task<KeyWriteResult> Remove(string name) => Datastore.WriteAsync(new KeyWrite(_root + name, null, Expectation.Any) { EmptyDirectory = true }, Ct);

        var removed = await Remove("/h1");
        Assert.True(removed.DirectoryRemoved);
        Assert.Equal(removed.Revision, (await Keys.GetAsync(_root, true, true, Ct)).Index);
        Assert.False((await Remove("/h1")).DirectoryRemoved);
        Assert.False((await Remove("/h2")).DirectoryRemoved);
    }

    [Fact]
    public async Task Follow_WritersAllTheTime_EndsWithTheStoresOwnView()
    {
        for (var i = 0; i < 60; i++)
        {
            await PutAsync($"/v1/host/h{i % 6}/workload/w{i}", "0");
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writing = Task.WhenAll(Enumerable.Range(0, 3).Select(w => Task.Run(async () =>
        {
            var random = new Random(w);
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                var directory = $"/v1/host/h{random.Next(6)}";
                await WriteOneAsync(random.Next(12), directory, $"{directory}/workload/w{random.Next(60)}", n.ToString(CultureInfo.InvariantCulture));
            }
        }, Ct)));

        // Each follower lists while the writers write.
        for (var round = 0; round < 5; round++)
        {
            await using var follower = new DatastoreFollower(Datastore);
            await follower.UntilAsync(f => f.IsLive && f.Updates.Count > 50, "live under writes");
            if (round == 4)
            {
                await enough.CancelAsync();
                await writing;
                await PutAsync("/v1/end", "end");
                await follower.UntilAsync(f => f.View.Contains($"{_root}/v1/end=end"), "the end");
                var stored = await Datastore.ReadAllAsync(_root, Ct);
                Assert.Equal(stored.Select(k => $"{k.Key}={k.Text}"), follower.View);
            }

            // Revisions of changes only ever grow.
            var revisions = follower.Updates.OfType<DatastoreUpdate.Change>().Select(c => c.Revision).ToArray();
            Assert.Equal(revisions.Order().Distinct(), revisions);
        }
    }

    [Fact]
    public async Task Write_CompareAndSwap_SaysWhatStandsThere()
    {
        var key = $"{_root}/k";
        var missing = await WriteAsync(key, "x", Expectation.At(5));
        var created = await WriteAsync(key, "1", Expectation.Absent);
        var exists = await WriteAsync(key, "x", Expectation.Absent);
        var updated = await WriteAsync(key, "2", Expectation.At(created.Revision));
        var stale = await WriteAsync(key, "x", Expectation.At(created.Revision));
        var staleDelete = await WriteAsync(key, null, Expectation.At(created.Revision));
        var deleted = await WriteAsync(key, null, Expectation.At(updated.Revision));
        var deletedAgain = await WriteAsync(key, null, Expectation.Any);

        Assert.Equal((false, null), (missing.Done, missing.Current));
        Assert.Equal((true, null), (created.Done, created.Current));
        Assert.Equal((false, "1", created.Revision), (exists.Done, exists.Current!.Text, exists.Current.Revision));
        Assert.Equal(created.Revision + 1, updated.Revision);
        Assert.Equal((false, "2"), (stale.Done, stale.Current!.Text));
        Assert.Equal((false, "2"), (staleDelete.Done, staleDelete.Current!.Text));
        Assert.Equal((true, updated.Revision + 1), (deleted.Done, deleted.Revision));
        Assert.Equal((false, null), (deletedAgain.Done, deletedAgain.Current));
        Assert.Null(await Datastore.ReadAsync(key, Ct));
    }

    [Fact]
    public async Task Write_EmptyDirectory_RemovesOnlyAnEmptyDirectory()
    {
        await PutAsync("/d/e/f", "1");
        Task<KeyWriteResult> Remove(string name) => Datastore.WriteAsync(new KeyWrite(_root + name, null, Expectation.Any) { EmptyDirectory = true }, Ct);

        Assert.True((await Remove("/d/e")).Done);
        Assert.True((await Remove("/d/e/f")).Done);
        Assert.True((await Remove("/none/at/all")).Done);
        Assert.Equal("1", (await Datastore.ReadAsync($"{_root}/d/e/f", Ct))!.Text);
        await WriteAsync($"{_root}/d/e/f", null, Expectation.Any);
        Assert.True((await Remove("/d/e")).Done);
        Assert.Empty((await Keys.GetAsync($"{_root}/d", true, true, Ct)).Node.Nodes);

        // What earlier deletions left within goes with it, and a key anywhere within keeps it.
        await PutAsync("/h/workload/o/w", "1");
        await PutAsync("/h/endpoint/e", "1");
        await WriteAsync($"{_root}/h/workload/o/w", null, Expectation.Any);
        Assert.True((await Remove("/h")).Done);
        Assert.Equal(2, (await Keys.GetAsync($"{_root}/h", true, true, Ct)).Node.Nodes.Length);
        await WriteAsync($"{_root}/h/endpoint/e", null, Expectation.Any);
        Assert.True((await Remove("/h")).Done);
        Assert.DoesNotContain($"{_root}/h", (await Keys.GetAsync(_root, true, true, Ct)).Node.Nodes.Select(n => n.Key));
    }

    [Fact]
    public async Task ReadAll_IsSortedByKeyAndEmptyWhereThereIsNothing()
    {
        foreach (var name in new[] { "/a/c", "/a-b", "/a/b/x", "/Z" })
        {
            await PutAsync(name, "1");
        }

        var all = await Datastore.ReadAllAsync(_root, Ct);
        Assert.Equal(["/Z", "/a-b", "/a/b/x", "/a/c"], all.Select(k => k.Key[_root.Length..]));
        Assert.Empty(await Datastore.ReadAllAsync($"{_root}/none", Ct));
        Assert.Null(await Datastore.ReadAsync($"{_root}/a", Ct));
    }

    private async Task WriteOneAsync(int what, string directory, string key, string value)
    {
        try
        {
            await (what switch
            {
                0 => Keys.DeleteAsync(_root + directory, EtcdDeletion.Recursive, EtcdCondition.None, Ct),
                1 or 2 => Keys.DeleteAsync(_root + key, EtcdDeletion.Key, EtcdCondition.None, Ct),
                _ => PutAsync(key, value),
            });
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            // Another writer removed it first.
        }
    }

    private Task<KeyWriteResult> WriteAsync(string key, string? value, Expectation expected) =>
        Datastore.WriteAsync(new KeyWrite(key, value is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(value), expected), Ct);

    private Task<EtcdAnswer> PutAsync(string key, string value, EtcdCondition condition = default, TimeSpan? timeToLive = null) =>
        Keys.PutAsync(_root + key, Encoding.UTF8.GetBytes(value), condition, timeToLive, Ct);
}
