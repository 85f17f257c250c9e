using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Effects;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Areas.Operations;

/// <summary>What the forms share that create a resource.</summary>
/// <typeparam name="T">The resource.</typeparam>
/// <typeparam name="TDraft">What is typed.</typeparam>
public abstract class CreatePageBase<T, TDraft> : SnapshotComponentBase
    where T : class
    where TDraft : class, new()
{
    /// <summary>The draft.</summary>
    protected TDraft Draft { get; private set; } = new();

    /// <summary>What will be done; null while the draft cannot be read.</summary>
    protected WriteResource? Operation { get; private set; }

    /// <summary>Why it cannot be read.</summary>
    protected ImmutableArray<FieldError> Errors { get; private set; } = [];

    private protected DraftPreview Preview { get; } = new();

    /// <summary>The draft to begin with.</summary>
    protected virtual TDraft Fresh() => new();

    /// <summary>The draft that says the same as a resource.</summary>
    protected abstract TDraft DraftOf(T resource);

    /// <summary>The resource of a draft, or why it cannot be read.</summary>
    protected abstract (T? Resource, ImmutableArray<FieldError> Errors) Read(TDraft draft);

    /// <summary>Called with each snapshot, for what the fields offer.</summary>
    protected virtual void Offer(ClusterSnapshot snapshot)
    {
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        Set(Fresh());
    }

    /// <inheritdoc/>
    protected override void OnSnapshot() => Offer(Snapshot);

    /// <summary>Shows the effect of a draft that is not taken yet; null ends it.</summary>
    protected void Try(TDraft? draft) => Preview.Try(draft is null ? null : Read(draft).Resource);

    /// <summary>Takes a draft.</summary>
    protected void Set(TDraft draft)
    {
        Draft = draft;
        var (resource, errors) = Read(draft);
        (Operation, Errors) = (resource is null ? null : new WriteResource(WriteVerb.Create, resource), errors);
        Preview.Set(resource, draft as IRuleDraft);
    }

    /// <summary>Begins anew.</summary>
    protected void Clear() => Set(Fresh());

    /// <summary>Fills the fields with what an operation asked for.</summary>
    protected void Restore(Operation operation)
    {
        if (operation is WriteResource { Resource: T resource })
        {
            Set(DraftOf(resource));
        }
    }
}
