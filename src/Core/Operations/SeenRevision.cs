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
}
