using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Docker networks of global scope live in the cluster store: creating one on a host emits no event on the others. This feed
/// follows the store's network records and asks every host to list its networks again.
/// </summary>
/// <param name="datastore">A datastore that follows <see cref="Root"/>.</param>
/// <param name="hosts">The feeds of the hosts.</param>
public sealed class NetworkStoreFeed(IDatastore datastore, IReadOnlyCollection<DockerHostFeed> hosts) : IFeed
{
    /// <summary>Where libnetwork keeps its global networks.</summary>
    public const string Root = "/docker/network/v1.0";

    private const string NetworkRecords = Root + "/network/";

    /// <inheritdoc/>
    public string Name => "docker-networks";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var update in datastore.FollowAsync(cancellationToken))
        {
            // Its health is that of the etcd feed, which follows the same server: it shows no state of its own.
            if (update is DatastoreUpdate.Listing || (update is DatastoreUpdate.Change change && change.Key.StartsWith(NetworkRecords, StringComparison.Ordinal)))
            {
                foreach (var host in hosts)
                {
                    host.RequestNetworks();
                }
            }
        }
    }
}
