using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Feeds;

/// <summary>
/// Which records of Docker networks the cluster store holds, as last seen there. An engine that cannot reach its store lists its local networks and
/// leaves the global ones out without a word (measured on 20.10.24), so that its list alone never proves that one is gone. Thread-safe.
/// </summary>
public sealed class StoredNetworks
{
    private readonly Lock _gate = new();
    private ImmutableHashSet<string> _there = ImmutableHashSet.Create<string>(StringComparer.Ordinal);
    private ImmutableHashSet<string> _everSeen = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Whether the store is out of reach.</summary>
    public bool IsAway { get; private set; }

    /// <summary>Whether a network has a record; null when this store never had one of it.</summary>
    public bool? Has(string id)
    {
        lock (_gate)
        {
            return _there.Contains(id) ? true : _everSeen.Contains(id) ? false : null;
        }
    }

    /// <summary>Takes in what became of the store.</summary>
    internal void Take(DatastoreUpdate update)
    {
        lock (_gate)
        {
            switch (update)
            {
                case DatastoreUpdate.Listing listing:
                    _there = [.. listing.Keys.Select(k => NetworkStoreFeed.IdOf(k.Key)).OfType<string>()];
                    break;
                case DatastoreUpdate.Change { Value: null } gone:
                    _there = NetworkStoreFeed.IdOf(gone.Key) is { } removed
                        ? _there.Remove(removed)
                        : gone.Subtree
                            ? [.. _there.Where(i => !(NetworkStoreFeed.NetworkRecords + i).StartsWith(gone.Key.TrimEnd('/') + "/", StringComparison.Ordinal))]
                            : _there;
                    break;
                case DatastoreUpdate.Change { Key: var key } when NetworkStoreFeed.IdOf(key) is { } added:
                    _there = _there.Add(added);
                    break;
                case DatastoreUpdate.Live:
                    IsAway = false;
                    break;
                case DatastoreUpdate.Lost:
                    IsAway = true;
                    break;
            }

            _everSeen = _everSeen.Union(_there);
        }
    }

    /// <summary>
    /// The networks of a host after an engine listed them: global ones that it leaves out stay as last known, unless it is certain that they are gone.
    /// </summary>
    /// <param name="known">The host as known.</param>
    /// <param name="listed">What the engine lists.</param>
    /// <param name="removed">Networks of which the engine said itself that they were removed.</param>
    internal DockerHostState Merge(DockerHostState known, ImmutableArray<DockerNetwork> listed, IReadOnlySet<string> removed)
    {
        var networks = listed.ToImmutableSortedDictionary(n => n.Id, n => n, StringComparer.Ordinal);
        // A list that has one of them was made with the store's help, and has all. Without a store in its settings an engine has none.
        var complete = listed.Any(n => n.Scope == "global") || known.Info is { ClusterStore.Length: 0 };
        DockerNetwork[] left = complete
            ? []
            : [.. known.Networks.Values.Where(n => n.Scope == "global" && !networks.ContainsKey(n.Id) && !removed.Contains(n.Id) && Has(n.Id) != false)];
        return known with
        {
            Networks = networks.AddRange(left.Select(n => KeyValuePair.Create(n.Id, n))),
            LastKnownNetworks = [.. left.Select(n => n.Id)],
        };
    }
}
