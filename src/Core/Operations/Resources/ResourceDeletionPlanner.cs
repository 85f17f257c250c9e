using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Plans deletions of any kind as calicoctl 1.6.3 carries them out (docs/calico-v1.md#kinds-and-their-keys).</summary>
internal static class ResourceDeletionPlanner
{
    public static PlannedOperation Plan(DeleteResource operation, ClusterSnapshot snapshot) =>
        KindPlanner.For(operation.Id.Kind).Delete(operation, snapshot) ?? Single(operation, snapshot);

    /// <summary>Deletes the keys of an identity beside the one that counts, which would take its place.</summary>
    public static void SecondKeys(PlanBuilder plan, ClusterSnapshot snapshot, string spelling)
    {
        var calico = snapshot.Calico;
        foreach (var second in calico.SpellingsOf(spelling).Where(k => k != calico.KeyOf(spelling)).Select(calico.Keys.Find).OfType<StoredKey>())
        {
            plan.Write(second.Key, second, null);
        }
    }

    /// <summary>The calicoctl command that deletes it.</summary>
    public static string Command(ResourceId id) => ShellCommand.Join(["calicoctl", "delete", id.Kind, id.Name, .. Deletion(id).Flags]);

    private static Deletion Deletion(ResourceId id) => Kind.Find(id.Kind)?.DeletionOf(id) ?? new();

    private static PlannedOperation Single(DeleteResource operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var id = operation.Id;
        var deletion = Deletion(id);
        if (deletion.Refusal is { } refusal)
        {
            return plan.Error(id.Field, refusal).Build();
        }

        var keys = ResourceCodec.Keys(id);
        if (keys.IsEmpty || snapshot.Calico.Keys.Find(snapshot.Calico.KeyOf(keys[0])) is not { } standing)
        {
            return plan.Error(id.Field, $"resource does not exist: {id}").Build();
        }

        if (operation.ExpectedRevision is { } seen && seen != standing.Revision)
        {
            plan.Warn($"The {id.Kind} was changed since it was looked at: the deletion will be refused.");
            standing = standing with { Revision = seen };
        }

        plan.Step($"delete {id.Kind}");
        plan.Write(standing.Key, standing, null);
        SecondKeys(plan, snapshot, keys[0]);
        plan.Command(Command(id));
        var directory = standing.Key;
        for (var i = 0; i < deletion.EmptyParents; i++)
        {
            directory = directory[..directory.LastIndexOf('/')];
            plan.WriteQuietly(new KeyWrite(directory, null, Expectation.Any) { EmptyDirectory = true });
        }

        plan.Say(deletion.Effects);
        return plan.Build();
    }
}
