using System.Text;
using CalicoConsole.Adapters.Datastore.V1;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Adapters.Feeds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Feeds;

/// <summary>The snapshot's Calico side over a real etcd.</summary>
[NeedsPrograms]
public sealed class DatastoreFeedTests
{
    private const string Pool = """{"cidr":"192.0.2.0/24","ipip":"tunl0","masquerade":true,"ipam":true,"disabled":false}""";

    private static readonly Cidr PoolCidr = Cidr.Parse("192.0.2.0/24");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_SetChangedAndRemoved_AreInTheSnapshot()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(server);
        await using var stage = await StageAsync(keys);
        await stage.UntilAsync(DatastoreFeed.FeedName, FeedStatus.Live);

        await PutAsync(keys, "/calico/v1/ipam/v4/pool/192.0.2.0-24", Pool);
        await PutAsync(keys, "/calico/v1/policy/profile/web/tags", """["web"]""");
        await PutAsync(keys, "/calico/v1/policy/profile/web/rules", """{"inbound_rules":[],"outbound_rules":[]}""");
        var both = await stage.UntilAsync(s => s.Calico.IPPools.ContainsKey(PoolCidr) && s.Calico.Profiles.GetValueOrDefault("web")?.Keys.Length == 2,
            "pool and profile");
        Assert.Equal(["web"], both.Calico.Profiles["web"].Value.Tags);

        await PutAsync(keys, "/calico/v1/ipam/v4/pool/192.0.2.0-24", Pool.Replace("false", "true", StringComparison.Ordinal));
        await stage.UntilAsync(s => s.Calico.IPPools[PoolCidr].Value.Disabled, "the pool disabled");

        await PutAsync(keys, "/calico/v1/ipam/v4/pool/198.51.100.0-24", "not JSON");
        var bad = await stage.UntilAsync(s => !s.Calico.Unparsable.IsEmpty, "the unparsable value, kept");
        Assert.Equal("not JSON", Assert.Single(bad.Calico.Unparsable).Value.Stored.Text);
        Assert.True(bad.Calico.IPPools.ContainsKey(PoolCidr));

        // One event on the directory removes its whole subtree.
        await keys.DeleteAsync("/calico/v1", EtcdDeletion.Recursive, default, Ct);
        var empty = await stage.UntilAsync(s => s.Calico.IPPools.IsEmpty && s.Calico.Profiles.IsEmpty, "nothing");
        Assert.Empty(empty.Calico.Unparsable);
        Assert.Empty(empty.Calico.Keys.All);
    }

    [Fact]
    public async Task Server_KilledAndRestoredEmpty_IsStaleWithItsDataThenLiveAndEmpty()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(server);
        await PutAsync(keys, "/calico/v1/ipam/v4/pool/192.0.2.0-24", Pool);
        await using var stage = await StageAsync(keys);
        await stage.UntilAsync(s => FeedStage.Is(s, DatastoreFeed.FeedName, FeedStatus.Live) && s.Calico.IPPools.Count == 1, "live with the pool");

        await server.KillAsync();
        var stale = await stage.UntilAsync(DatastoreFeed.FeedName, FeedStatus.Stale);
        Assert.Single(stale.Calico.IPPools);
        var feed = stale.Feeds.Single(f => f.Name == DatastoreFeed.FeedName);
        Assert.NotNull(feed.LastLive);
        Assert.Contains(server.Endpoint, feed.Detail, StringComparison.Ordinal);

        server.Wipe();
        await server.StartAgainAsync(Ct);
        await stage.UntilAsync(s => FeedStage.Is(s, DatastoreFeed.FeedName, FeedStatus.Live) && s.Calico.IPPools.IsEmpty, "live and empty");
    }

    [Fact]
    public async Task Subscriber_ThatFails_KeepsNothingFromTheOthers()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(server);
        await using var stage = await StageAsync(keys);
        var versions = new List<long>();
        stage.State.Changed += _ => throw new InvalidOperationException("a subscriber with a fault");
        stage.State.Changed += change => versions.Add(change.Snapshot.Version);
        await PutAsync(keys, "/calico/v1/ipam/v4/pool/192.0.2.0-24", Pool);
        await stage.UntilAsync(s => s.Calico.IPPools.Count == 1, "the pool");

        Assert.NotEmpty(versions);
        Assert.Equal(versions.Order().Distinct(), versions);
    }

    private static EtcdKeysClient Client(EtcdServer server) => new(new EtcdOptions { Endpoints = [server.Endpoint] }, TimeProvider.System);

    private static Task<FeedStage> StageAsync(EtcdKeysClient keys) =>
        FeedStage.StartAsync(state => [new DatastoreFeed(new EtcdV2Datastore(keys, TimeProvider.System), state)]);

    private static Task<EtcdAnswer> PutAsync(EtcdKeysClient keys, string key, string value) =>
        keys.PutAsync(key, Encoding.UTF8.GetBytes(value), default, null, Ct);
}
