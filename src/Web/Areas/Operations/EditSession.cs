using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>An object being edited: as it was when the edit began, and as it is now. Compared by revision.</summary>
/// <typeparam name="T">The resource.</typeparam>
internal sealed class EditSession<T>
    where T : class
{
    /// <summary>As it was when the edit began, or was last taken over; null until it was first seen.</summary>
    public Stored<T>? Base { get; private set; }

    /// <summary>When the base was seen.</summary>
    public DateTimeOffset BaseAt { get; private set; }

    /// <summary>As it is now; null when it is gone.</summary>
    public Stored<T>? Now { get; private set; }

    /// <summary>When somebody else's change was seen; null while there is none.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>Takes note of what is there now; true when it is seen for the first time.</summary>
    public bool See(Stored<T>? now, DateTimeOffset at)
    {
        Now = now;
        if (Base is null)
        {
            (Base, BaseAt) = (now, at);
            return now is not null;
        }

        ChangedAt = now?.Revision == Base.Revision ? null : ChangedAt ?? at;
        return false;
    }

    /// <summary>From here on the edit stands on what is there now.</summary>
    public void Rebase(DateTimeOffset at)
    {
        (Base, BaseAt) = (Now ?? Base, at);
        ChangedAt = Now is null ? ChangedAt : null;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => (Base, Now, ChangedAt) = (null, null, null);
}
