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

/// <summary>Puts a profile in the place of another on endpoints: one write an endpoint, so that none is without both or carries both in between.</summary>
/// <param name="From">The profile that goes.</param>
/// <param name="To">The profile that comes, in its place.</param>
/// <param name="Target">Which endpoints; those that do not carry <paramref name="From"/> stay as they are.</param>
/// <param name="Remember">Whether it is remembered as both: endpoints that come back lose the one and get the other again.</param>
public sealed record SwapProfile(string From, string To, AttachmentTarget Target, bool Remember = false) : KeyOperation, INamedOperation
{
    private static readonly OperationName Swap = new("profile.swap", "Swap profile", "Swapping", "Swapped");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Swap];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => new(Swap.Title, $"the profile {From} for {To} on {Target.Name}",
        $"Swapping the profile {From} for {To} on {Target.Name}", $"Swapped the profile {From} for {To} on {Target.Name}");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Profile;

    /// <inheritdoc/>
    public override string ObjectName => To;

    /// <inheritdoc/>
    public override ImmutableArray<string> AlsoAbout => [From];

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
    [
        NextStep.Profile(To),
        NextStep.Profile(From),
        new("Swap it back", new Destination.SwapForm(Target, To, From)),
    ];

    /// <summary>The profiles of an endpoint after it: the new one where the old one was, because the first rule that matches decides.</summary>
    public static ImmutableArray<string> Swapped(ImmutableArray<string> profiles, string from, string to) =>
        [.. profiles.Select(p => p == from ? to : p).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    protected override OperationName Called => Swap;
}
