using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>Saves something that the console keeps in its own database; what stands under that name is replaced.</summary>
/// <param name="Kind">One of <see cref="KeptKinds"/>.</param>
/// <param name="ItemName">Its name, unique within its kind.</param>
/// <param name="Json">Its document.</param>
/// <param name="ExpectedRevision">The revision the person saw, 0 when it must be new; null takes the snapshot's.</param>
public sealed record SaveKept(string Kind, string ItemName, string Json, ulong? ExpectedRevision = null) : KeyOperation, INamedOperation
{
    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [.. KeptKinds.All.Select(Save)];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => Kind;

    /// <inheritdoc/>
    public override string ObjectName => ItemName;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
        [Kind == KeptKinds.Assertion ? new(null, new Destination.Assertion(ItemName)) : ListOf(Kind)];

    /// <summary>The way to where things of a kind are listed; attachments are shown with their profiles.</summary>
    internal static NextStep ListOf(string kind) => kind switch
    {
        KeptKinds.Assertion => NextStep.Page(ConsolePage.Assertions),
        KeptKinds.Draft => NextStep.Page(ConsolePage.Drafts),
        KeptKinds.DisabledPolicy => NextStep.Page(ConsolePage.PolicyBoard),
        KeptKinds.Attachment or KeptKinds.Detachment => new(null, new Destination.ResourceList(KindNames.Profile)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "nothing of this kind is kept"),
    };

    /// <inheritdoc/>
    protected override OperationName Called => Save(Kind);

    private static OperationName Save(string kind) => new($"{kind}.save", $"Save {KindWords.For(kind)}", "Saving", "Saved");
}

/// <summary>Deletes something that the console keeps in its own database.</summary>
/// <param name="Kind">One of <see cref="KeptKinds"/>.</param>
/// <param name="ItemName">Its name.</param>
/// <param name="ExpectedRevision">The revision the person saw; null takes the snapshot's.</param>
public sealed record DeleteKept(string Kind, string ItemName, ulong? ExpectedRevision = null) : KeyOperation, INamedOperation
{
    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [.. KeptKinds.All.Select(Delete)];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => Kind;

    /// <inheritdoc/>
    public override string ObjectName => ItemName;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [SaveKept.ListOf(Kind)];

    /// <inheritdoc/>
    protected override OperationName Called => Delete(Kind);

    private static OperationName Delete(string kind) =>
        new($"{kind}.delete", $"{(kind == KeptKinds.Draft ? "Discard" : "Delete")} {KindWords.For(kind)}", "Deleting", "Deleted");
}
