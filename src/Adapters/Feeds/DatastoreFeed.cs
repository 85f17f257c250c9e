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

    private readonly ListingDecoder _decoder = new();
    private CalicoState _calico = CalicoState.Empty;

    /// <inheritdoc/>
    public string Name => FeedName;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var reading = new UndisturbedListing(_decoder);
        await foreach (var update in datastore.FollowAsync(reading, cancellationToken))
        {
            switch (update)
            {
                case DatastoreUpdate.Listing listing:
                    // Parsed here, not in the publisher: 100,000 endpoints must not hold up the other feeds.
                    _calico = _decoder.State(listing.Keys, listing.Revision, listing.EmptyDirectories);
                    var listed = _calico;
                    await state.PostFeedAsync(Name, FeedStatus.Syncing, listing.Reason, s => new SnapshotEdit(s with { Calico = listed }, default, []),
                        cancellationToken);
                    reading.End();
                    break;
                case DatastoreUpdate.Change change:
                    (_calico, var keys) = CalicoStateUpdate.Apply(_calico, change);
                    await PostAsync(keys, cancellationToken);
                    break;
                case DatastoreUpdate.Live:
                    await state.PostFeedAsync(Name, FeedStatus.Live, null, cancellationToken);
                    break;
                case DatastoreUpdate.Lost lost:
                    reading.End();
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
