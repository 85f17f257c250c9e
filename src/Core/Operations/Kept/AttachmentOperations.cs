using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>Gives endpoints a profile beside those that they have.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Target">Which endpoints.</param>
/// <param name="Remember">Whether the endpoints get it again whenever they come back, because a restarted container has a new endpoint.</param>
public sealed record AttachProfile(string Profile, AttachmentTarget Target, bool Remember = false) : KeyOperation, INamedOperation
{
    private static readonly OperationName Attach = new("profile.attach", "Attach profile", "Attaching", "Attached");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Attach];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => new(Attach.Title, $"the profile {Profile} on {Target.Name}", $"Attaching the profile {Profile} to {Target.Name}",
        $"Attached the profile {Profile} to {Target.Name}");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Profile;

    /// <inheritdoc/>
    public override string ObjectName => Profile;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
    [
        NextStep.Profile(Profile),
        new("Detach it again", new Destination.DetachForm(Target, Profile)),
    ];

    /// <inheritdoc/>
    protected override OperationName Called => Attach;
}

/// <summary>Takes a profile from endpoints, and forgets that they shall get it again.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Target">Which endpoints.</param>
/// <param name="Remember">Whether it is taken from the endpoints again whenever they come back with it: a container that restarts gets the profile of its
/// network.</param>
public sealed record DetachProfile(string Profile, AttachmentTarget Target, bool Remember = false) : KeyOperation, INamedOperation
{
    private static readonly OperationName Detach = new("profile.detach", "Detach profile", "Detaching", "Detached");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Detach];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => new(Detach.Title, $"the profile {Profile} on {Target.Name}", $"Detaching the profile {Profile} from {Target.Name}",
        $"Detached the profile {Profile} from {Target.Name}");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Profile;

    /// <inheritdoc/>
    public override string ObjectName => Profile;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Profile(Profile)];

    /// <inheritdoc/>
    protected override OperationName Called => Detach;
}
