using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Operations;

/// <summary>Turns the one revision that a person saw of a resource into a condition for each of its keys. Pure.</summary>
internal static class SeenRevision
{
    /// <summary>
    /// The key at the revision that the person can have seen. A key that changed after that, though another key of the same
    /// resource changed later still, gets a revision at which it cannot stand, so that its write is a conflict.
    /// </summary>
    /// <param name="key">The key as it stands.</param>
    /// <param name="seen">The highest revision of the resource's keys that the person saw; null takes what stands.</param>
    /// <param name="newest">The highest revision of the resource's keys now; below <paramref name="seen"/> when a key was deleted since.</param>
    public static StoredKey AsSeen(this StoredKey key, ulong? seen, ulong newest) =>
        seen is { } revision && (key.Revision > revision || newest < revision) ? key with { Revision = revision } : key;

    /// <summary>The same for a key that need not be there: null where its absence is what was seen.</summary>
    /// <param name="key">The key as it stands; null when it does not.</param>
    /// <param name="name">Its name.</param>
    /// <param name="seen">The highest revision that the person saw, 0 for none; null takes what stands.</param>
    /// <param name="newest">The highest revision now, 0 for none.</param>
    public static StoredKey? AsSeen(this StoredKey? key, string name, ulong? seen, ulong newest) => seen switch
    {
        null => key,
        0 => null,
        { } revision => key is null ? newest < revision ? new StoredKey(name, default, revision) : null : key.AsSeen(seen, newest),
    };
}
