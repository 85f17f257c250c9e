using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Effects;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>What the forms share that change a stored resource: the draft, what it stands on, and what to do when somebody else changed it meanwhile.</summary>
/// <typeparam name="T">The resource.</typeparam>
/// <typeparam name="TDraft">What is typed.</typeparam>
public abstract class EditPageBase<T, TDraft> : SnapshotComponentBase
    where T : class
    where TDraft : class, new()
{
    private string? _asked;

    /// <summary>The draft.</summary>
    protected TDraft Draft { get; private set; } = new();

    /// <summary>The resource that the draft says; null while it cannot be read.</summary>
    protected T? Resource { get; private set; }

    /// <summary>Why it cannot be read.</summary>
    protected ImmutableArray<FieldError> Errors { get; private set; } = [];

    /// <summary>The resource as it was when the edit began; null until it was seen.</summary>
    protected Stored<T>? Base => Session.Base;

    /// <summary>What the address asks for, as one text: another one begins another edit.</summary>
    protected abstract string? Asked { get; }

    /// <summary>What applying mine on top will do where both changed the same.</summary>
    protected ImmutableArray<string> Notes =>
        Session is { Base: { } before, Now: { } now } && Resource is { } mine ? Merge(before.Value, now.Value, mine).Notes : [];

    private protected EditSession<T> Session { get; } = new();

    private protected DraftPreview Preview { get; } = new();

    /// <summary>The resource that the address asks for.</summary>
    protected abstract Stored<T>? Find(ClusterSnapshot snapshot);

    /// <summary>The draft that says the same as a resource.</summary>
    protected abstract TDraft DraftOf(T resource);

    /// <summary>The resource of a draft, or why it cannot be read.</summary>
    protected abstract (T? Resource, ImmutableArray<FieldError> Errors) Read(TDraft draft);

    /// <summary>Mine on top of theirs, with notes on what both changed.</summary>
    protected abstract (T Merged, ImmutableArray<string> Notes) Merge(T before, T theirs, T mine);

    /// <summary>The resource of an operation that was found by the address; null when it is none of this form.</summary>
    protected virtual T? For(Operation operation) => operation is WriteResource { Resource: T resource } ? resource : null;

    /// <summary>Called with each snapshot, for what the fields offer.</summary>
    protected virtual void Offer(ClusterSnapshot snapshot)
    {
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (Asked != _asked)
        {
            _asked = Asked;
            Session.Clear();
            OnSnapshot();
        }
    }

    /// <inheritdoc/>
    protected override void OnSnapshot()
    {
        Offer(Snapshot);
        if (Session.See(Find(Snapshot), Time.GetUtcNow()))
        {
            TakeTheirs();
        }
    }

    /// <summary>Shows the effect of a draft that is not taken yet; null ends it.</summary>
    protected void Try(TDraft? draft) => Preview.Try(draft is null ? null : Read(draft).Resource);

    /// <summary>Takes a draft.</summary>
    protected void Set(TDraft draft)
    {
        Draft = draft;
        (Resource, Errors) = Read(draft);
        Preview.Set(Resource, draft as IRuleDraft);
    }

    /// <summary>Gives the draft up for what is stored now.</summary>
    protected void TakeTheirs()
    {
        Session.Rebase();
        if (Session.Base is { } stored)
        {
            Set(DraftOf(stored.Value));
        }
    }

    /// <summary>Puts the draft on top of what is stored now.</summary>
    protected void ApplyMine()
    {
        if (Session is { Base: { } before, Now: { } now } && Resource is { } mine)
        {
            var merged = Merge(before.Value, now.Value, mine).Merged;
            Session.Rebase();
            Set(DraftOf(merged));
        }
    }

    /// <summary>What is there after a success is this form's own work.</summary>
    protected void OnFinished(OperationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged)
        {
            Session.See(Find(State.Current), Time.GetUtcNow());
            TakeTheirs();
        }
    }

    /// <summary>Fills the fields with what an operation asked for.</summary>
    protected void Restore(Operation operation)
    {
        if (For(operation) is { } resource && Session.Base is not null)
        {
            Set(DraftOf(resource));
        }
    }
}
