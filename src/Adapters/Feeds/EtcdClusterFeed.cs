using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Reads the etcd cluster's own facts at an interval, because they have no watch, and at once when the feed of the keys is lost or back:
/// a member that died must not be shown as healthy until the next turn.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="state">Where to post.</param>
/// <param name="time">The clock.</param>
public sealed class EtcdClusterFeed(IEtcdCluster cluster, ClusterState state, TimeProvider time) : IFeed
{
    /// <summary>Name of this feed.</summary>
    public const string FeedName = "etcd-cluster";

    // Time that a server which has just ended, or just begun to listen, gets before it is asked.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    /// <summary>How often the facts are read.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How often while no member answers.</summary>
    public static TimeSpan LostInterval { get; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => FeedName;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var keys = KeysFeed(state.Current);
            var facts = await cluster.ReadAsync(cancellationToken);
            // A member without a leader, or with an alarm, is not healthy, but what it says of itself is current.
            var lost = facts.Members.All(m => !m.Answers);
            await state.PostFeedAsync(Name, lost ? FeedStatus.Stale : FeedStatus.Live, facts.Problem,
                s => SnapshotEdit.From(s with { Etcd = facts }), cancellationToken);
            if (await state.WaitForAsync(s => KeysFeed(s) != keys, lost ? LostInterval : Interval, cancellationToken) is not null)
            {
                await Task.Delay(Settle, time, cancellationToken);
            }
        }
    }

    private static bool? KeysFeed(ClusterSnapshot snapshot) =>
        snapshot.Feeds.FirstOrDefault(f => f.Name == DatastoreFeed.FeedName)?.Status is { } status ? status == FeedStatus.Stale : null;
}
