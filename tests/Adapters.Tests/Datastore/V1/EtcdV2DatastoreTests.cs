using System.Text;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Adapters.Tests.Etcd;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Datastore.V1;

/// <summary>The contract on a real etcd.</summary>
[NeedsPrograms]
public sealed class EtcdV2DatastoreContractTests(SharedEtcd etcd) : EtcdV2DatastoreContract, IClassFixture<SharedEtcd>
{
    protected override IEtcdKeys Keys => etcd.Keys;
}

/// <summary>The contract on the store in memory.</summary>
public sealed class EtcdV2DatastoreInMemoryTests : EtcdV2DatastoreContract, IDisposable
{
    private readonly InMemoryEtcdKeys _keys = new(TimeProvider.System);

    protected override IEtcdKeys Keys => _keys;

    public void Dispose() => _keys.Dispose();
}

/// <summary>Following a real etcd that dies, freezes, comes back empty or forgets its history.</summary>
[NeedsPrograms]
public sealed class EtcdV2DatastoreFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follow_KilledAndStarted_IsLostThenListedAndLive()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(server);
        await PutAsync(keys, "/calico/a", "1");
        await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
        await follower.UntilAsync(f => f.IsLive, "live");

        await server.KillAsync();
        await follower.UntilAsync(f => f.Updates[^1] is DatastoreUpdate.Lost, "lost");
        Assert.Contains(server.Endpoint, ((DatastoreUpdate.Lost)follower.Updates[^1]).Reason, StringComparison.Ordinal);
        await server.StartAgainAsync(Ct);
        await PutAsync(keys, "/calico/b", "2");
        await follower.UntilAsync(f => f.IsLive && f.View.Length == 2, "live with both keys");

        Assert.Contains("answers again", follower.Updates.OfType<DatastoreUpdate.Listing>().Last().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_DirectoryWithATimeToLive_IsSeenToComeAndToExpire()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(server);
        using var http = server.NewClient();
        await PutAsync(keys, "/calico/v1/host/stays", "1");
        await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
        await follower.UntilAsync(f => f.IsLive, "live");

        async Task MakeAsync(string query)
        {
            using var answer = await http.PutAsync(new Uri($"{server.Endpoint}/v2/keys/calico/v1/host/brief?dir=true&{query}"), null, Ct);
            answer.EnsureSuccessStatusCode();
        }

        await MakeAsync("ttl=30");
        await MakeAsync("prevExist=true&ttl=1");
        await follower.UntilAsync(f => f.Updates.OfType<DatastoreUpdate.Change>().Any(c => c.Subtree), "its end");
        Assert.Equal([(false, true), (true, false)], follower.Updates.OfType<DatastoreUpdate.Change>().Select(c => (c.Subtree, c.Directory)));

        // A key that becomes a directory is a key no more.
        await PutAsync(keys, "/calico/v1/host/turned", "1");
        using var turned = await http.PutAsync(new Uri($"{server.Endpoint}/v2/keys/calico/v1/host/turned?dir=true"), null, Ct);
        turned.EnsureSuccessStatusCode();
        await follower.UntilAsync(f => f.Updates[^1] is DatastoreUpdate.Change { Directory: true, Key: "/calico/v1/host/turned" }, "the directory");
        Assert.Equal(["/calico/v1/host/stays=1"], follower.View);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Follow_RestoredEmpty_ForgetsWhatWas(bool sameClusterId)
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(server);
        for (var i = 0; i < 20; i++)
        {
            await PutAsync(keys, $"/calico/old{i}", "1");
        }

        await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
        await follower.UntilAsync(f => f.IsLive && f.View.Length == 20, "live");
        await server.StopAsync(Ct);
        server.Wipe(sameClusterId);
        await server.StartAgainAsync(Ct);
        await PutAsync(keys, "/calico/new", "1");
        await follower.UntilAsync(f => f.IsLive && f.View is ["/calico/new=1"], "only the new key");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Follow_RestoredBetweenTwoPolls_IsNoticedByTheHeaders(bool sameClusterId)
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var client = Client(server);
        var keys = new GatedEtcdKeys(client);
        for (var i = 0; i < 20; i++)
        {
            await PutAsync(keys, $"/calico/old{i}", "1");
        }

        keys.Close();
        await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
        await follower.UntilAsync(f => f.View.Length == 20, "listed");
        await server.StopAsync(Ct);
        server.Wipe(sameClusterId);
        await server.StartAgainAsync(Ct);
        keys.Open();
        await follower.UntilAsync(f => f.IsLive && f.View.Length == 0, "empty and live");
        Assert.DoesNotContain(follower.Updates, u => u is DatastoreUpdate.Lost);
        Assert.Contains(sameClusterId ? "index" : "cluster", follower.Updates.OfType<DatastoreUpdate.Listing>().Last().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_EventIndexCleared_ListsAgainAndSaysWhy()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var client = Client(server);
        var keys = new GatedEtcdKeys(client);
        await PutAsync(keys, "/calico/a", "1");
        keys.Close();
        await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
        await follower.UntilAsync(f => f.View.Length == 1, "listed");

        await PutAsync(keys, "/calico/a", "2");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async w =>
        {
            for (var i = 0; i < 140; i++)
            {
                await PutAsync(keys, $"/elsewhere/{w}", "x");
            }
        }));
        keys.Open();
        await follower.UntilAsync(f => f.IsLive && f.View is ["/calico/a=2"], "the change that history lost");
        Assert.Contains("1000", follower.Updates.OfType<DatastoreUpdate.Listing>().Last().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_Frozen_IsLostAndRecoversSoonAfterTheThaw()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = new EtcdKeysClient(
            new EtcdOptions { Endpoints = [server.Endpoint], ProbeInterval = TimeSpan.FromMilliseconds(300), ProbeLimit = TimeSpan.FromSeconds(1) },
                TimeProvider.System);
        await PutAsync(keys, "/calico/a", "1");
        await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
        await follower.UntilAsync(f => f.IsLive, "live");

        await server.FreezeAsync(Ct);
        await follower.UntilAsync(f => f.Updates[^1] is DatastoreUpdate.Lost, "lost");
        await server.ThawAsync(Ct);
        await follower.UntilAsync(f => f.IsLive, "live again");
        Assert.Equal(["/calico/a=1"], follower.View);
    }

    [Fact]
    public async Task Follow_OneOfThreeMembersKilled_GoesOnWithAnother()
    {
        var servers = await EtcdServer.StartClusterAsync(3, Ct);
        try
        {
            using var keys = new EtcdKeysClient(new EtcdOptions { Endpoints = [.. servers.Select(s => s.Endpoint)] }, TimeProvider.System);
            await PutAsync(keys, "/calico/a", "1");
            await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
            await follower.UntilAsync(f => f.IsLive, "live");
            await servers[0].KillAsync();
            await follower.UntilAsync(f => f.Updates.Any(u => u is DatastoreUpdate.Lost), "lost");
            await follower.UntilAsync(f => f.IsLive, "live on another member");
            await WriteUntilAsync(keys, "/calico/b");
            await follower.UntilAsync(f => f.View.Length == 2, "a new change");
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>The member that is left answers plain reads and keeps its polls open: only a question with quorum tells that it follows nobody.</summary>
    [Fact]
    public async Task Follow_QuorumLost_IsLostAndRecoversWithTheLeader()
    {
        var servers = await EtcdServer.StartClusterAsync(3, Ct);
        try
        {
            using var keys = new EtcdKeysClient(
                new EtcdOptions { Endpoints = [servers[0].Endpoint], ProbeInterval = TimeSpan.FromMilliseconds(300), ProbeLimit = TimeSpan.FromSeconds(1) },
                    TimeProvider.System);
            await WriteUntilAsync(keys, "/calico/a");
            await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
            await follower.UntilAsync(f => f.IsLive && f.View.Length == 1, "live");

            await servers[1].KillAsync();
            await servers[2].KillAsync();
            await follower.UntilAsync(f => f.Updates[^1] is DatastoreUpdate.Lost, "lost");
            Assert.False(follower.IsLive);

            await Task.WhenAll(servers[1].StartAgainAsync(Ct), servers[2].StartAgainAsync(Ct));
            await follower.UntilAsync(f => f.IsLive, "live with a leader");
            await WriteUntilAsync(keys, "/calico/b");
            await follower.UntilAsync(f => f.IsLive && f.View.Length == 2, "a new change");
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Follow_NoRight_IsLostWithEtcdsWords()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        await server.EnableAuthAsync("root-secret", "console", "secret", "/calico/*", Ct);
        using var keys = Client(server);
        await using var follower = new DatastoreFollower(new EtcdV2Datastore(keys, TimeProvider.System));
        await follower.UntilAsync(f => f.Updates.Count > 0, "lost");
        Assert.Contains("110", Assert.IsType<DatastoreUpdate.Lost>(follower.Updates[0]).Reason, StringComparison.Ordinal);
    }

    // A cluster that has just lost its leader may let a write time out.
    private static async Task WriteUntilAsync(EtcdKeysClient keys, string key)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await PutAsync(keys, key, "1");
                return;
            }
            catch (EtcdUnavailableException) when (attempt < 5)
            {
                // Again, on the next member.
            }
        }
    }

    private static EtcdKeysClient Client(EtcdServer server) => new(new EtcdOptions { Endpoints = [server.Endpoint] }, TimeProvider.System);

    private static Task<EtcdAnswer> PutAsync(IEtcdKeys keys, string key, string value) =>
        keys.PutAsync(key, Encoding.UTF8.GetBytes(value), EtcdCondition.None, null, Ct);

    /// <summary>Passes every call on, but holds long-polls back while closed: the moment between two polls, made long.</summary>
    private sealed class GatedEtcdKeys(EtcdKeysClient keys) : IEtcdKeys
    {
        private TaskCompletionSource _gate = Opened();

        public void Close() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _gate.TrySetResult();

        public Task<EtcdAnswer> GetAsync(string key, bool recursive, bool quorum, CancellationToken cancellationToken) =>
            keys.GetAsync(key, recursive, quorum, cancellationToken);

        public Task<EtcdAnswer> PutAsync(string key, ReadOnlyMemory<byte> value, EtcdCondition condition, TimeSpan? timeToLive,
            CancellationToken cancellationToken) =>
            keys.PutAsync(key, value, condition, timeToLive, cancellationToken);

        public Task<EtcdAnswer> MakeDirectoryAsync(string key, CancellationToken cancellationToken) => keys.MakeDirectoryAsync(key, cancellationToken);

        public Task<EtcdAnswer> DeleteAsync(string key, EtcdDeletion how, EtcdCondition condition, CancellationToken cancellationToken) =>
            keys.DeleteAsync(key, how, condition, cancellationToken);

        public async Task<EtcdWait> WaitAsync(string key, ulong waitIndex, string? clusterId, Action? opened, CancellationToken cancellationToken)
        {
            await _gate.Task.WaitAsync(cancellationToken);
            return await keys.WaitAsync(key, waitIndex, clusterId, opened, cancellationToken);
        }

        private static TaskCompletionSource Opened()
        {
            var source = new TaskCompletionSource();
            source.SetResult();
            return source;
        }
    }
}
