using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>What planned writes will leave of a state. Pure.</summary>
internal static class WritesAhead
{
    /// <summary>Revisions of keys that are written on the way begin here: no store ever gets so far.</summary>
    public const ulong Imagined = 1UL << 63;

    /// <summary>Whether what a write wants stands there already. Of directories those of hosts count alone: calicoctl lists each of them as a node.</summary>
    public static bool Stands(CalicoState calico, KeyWrite write)
    {
        if (write.EmptyDirectory)
        {
            return V1Keys.HostOf(write.Key) is not { } host || write.Key != V1Keys.Host(host) || !calico.BareHosts.Contains(host);
        }

        var now = calico.Keys.Find(write.Key);
        return write.Value is { } value ? now is not null && now.Value.Span.SequenceEqual(value.Span) : now is null;
    }

    /// <summary>The state after some writes.</summary>
    /// <param name="calico">The state before.</param>
    /// <param name="writes">The writes, in order.</param>
    /// <param name="revision">The last revision that was imagined; counted on.</param>
    public static CalicoState After(CalicoState calico, IEnumerable<KeyWrite> writes, ref ulong revision)
    {
        foreach (var write in writes)
        {
            // What stands already is not written, so it keeps its revision.
            if (!Stands(calico, write))
            {
                var value = write.Value is { } bytes ? new StoredKey(write.Key, bytes, ++revision) : null;
                calico = CalicoStateUpdate.Apply(calico, new DatastoreUpdate.Change(write.Key, value, write.EmptyDirectory, calico.Revision)).State;
            }
        }

        return calico;
    }
}
