using System.Collections.Immutable;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Drafts;

/// <summary>A draft as the list shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Draft">The draft; null when it cannot be read.</param>
/// <param name="State">Whether it can be applied.</param>
public sealed record DraftRow(string Name, StagedDraft? Draft, StateWords State)
{
    /// <summary>What it changes.</summary>
    public string Resources => Draft is null ? "" : string.Join(", ", Draft.Seen.Keys);

    /// <summary>Who staged it.</summary>
    public string By => Draft?.By ?? "";

    /// <summary>All drafts, by name.</summary>
    public static ImmutableArray<DraftRow> From(ClusterSnapshot snapshot) =>
        [.. snapshot.Kept.Values.Where(k => k.Kind == KeptKinds.Draft).OrderBy(k => k.Name, StringComparer.Ordinal).Select(k => From(snapshot, k))];

    private static DraftRow From(ClusterSnapshot snapshot, KeptItem item)
    {
        if (StagedDraft.Read(item) is not { } draft)
        {
            return new DraftRow(item.Name, null, new(ChipState.Broken, "cannot be read", "Its document is not a draft."));
        }

        var standing = draft.On(snapshot);
        return new DraftRow(item.Name, draft, standing.State switch
        {
            DraftState.InForce => new(ChipState.Healthy, "in force", "What it writes is stored already: there is nothing to apply."),
            DraftState.Conflict => new(ChipState.Attention, "conflict", $"Changed since: {string.Join(", ", standing.Conflicts.Select(c => c.Resource))}."),
            _ => new(ChipState.Working, "can be applied", "Not in force: nothing of it was written."),
        });
    }
}
