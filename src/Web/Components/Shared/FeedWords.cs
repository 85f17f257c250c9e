using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Components.Shared;

/// <summary>States of feeds in words.</summary>
internal static class FeedWords
{
    public static string Of(FeedStatus status) => status switch
    {
        FeedStatus.Connecting => "connecting",
        FeedStatus.Syncing => "syncing",
        FeedStatus.Live => "live",
        _ => "stale",
    };

    /// <summary>Whether data of this feed must be marked as old.</summary>
    public static bool IsStale(ClusterSnapshot snapshot, string feed) =>
        snapshot.Feeds.Any(f => f.Name == feed && f.Status == FeedStatus.Stale && f.LastLive is not null);

    /// <summary>Whether data of this feed has ever been complete.</summary>
    public static bool WasLive(ClusterSnapshot snapshot, string feed) =>
        snapshot.Feeds.Any(f => f.Name == feed && (f.Status == FeedStatus.Live || f.LastLive is not null));
}
