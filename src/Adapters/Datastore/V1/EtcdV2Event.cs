using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Datastore.V1;

/// <summary>Turns an event of the v2 store into a change of the datastore.</summary>
internal static class EtcdV2Event
{
    /// <summary>The change, null when the event changes no key that is followed or is in the listing already; or why everything must be listed again.</summary>
    public static (DatastoreUpdate.Change? Change, string? Relist) Read(EtcdAnswer answer, string root, EtcdV2Parts parts)
    {
        var node = answer.Node;
        var index = node.ModifiedIndex;
        var removed = answer.Action is "delete" or "compareAndDelete" or "expire";
        var directory = node.IsDirectory || answer.PreviousNode is { IsDirectory: true };

        // etcd compares names, not path segments, when it looks for removed directories above a watched one.
        var above = IsAtOrBelow(root, node.Key);
        if (!above && !IsAtOrBelow(node.Key, root))
        {
            return (null, null);
        }

        if (!removed)
        {
            // A directory whose time to live alone was changed is none that was made, and one whose name begins with an underscore is in no listing.
            var nothing = index <= parts.IndexOf(node.Key)
                || (node.IsDirectory && (answer.PreviousNode is { IsDirectory: true }
                    || node.Key.AsSpan(root.Length).Contains("/_", StringComparison.Ordinal)));
            if (nothing)
            {
                return (null, null);
            }

            var stored = node.IsDirectory ? null : EtcdV2Lister.Stored(node);
            return (new DatastoreUpdate.Change(node.Key, stored, false, index) { Directory = node.IsDirectory }, null);
        }

        var key = above ? root : node.Key;
        if (!directory)
        {
            return index <= parts.IndexOf(key) ? (null, null) : (new DatastoreUpdate.Change(key, null, false, index), null);
        }

        if (index <= parts.HighestIndex)
        {
            var covered = parts.Indexes.Where(p => IsAtOrBelow(p.Key, key)).Select(p => p.Value).Append(parts.IndexOf(key)).ToArray();
            if (covered.All(read => index <= read))
            {
                return (null, null);
            }

            if (covered.Any(read => index <= read))
            {
                return (null, $"{key} was removed while it was being listed");
            }
        }

        return (new DatastoreUpdate.Change(key, null, true, index), null);
    }

    private static bool IsAtOrBelow(string key, string directory) =>
        directory == "/" || key == directory
        || (key.Length > directory.Length && key[directory.Length] == '/' && key.StartsWith(directory, StringComparison.Ordinal));
}
