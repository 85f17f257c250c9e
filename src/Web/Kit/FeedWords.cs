using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Kit;

/// <summary>States of feeds in words. A name that ends in a slash stands for every feed that begins with it.</summary>
internal static class FeedWords
{
    /// <summary>The feed of the Calico datastore.</summary>
    public const string Etcd = FeedNames.Etcd;

    /// <summary>Not a source: whether the audit log takes entries.</summary>
    public const string Audit = FeedNames.Audit;

    /// <summary>The feeds of all Docker hosts.</summary>
    public const string Docker = FeedNames.Docker;

    public static string For(FeedStatus status) => status switch
    {
        FeedStatus.Connecting => "connecting",
        FeedStatus.Syncing => "syncing",
        FeedStatus.Live => "live",
        _ => "stale",
    };

    /// <summary>Whether data of this feed must be marked as old.</summary>
    public static bool IsStale(ClusterSnapshot snapshot, string feed) =>
        FeedNames.Named(snapshot, feed).Any(f => f.Status == FeedStatus.Stale && f.LastLive is not null);

    /// <summary>Whether data of this feed has ever been complete.</summary>
    public static bool WasLive(ClusterSnapshot snapshot, string feed) => FeedNames.WasLive(snapshot, feed);

    /// <summary>Why there may be nothing of this feed, with the feed's own words.</summary>
    public static (EmptyKind Kind, string? Reason) Empty(ClusterSnapshot snapshot, string feed)
    {
        var feeds = FeedNames.Named(snapshot, feed).ToArray();
        if (feeds.Length == 0 && feed == Docker && snapshot.Feeds.Length > 0)
        {
            return (EmptyKind.NothingYet, null);
        }

        if (WasLive(snapshot, feed))
        {
            return (EmptyKind.NothingYet, null);
        }

        return feeds.FirstOrDefault(f => f.Status == FeedStatus.Stale) is { } lost
            ? (EmptyKind.Failed, $"{lost.Name}: {lost.Detail ?? "no answer"}. The console keeps trying.")
            : (EmptyKind.NotConnected, "Waiting for the first answer of the source.");
    }
}
