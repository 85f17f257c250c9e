using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Effects;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Live;

namespace CalicoConsole.Web.Areas.Profiles;

/// <summary>What creating and editing a profile share.</summary>
public abstract class ProfilePageBase : SnapshotComponentBase
{
    /// <summary>The draft.</summary>
    protected ProfileDraft Draft { get; private set; } = new();

    /// <summary>The profile that the draft says; null while it cannot be read.</summary>
    protected Profile? Profile { get; private set; }

    /// <summary>Why it cannot be read.</summary>
    protected ImmutableArray<FieldError> Errors { get; private set; } = [];

    /// <summary>The name that must stay; null for a new profile.</summary>
    protected virtual string? KeptName => null;

    /// <summary>What fields offer.</summary>
    protected RuleChoices Choices { get; private set; } = RuleChoices.Empty;

    private protected DraftPreview Preview { get; } = new();

    /// <summary>Takes a draft.</summary>
    protected void Set(ProfileDraft draft)
    {
        Draft = draft;
        (Profile, Errors) = draft.ToProfile(KeptName);
        Preview.Set(Profile, draft);
    }

    /// <summary>Shows the effect of a draft that is not taken yet; null ends it.</summary>
    protected void Try(ProfileDraft? draft) => Preview.Try(draft?.ToProfile(KeptName).Profile);

    /// <summary>Takes what a snapshot offers.</summary>
    protected void Offer(ClusterSnapshot snapshot) => Choices = RuleChoices.From(snapshot, Choices);
}
