using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>
/// What a form is about as the person saw it first, and as it is now. The revision that was seen goes with the operation, so that what was changed elsewhere
/// meanwhile is not lost unseen. Used on the circuit's dispatcher only.
/// </summary>
public sealed class SeenObject
{
    private object? _asked;
    private ulong? _nowRevision;
    private string _now = "";

    /// <summary>The revision that was seen, 0 for something that was not there; null until it was seen.</summary>
    public ulong? Revision { get; private set; }

    /// <summary>Its document then.</summary>
    public string Document { get; private set; } = "";

    /// <summary>Its document now.</summary>
    public string Now => _now;

    /// <summary>When it was seen as the person saw it first, or by the time of the next news after they looked again; null before.</summary>
    public DateTimeOffset? SeenAt { get; private set; }

    /// <summary>When a change made elsewhere was seen; null while there is none.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>Takes note of what is there now.</summary>
    /// <param name="asked">What the form is about: another one begins anew.</param>
    /// <param name="revision">Its revision, 0 where nothing is there and that is a state of it; null when it is gone.</param>
    /// <param name="document">Its document; asked only for a revision that was not seen yet.</param>
    /// <param name="at">The time.</param>
    public void See(object? asked, ulong? revision, Func<string> document, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (!Equals(asked, _asked))
        {
            (_asked, Revision, _nowRevision, Document, _now, ChangedAt) = (asked, null, null, "", "", null);
        }

        if (revision is null)
        {
            // Gone: there is nothing to look at again, and the page says so.
            (_nowRevision, ChangedAt) = (null, null);
            return;
        }

        if (revision != _nowRevision)
        {
            (_nowRevision, _now) = (revision, document());
        }

        if (Revision is null)
        {
            (Revision, Document, SeenAt) = (revision, _now, at);
        }

        SeenAt ??= at;
        ChangedAt = revision == Revision ? null : ChangedAt ?? at;
    }

    /// <summary>The same of something stored.</summary>
    public void See<T>(object? asked, Stored<T>? stored, Func<T, string> document, DateTimeOffset at)
        where T : class => See(asked, stored?.Revision, () => document(stored!.Value), at);

    /// <summary>The person has looked at what is there now.</summary>
    public void LookAgain() => (Revision, Document, SeenAt, ChangedAt) = (_nowRevision ?? Revision, _now, null, null);

    /// <summary>Forgets everything: what is seen next counts.</summary>
    public void Clear() => _asked = new object();
}
