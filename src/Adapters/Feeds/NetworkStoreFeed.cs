using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Docker networks of global scope live in the cluster store: creating one on a host emits no event on the others. This feed
/// follows the store's network records and asks every host to list its networks again, also when the store is lost or comes back.
/// </summary>
/// <param name="datastore">A datastore that follows <see cref="Root"/>.</param>
/// <param name="hosts">The feeds of the hosts.</param>
/// <param name="records">What the feeds of the hosts share of it.</param>
public sealed class NetworkStoreFeed(IDatastore datastore, IReadOnlyCollection<DockerHostFeed> hosts, StoredNetworks records) : IFeed
{
    /// <summary>Where libnetwork keeps its global networks.</summary>
    public const string Root = "/docker/network/v1.0";

    internal const string NetworkRecords = Root + "/network/";

    /// <inheritdoc/>
    public string Name => "docker-networks";

    /// <summary>The key of a network's record.</summary>
    public static string RecordOf(string id) => NetworkRecords + id;

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var update in datastore.FollowAsync(cancellationToken))
        {
            records.Take(update);
            // Its health is that of the etcd feed, which follows the same server: it shows no state of its own.
            if (update is DatastoreUpdate.Listing or DatastoreUpdate.Lost or DatastoreUpdate.Live
                || (update is DatastoreUpdate.Change change && (change.Key.StartsWith(NetworkRecords, StringComparison.Ordinal) || change.Subtree)))
            {
                foreach (var host in hosts)
                {
                    host.RequestNetworks();
                }
            }
        }
    }

    /// <summary>The network's id in the key of its record; null for any other key.</summary>
    internal static string? IdOf(string key) =>
        key.StartsWith(NetworkRecords, StringComparison.Ordinal) && key[NetworkRecords.Length..].TrimEnd('/') is { Length: > 0 } id
            && !id.Contains('/', StringComparison.Ordinal) ? id : null;
}
