using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>Keeps the snapshot's Calico state current by following the datastore.</summary>
/// <param name="datastore">A datastore that follows Calico's root.</param>
/// <param name="state">Where to post.</param>
public sealed class DatastoreFeed(IDatastore datastore, ClusterState state) : IFeed
{
    /// <summary>Name of this feed.</summary>
    public const string FeedName = "etcd";

    private CalicoState _calico = CalicoState.Empty;

    /// <inheritdoc/>
    public string Name => FeedName;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var update in datastore.FollowAsync(cancellationToken))
        {
            switch (update)
            {
                case DatastoreUpdate.Listing listing:
                    await state.PostFeedAsync(Name, FeedStatus.Syncing, listing.Reason, cancellationToken);
                    // Parsed here, not in the publisher: 100,000 endpoints must not hold up the other feeds.
                    _calico = CalicoStateUpdate.FromListing(listing.Keys, listing.Revision);
                    await PostAsync(default, cancellationToken);
                    break;
                case DatastoreUpdate.Change change:
                    (_calico, var keys) = CalicoStateUpdate.Apply(_calico, change);
                    await PostAsync(keys, cancellationToken);
                    break;
                case DatastoreUpdate.Live:
                    await state.PostFeedAsync(Name, FeedStatus.Live, null, cancellationToken);
                    break;
                case DatastoreUpdate.Lost lost:
                    await state.PostFeedAsync(Name, FeedStatus.Stale, lost.Reason, cancellationToken);
                    break;
            }
        }
    }

    private ValueTask PostAsync(ImmutableArray<string> keys, CancellationToken cancellationToken)
    {
        var calico = _calico;
        return state.PostAsync(s => new SnapshotEdit(s with { Calico = calico }, keys, []), cancellationToken);
    }
}
