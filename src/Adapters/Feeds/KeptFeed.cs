using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Keeps the snapshot's <see cref="ClusterSnapshot.Kept"/> current. It has no state of its own to show: the audit feed says whether the console's database
/// works.
/// </summary>
/// <param name="store">What the console keeps.</param>
/// <param name="state">Where to post.</param>
public sealed class KeptFeed(KeptStore store, ClusterState state) : IFeed
{
    /// <inheritdoc/>
    public string Name => "kept";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var update in store.FollowAsync(cancellationToken))
        {
            switch (update)
            {
                case DatastoreUpdate.Listing listing:
                    var all = listing.Keys.Select(Item).OfType<KeptItem>().ToImmutableSortedDictionary(i => i.Stored.Key, i => i, StringComparer.Ordinal);
                    await PostAsync(_ => all, cancellationToken);
                    break;
                case DatastoreUpdate.Change { Value: null } gone:
                    await PostAsync(kept => kept.Remove(gone.Key), cancellationToken);
                    break;
                case DatastoreUpdate.Change { Value: { } value } when Item(value) is { } item:
                    await PostAsync(kept => kept.SetItem(value.Key, item), cancellationToken);
                    break;
            }
        }
    }

    private static KeptItem? Item(StoredKey stored) => KeptKeys.Parse(stored.Key) is var (kind, name) ? new KeptItem(kind, name, stored) : null;

    private ValueTask PostAsync(Func<ImmutableSortedDictionary<string, KeptItem>, ImmutableSortedDictionary<string, KeptItem>> edit,
        CancellationToken cancellationToken) =>
        state.PostAsync(s => new SnapshotEdit(s with { Kept = edit(s.Kept) }, [], []), cancellationToken);
}
