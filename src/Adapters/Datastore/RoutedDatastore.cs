using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Datastore;

/// <summary>The datastore of the one door for change: the cluster's, and for keys of what the console keeps the console's own. Thread-safe.</summary>
/// <param name="cluster">Calico's datastore; also what is followed.</param>
/// <param name="kept">The console's own.</param>
public sealed class RoutedDatastore(IDatastore cluster, IDatastore kept) : IDatastore
{
    /// <inheritdoc/>
    public IAsyncEnumerable<DatastoreUpdate> FollowAsync(IListingObserver? observer, CancellationToken cancellationToken) =>
        cluster.FollowAsync(observer, cancellationToken);

    /// <inheritdoc/>
    public Task<StoredKey?> ReadAsync(string key, CancellationToken cancellationToken) => For(key).ReadAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredKey>> ReadAllAsync(string directory, CancellationToken cancellationToken) =>
        For(directory).ReadAllAsync(directory, cancellationToken);

    /// <inheritdoc/>
    public Task<KeyWriteResult> WriteAsync(KeyWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        return For(write.Key).WriteAsync(write, cancellationToken);
    }

    private IDatastore For(string key) => KeptKeys.IsKept(key) ? kept : cluster;
}
