using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Effects;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>
/// The page of the forms of a kind, which creates, edits or deletes a resource as its address says: what is typed, what it stands on, and what to do when
/// somebody else changed it meanwhile. A kind's page adds its fields and its sentences; <see cref="ResourceForm{T, TDraft}"/> draws the rest.
/// </summary>
/// <typeparam name="T">The resource.</typeparam>
/// <typeparam name="TDraft">What is typed.</typeparam>
public abstract class ResourceFormBase<T, TDraft> : SnapshotComponentBase
    where T : class
    where TDraft : class, new()
{
    private (ResourceFormMode Mode, ResourceId Id)? _address;

    /// <summary>metadata.name, as addresses carry it.</summary>
    [SupplyParameterFromQuery(Name = "name")]
    public string? Name { get; set; }

    [Inject]
    internal NavigationManager Navigation { get; set; } = default!;

    /// <summary>What the page is opened for.</summary>
    internal ResourceFormMode Mode => _address?.Mode ?? default;

    /// <summary>The resource that the page was opened for; without a name where one is created.</summary>
    internal ResourceId Id => _address?.Id ?? Asked;

    internal Kind Kind { get; } = Kind.FindType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is the type of no kind");

    internal KindPages Pages => KindPages.Find(Kind.Name) ?? throw new InvalidOperationException($"{Kind.Name} has no pages");

    internal EditSession<T> Session { get; } = new();

    internal SeenObject Seen { get; } = new();

    internal ProposalPreview Preview { get; } = new();

    /// <summary>The cluster without the resource that is to be deleted; null where that decides nothing about traffic.</summary>
    internal ReachabilityProposal? Without { get; private set; }

    /// <summary>Whether there is nothing to edit or to delete, and no operation of this address did it.</summary>
    internal bool IsMissing => Mode switch
    {
        ResourceFormMode.Create => false,
        ResourceFormMode.Edit => Base is null,
        ResourceFormMode.Delete => Id.Name.Length == 0 || Pages.Page(Id) is null
            || (!Exists && !Navigation.Uri.Contains("operation=", StringComparison.Ordinal)),
    };

    /// <summary>Whether it is stored now.</summary>
    internal bool Exists => Find(Snapshot) is not null;

    /// <summary>Why the draft cannot be read.</summary>
    internal ImmutableArray<FieldError> Errors { get; private set; } = [];

    /// <summary>What will be done; null while the draft cannot be read.</summary>
    internal Operation? Operation => Mode switch
    {
        ResourceFormMode.Create => Resource is null ? null : Complete(new WriteResource(WriteVerb.Create, Resource)),
        ResourceFormMode.Edit => Resource is null ? null : Complete(new WriteResource(WriteVerb.Replace, Resource, Base?.Revision)),
        ResourceFormMode.Delete => new DeleteResource(Id, Seen.Revision, EvenIfInUse) { EvenIfRewritten = EvenIfRewritten },
    };

    /// <summary>What applying mine on top will do where both changed the same.</summary>
    internal ImmutableArray<string> Notes =>
        Session is { Base: { } before, Now: { } now } && Resource is { } mine ? Merge(before.Value, now.Value, mine).Notes : [];

    /// <summary>Whether a stored resource is changed.</summary>
    protected bool Editing => Mode == ResourceFormMode.Edit;

    /// <summary>Whether a stored resource is deleted.</summary>
    protected bool Deleting => Mode == ResourceFormMode.Delete;

    /// <summary>The draft.</summary>
    protected TDraft Draft { get; private set; } = new();

    /// <summary>The resource that the draft says; null while it cannot be read.</summary>
    protected internal T? Resource { get; private set; }

    /// <summary>The resource as it was when the edit began; null until it was seen, and where none is edited.</summary>
    protected internal Stored<T>? Base => Session.Base;

    /// <summary>Agreement to delete what is in use.</summary>
    protected bool EvenIfInUse { get; set; }

    /// <summary>Agreement to change what the OpenStack driver writes again.</summary>
    protected bool EvenIfRewritten { get; set; }

    /// <summary>The resource that the address asks for: of a kind with a name, that one.</summary>
    protected virtual ResourceId Asked => new(Kind.Name, Name ?? "");

    /// <summary>The draft to begin a new resource with.</summary>
    protected virtual TDraft Fresh() => new();

    /// <summary>The draft that says the same as a resource.</summary>
    protected abstract TDraft DraftOf(T resource);

    /// <summary>The resource of a draft, or why it cannot be read.</summary>
    protected abstract (T? Resource, ImmutableArray<FieldError> Errors) Read(TDraft draft);

    /// <summary>Mine on top of theirs, with notes on what both changed.</summary>
    protected abstract (T Merged, ImmutableArray<string> Notes) Merge(T before, T theirs, T mine);

    /// <summary>The draft of a document that replaces what is stored now, or why there is none.</summary>
    protected virtual (TDraft? Draft, string? Wrong) OfText(string text, T now)
    {
        if (!ResourceYaml.TryRead<T>(text, out var read, out _, out var errors))
        {
            return (null, DraftText.At(errors[0].Place, errors[0].Field, errors[0].Reason));
        }

        var id = ResourceId.From(read);
        return id == Id ? (DraftOf(Merge(now, now, read).Merged), null)
            : (null, $"The document describes {Kind.Word} {id.Label}; the name of {Id.Label} cannot be changed here");
    }

    /// <summary>What else the operation says.</summary>
    protected virtual WriteResource Complete(WriteResource write) => write;

    /// <summary>Called with each snapshot, for what the fields offer and the sentences say.</summary>
    protected virtual void Offer(ClusterSnapshot snapshot)
    {
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // Somebody who leaves takes the address away before the page is gone.
        var path = Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];
        foreach (var mode in Enum.GetValues<ResourceFormMode>())
        {
            if (path.Equals($"do/{mode}-{Pages.Forms?.Ending}", StringComparison.OrdinalIgnoreCase) && _address != (mode, Asked))
            {
                _address = (mode, Asked);
                Begin();
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnSnapshot()
    {
        if (_address is null)
        {
            return;
        }

        Offer(Snapshot);
        if (Deleting)
        {
            Seen.See(Id, Find(Snapshot), ResourceDocument.ToYaml, Time.GetUtcNow());
        }
        else if (Editing && Session.See(Find(Snapshot), Time.GetUtcNow()))
        {
            TakeTheirs();
        }
    }

    /// <summary>Another address: nothing of the last one counts any more.</summary>
    protected virtual void Begin()
    {
        Session.Clear();
        (EvenIfInUse, EvenIfRewritten) = (false, false);
        Without = Deleting && Kind.DecidesTraffic ? ReachabilityProposal.Empty.Without(Id) : null;
        Set(Fresh());
        OnSnapshot();
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

    /// <summary>Gives the draft up: for an empty one, or for what is stored now.</summary>
    internal void TakeTheirs()
    {
        Session.Rebase(Time.GetUtcNow());
        Set(Session.Base is { } stored ? DraftOf(stored.Value) : Fresh());
    }

    /// <summary>Puts the draft on top of what is stored now.</summary>
    internal void ApplyMine()
    {
        if (Session is { Base: { } before, Now: { } now } && Resource is { } mine)
        {
            var merged = Merge(before.Value, now.Value, mine).Merged;
            Session.Rebase(Time.GetUtcNow());
            Set(DraftOf(merged));
        }
    }

    /// <summary>Takes a document that was put together of mine and what is stored now; says what is wrong with it, null when nothing is.</summary>
    internal string? TakeText(string text)
    {
        if (Session.Now is not { } now)
        {
            return "There is nothing stored any more that it could replace";
        }

        var (draft, wrong) = OfText(text, now.Value);
        if (draft is not null)
        {
            Session.Rebase(Time.GetUtcNow());
            Set(draft);
            StateHasChanged();
        }

        return wrong;
    }

    /// <summary>What is there after an edit is this form's own work.</summary>
    internal void OnFinished(OperationResult result)
    {
        if (Editing && result.Outcome is OperationOutcome.Succeeded or OperationOutcome.Unchanged)
        {
            Session.See(Find(State.Current), Time.GetUtcNow());
            TakeTheirs();
        }
    }

    /// <summary>Fills the fields with what an operation asked for that was found by the address.</summary>
    internal void Restore(Operation operation)
    {
        if (operation is WriteResource { Resource: T resource } && (!Editing || Session.Base is not null))
        {
            Set(DraftOf(resource));
        }
    }

    private Stored<T>? Find(ClusterSnapshot snapshot) =>
        snapshot.Calico.FindResource(Id) is { Value: T resource } found ? new Stored<T>(resource, found.Keys) : null;
}
