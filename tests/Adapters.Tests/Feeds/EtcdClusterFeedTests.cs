using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>The etcd cluster's own facts over real clusters that fail.</summary>
[NeedsPrograms]
public sealed class EtcdClusterFeedTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Facts_OfAClusterWithoutLeader_AreCurrentAndSaySo()
    {
        var servers = await EtcdServer.StartClusterAsync(3, Ct);
        try
        {
            var options = new EtcdOptions { Endpoints = [.. servers.Select(s => s.Endpoint)] };
            using var keys = new EtcdKeysClient(options, TimeProvider.System);
            using var cluster = new EtcdCluster(options, TimeProvider.System);
            await using var stage = await StageAsync(keys, cluster);
            await stage.UntilAsync(s => FeedStage.Is(s, EtcdClusterFeed.FeedName, FeedStatus.Live) && s.Etcd!.Members.All(m => m.Healthy),
                "three healthy members");

            await servers[1].KillAsync();
            await servers[2].KillAsync();
            var lost = await stage.UntilAsync(
                s => FeedStage.Is(s, DatastoreFeed.FeedName, FeedStatus.Stale) && s.Etcd!.Members.Where(m => m.Answers)
                    .ToArray() is [{ Name: "m0", Healthy: false } m] && m.Problem!.Contains("no leader", StringComparison.Ordinal),
                    "the keys lost, one member without a leader");
            Assert.True(FeedStage.Is(lost, EtcdClusterFeed.FeedName, FeedStatus.Live));

            await servers[0].KillAsync();
            await stage.UntilAsync(EtcdClusterFeed.FeedName, FeedStatus.Stale);
            await Task.WhenAll(servers.Select(s => s.StartAgainAsync(Ct)));
            await stage.UntilAsync(
                s => FeedStage.Is(s, EtcdClusterFeed.FeedName, FeedStatus.Live) && FeedStage.Is(s, DatastoreFeed.FeedName, FeedStatus.Live)
                    && s.Etcd!.Members.All(m => m.Healthy), "all live again");
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
    public async Task Facts_WithAnAlarm_AreLive()
    {
        await using var server = await EtcdServer.StartAsync(new EtcdServerSettings { QuotaBytes = 2_000_000 }, Ct);
        var options = new EtcdOptions { Endpoints = [server.Endpoint] };
        using var keys = new EtcdKeysClient(options, TimeProvider.System);
        using var cluster = new EtcdCluster(options, TimeProvider.System);
        await using var stage = await StageAsync(keys, cluster);
        await server.RaiseNoSpaceAsync(Ct);

        var alarmed = await stage.UntilAsync(s => s.Etcd is { Alarms.Length: 1 }, "the alarm");
        Assert.True(FeedStage.Is(alarmed, EtcdClusterFeed.FeedName, FeedStatus.Live));
        // The feed of the keys may still be listing at that moment.
        await stage.UntilAsync(s => s.Etcd is { Alarms.Length: 1 } && FeedStage.Is(s, DatastoreFeed.FeedName, FeedStatus.Live), "the keys live");
    }

    private static Task<FeedStage> StageAsync(EtcdKeysClient keys, EtcdCluster cluster) => FeedStage.StartAsync(state =>
        [new DatastoreFeed(new EtcdV2Datastore(keys, TimeProvider.System), state), new EtcdClusterFeed(cluster, state, TimeProvider.System)]);
}
