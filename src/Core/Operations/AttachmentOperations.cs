using CalicoConsole.Core.Kept;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Operations;

/// <summary>Gives endpoints a profile beside those that they have.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Target">Which endpoints.</param>
/// <param name="Remember">Whether the endpoints get it again whenever they come back, because a restarted container has a new endpoint.</param>
public sealed record AttachProfile(string Profile, AttachmentTarget Target, bool Remember = false) : Operation
{
    /// <inheritdoc/>
    public override string Name => "profile.attach";

    /// <inheritdoc/>
    public override string ObjectKind => Kinds.Profile;

    /// <inheritdoc/>
    public override string ObjectName => Profile;
}

/// <summary>Takes a profile from endpoints, and forgets that they shall get it again.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Target">Which endpoints.</param>
/// <param name="Remember">Whether it is taken from the endpoints again whenever they come back with it: a container that restarts gets the profile of its
/// network.</param>
public sealed record DetachProfile(string Profile, AttachmentTarget Target, bool Remember = false) : Operation
{
    /// <inheritdoc/>
    public override string Name => "profile.detach";

    /// <inheritdoc/>
    public override string ObjectKind => Kinds.Profile;

    /// <inheritdoc/>
    public override string ObjectName => Profile;
}
