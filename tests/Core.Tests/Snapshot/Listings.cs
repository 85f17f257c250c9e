using System.Collections.Immutable;
using System.Text;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Tests.Snapshot;

/// <summary>The datastore as keys with their texts: what a listing of them gives, and what is left of them after writes.</summary>
internal static class Listings
{
    /// <summary>etcd's feed, of which all is known.</summary>
    public static FeedState EtcdIsLive { get; } = new("etcd", FeedStatus.Live, DateTimeOffset.UnixEpoch, null, DateTimeOffset.UnixEpoch);

    /// <summary>A cluster that is known from etcd alone.</summary>
    public static ClusterSnapshot Live(CalicoState calico) => new() { Calico = calico, Feeds = [EtcdIsLive] };

    /// <summary>A cluster with these keys, all stored at one revision.</summary>
    public static ClusterSnapshot Snapshot(IEnumerable<KeyValuePair<string, string>> keys, ImmutableArray<string> emptyDirectories = default)
    {
        ImmutableArray<StoredKey> stored = [.. keys.Select(k => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), 5))];
        return new ClusterSnapshot { Calico = CalicoStateUpdate.FromListing(stored, 9, emptyDirectories) };
    }

    /// <summary>A cluster with these keys, all stored at one revision.</summary>
    public static ClusterSnapshot Snapshot(params (string Key, string Value)[] keys) => Snapshot(keys.Select(k => KeyValuePair.Create(k.Key, k.Value)));

    /// <summary>The state of these keys, stored one after the other.</summary>
    public static CalicoState State(params (string Key, string Value)[] keys) =>
        CalicoStateUpdate.FromListing([.. keys.Select((k, i) => new StoredKey(k.Key, Encoding.UTF8.GetBytes(k.Value), (ulong)i + 1))], 100);

    /// <summary>What stands after the writes of a plan.</summary>
    public static ImmutableSortedDictionary<string, string> Applied(this ImmutableSortedDictionary<string, string> keys, IEnumerable<KeyWrite> writes)
    {
        foreach (var write in writes.Where(w => !w.EmptyDirectory))
        {
            keys = write.Value is { } value ? keys.SetItem(write.Key, Encoding.UTF8.GetString(value.Span)) : keys.Remove(write.Key);
        }

        return keys;
    }
}
