using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>Removes a key whose value cannot be read, or that is a second key of something. Keys that can be read are deleted as what they stand for.</summary>
/// <param name="Key">The key as it stands in etcd.</param>
/// <param name="ExpectedRevision">The revision that the person saw; null takes the snapshot's.</param>
public sealed record RemoveKey(string Key, ulong? ExpectedRevision = null) : KeyOperation, INamedOperation
{
    private static readonly OperationName Remove = new("key.remove", "Remove key", "Removing", "Removed");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Remove];

    /// <summary>The kind of object under which the audit keeps it.</summary>
    public const string Kind = KindWords.RawKey;

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => Kind;

    /// <inheritdoc/>
    public override string ObjectName => Key;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.Overview)];

    /// <inheritdoc/>
    protected override OperationName Called => Remove;
}

/// <summary>Plans the removal of keys that cannot be read. Pure.</summary>
internal static class KeyPlanner
{
    public static PlannedOperation Plan(RemoveKey operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        plan.CheckDatastore(snapshot);
        if (!snapshot.Calico.Unparsable.TryGetValue(operation.Key, out var bad))
        {
            return plan.Error("key", snapshot.Calico.Keys.TryGet(operation.Key, out _)
                ? $"{operation.Key} can be read: delete what it stands for"
                : $"there is no key {operation.Key}").Build();
        }

        var standing = bad.Stored;
        if (operation.ExpectedRevision is { } seen && seen != standing.Revision)
        {
            plan.Warn("The key was changed since it was looked at: the removal will be refused.");
            standing = standing with { Revision = seen };
        }

        plan.Step("remove key");
        plan.Write(standing.Key, standing, null);
        plan.Command(ShellCommand.Etcdctl("rm", standing.Key));
        plan.Consequence($"Why it cannot be read: {bad.Reason}.");
        plan.Consequence("Its value is kept in the audit entry of this operation, byte for byte where it is text.");
        if (Warning(bad.Kind) is { } warning)
        {
            plan.Warn(warning);
        }

        return plan.Build();
    }

    private static string? Warning(string kind) => kind == KindNames.IpamBlock
        ? "Calico forgets which addresses of the block are taken and may give them out a second time: check first which endpoints have one."
        : Kind.Find(kind)?.UnreadableRemoved;
}
