using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>Reads the etcd cluster's own facts at an interval: they have no watch.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="state">Where to post.</param>
/// <param name="time">The clock.</param>
public sealed class EtcdClusterFeed(IEtcdCluster cluster, ClusterState state, TimeProvider time) : IFeed
{
    /// <summary>Name of this feed.</summary>
    public const string FeedName = "etcd-cluster";

    /// <summary>How often the facts are read.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => FeedName;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            var facts = await cluster.ReadAsync(cancellationToken);
            await state.PostAsync(s => SnapshotEdit.Of(s with { Etcd = facts }), cancellationToken);
            var lost = facts.Members.All(m => !m.Healthy);
            await state.PostFeedAsync(Name, lost ? FeedStatus.Stale : FeedStatus.Live, facts.Problem, cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
