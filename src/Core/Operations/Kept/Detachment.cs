using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>
/// A remembered detachment: a profile is taken from the endpoints of a target whenever they come back with it, as they do with the profile of their network.
/// </summary>
/// <param name="Profile">The profile.</param>
/// <param name="Target">From whom.</param>
public sealed record Detachment(string Profile, AttachmentTarget Target)
{
    /// <summary>Its name among what is kept.</summary>
    public string Name => $"{Profile} off {Target.Name}";

    /// <summary>Its key among what is kept.</summary>
    public string Key => KeptKeys.For(KeptKinds.Detachment, Name);

    /// <summary>Those that a snapshot keeps and that can be read, by name.</summary>
    public static IEnumerable<Detachment> All(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Kept.Values.Where(i => i.Kind == KeptKinds.Detachment).Select(i => Attachment.Read(i.Json)).OfType<Attachment>()
            .Select(a => new Detachment(a.Profile, a.Target));
    }

    /// <summary>
    /// The endpoints that have the profile now and should not. What is remembered for a container goes before what is remembered for its network.
    /// </summary>
    public IEnumerable<Stored<WorkloadEndpoint>> Having(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var having = Target.Endpoints(snapshot).Where(e => e.Value.ProfileIds.Contains(Profile));
        if (Target.Network is null)
        {
            return having;
        }

        var excepted = Attachment.All(snapshot).Where(a => a.Profile == Profile && a.Target.Container is not null).SelectMany(a => a.Target.Endpoints(snapshot))
            .Select(e => e.Value.Id).ToHashSet();
        return having.Where(e => !excepted.Contains(e.Value.Id));
    }

    /// <summary>The document that is kept.</summary>
    public string Json() => new Attachment(Profile, Target).Json();
}
