namespace CalicoConsole.Core.Snapshot;

/// <summary>The names of feeds. A name that ends in a slash stands for every feed that begins with it.</summary>
public static class FeedNames
{
    /// <summary>The feed of the Calico datastore.</summary>
    public const string Etcd = "etcd";

    /// <summary>Not a source: whether the audit log takes entries.</summary>
    public const string Audit = "audit";

    /// <summary>The feeds of all Docker hosts.</summary>
    public const string Docker = "docker/";

    /// <summary>The feeds of a name.</summary>
    public static IEnumerable<FeedState> Named(ClusterSnapshot snapshot, string feed)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(feed);
        return snapshot.Feeds.Where(f => feed.EndsWith('/') ? f.Name.StartsWith(feed, StringComparison.Ordinal) : f.Name == feed);
    }

    /// <summary>Whether data of this feed has ever been complete.</summary>
    public static bool WasLive(ClusterSnapshot snapshot, string feed) => Named(snapshot, feed).Any(f => f.Status == FeedStatus.Live || f.LastLive is not null);

    /// <summary>Docker hosts whose data has ever been complete, as last seen.</summary>
    public static IEnumerable<DockerHostState> KnownHosts(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Hosts.Values.Where(h => WasLive(snapshot, Docker + h.Name));
    }
}
