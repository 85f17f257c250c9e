using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>Plans deletions of any kind as calicoctl 1.6.3 carries them out (docs/calico-v1.md#kinds-and-their-keys).</summary>
internal static class ResourceDeletionPlanner
{
    public static PlannedOperation Plan(DeleteResource operation, ClusterSnapshot snapshot)
    {
        var id = operation.Id;
        return id.Kind switch
        {
            KindNames.IPPool when Cidr.TryParse(id.Name, out var cidr)
                && snapshot.Calico.IPPools.ContainsKey(cidr) =>
                IPPoolPlanner.Delete(cidr, operation, snapshot),
            KindNames.Profile => ProfilePlanner.Delete(operation, snapshot),
            KindNames.Node => NodeDeletionPlanner.Plan(operation, snapshot),
            _ => Single(operation, snapshot),
        };
    }

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
    public static string Command(ResourceId id)
    {
        ImmutableArray<string> words = ["calicoctl", "delete", id.Kind, id.Name];
        return ShellCommand.Of(id.Kind switch
        {
            KindNames.BgpPeer when id.Node.Length == 0 => words.Add("--scope=global"),
            KindNames.BgpPeer => words.AddRange("--scope=node", $"--node={id.Node}"),
            KindNames.HostEndpoint => words.Add($"--node={id.Node}"),
            KindNames.WorkloadEndpoint => words.AddRange($"--node={id.Node}", $"--orchestrator={id.Orchestrator}", $"--workload={id.Workload}"),
            _ => words,
        });
    }

    private static PlannedOperation Single(DeleteResource operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        var id = operation.Id;
        if (id.Kind == KindNames.Policy && id.Name.StartsWith("knp.default.", StringComparison.Ordinal))
        {
            return plan.Error(id.Field, $"operation Delete is not supported on {id.Name}").Build();
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
        switch (id.Kind)
        {
            case KindNames.WorkloadEndpoint:
                plan.WriteQuietly(Empty(Directory(standing.Key)));
                plan.WriteQuietly(Empty(Directory(Directory(standing.Key))));
                plan.Warn("The interface loses its policy and its route: Felix drops its traffic. Its addresses stay assigned in IPAM.");
                break;
            case KindNames.HostEndpoint:
                plan.Consequence("Its interface is no longer policed: all traffic of the host passes it again.");
                break;
            case KindNames.Policy:
                plan.Consequence("Endpoints that no other policy governs follow their profiles again.");
                break;
            case KindNames.BgpPeer:
                plan.Consequence($"BIRD on {(id.Node.Length == 0 ? "every node" : id.Node)} ends its session to {id.Name}; routes learned over it go.");
                break;
        }

        return plan.Build();
    }

    private static string Directory(string key) => key[..key.LastIndexOf('/')];

    private static KeyWrite Empty(string directory) => new(directory, null, Expectation.Any) { EmptyDirectory = true };
}
