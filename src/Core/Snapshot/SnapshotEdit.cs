namespace CalicoConsole.Core.Snapshot;

/// <summary>A snapshot with what was changed on the way to it.</summary>
/// <param name="Snapshot">The result.</param>
/// <param name="Keys">Datastore keys that changed; default (not empty) when everything may have.</param>
/// <param name="Hosts">Docker hosts whose objects changed.</param>
public sealed record SnapshotEdit(ClusterSnapshot Snapshot, ImmutableArray<string> Keys, ImmutableArray<string> Hosts)
{
    /// <summary>An edit that changed neither keys nor hosts.</summary>
    public static SnapshotEdit From(ClusterSnapshot snapshot) => new(snapshot, [], []);

    /// <summary>This edit followed by another that started from its result.</summary>
    public SnapshotEdit Then(SnapshotEdit next) => new(
        next.Snapshot,
        Keys.IsDefault || next.Keys.IsDefault ? default : Keys.AddRange(next.Keys),
        next.Hosts.IsEmpty ? Hosts : [.. Hosts.Union(next.Hosts)]);
}
