using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Policies;

/// <summary>Brings the policies into a sequence by changing the orders of as few of them as can be; the rest of each document stays.</summary>
/// <param name="Wanted">Names of all policies in the wanted sequence.</param>
public sealed record ReorderPolicies(ImmutableArray<string> Wanted) : KeyOperation, INamedOperation
{
    private static readonly OperationName Reorder = new("policy.reorder", "Change the policies'", "Changing", "Changed");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Reorder];

    /// <summary>The sequence that the person saw; the operation is refused when the policies come otherwise by now. Default takes the snapshot's.</summary>
    public ImmutableArray<PolicyOrder> Seen { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Reorder.About("the order of the policies");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Policy;

    /// <inheritdoc/>
    public override string ObjectName => "order";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
        [new(null, new Destination.ResourceList(KindNames.Policy))];

    /// <inheritdoc/>
    protected override OperationName Called => Reorder;
}

/// <summary>
/// Takes a policy out of force: its document goes from etcd and is kept, byte for byte, in the console's own database. Calico itself knows no
/// disabled policies.
/// </summary>
/// <param name="PolicyName">Which.</param>
/// <param name="By">Who, for the board.</param>
/// <param name="At">When (UTC), for the board.</param>
/// <param name="ExpectedRevision">The revision the person saw; null takes the snapshot's.</param>
public sealed record DisablePolicy(string PolicyName, string By, DateTimeOffset At, ulong? ExpectedRevision = null) : KeyOperation, INamedOperation
{
    private static readonly OperationName Disable = new("policy.disable", "Disable policy", "Disabling", "Disabled");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Disable];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Policy;

    /// <inheritdoc/>
    public override string ObjectName => PolicyName;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.PolicyBoard)];

    /// <inheritdoc/>
    protected override OperationName Called => Disable;
}

/// <summary>Gives up a disabled policy: the document that the console keeps of it goes. Nothing in etcd changes.</summary>
/// <param name="PolicyName">Which.</param>
/// <param name="ExpectedRevision">The revision of the kept document that the person saw; null takes the snapshot's.</param>
public sealed record DeleteDisabledPolicy(string PolicyName, ulong? ExpectedRevision = null) : KeyOperation, INamedOperation
{
    private static readonly OperationName Delete = new("policy.deleteDisabled", "Delete disabled policy", "Deleting", "Deleted");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Delete];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words => Delete.About($"disabled policy {PolicyName}");

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Policy;

    /// <inheritdoc/>
    public override string ObjectName => PolicyName;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.PolicyBoard)];

    /// <inheritdoc/>
    protected override OperationName Called => Delete;
}

/// <summary>Puts a disabled policy back into force: its document goes back to etcd as it was.</summary>
/// <param name="PolicyName">Which.</param>
/// <param name="ExpectedRevision">The revision of the kept document that the person saw; null takes the snapshot's.</param>
public sealed record EnablePolicy(string PolicyName, ulong? ExpectedRevision = null) : KeyOperation, INamedOperation
{
    private static readonly OperationName Enable = new("policy.enable", "Enable policy", "Enabling", "Enabled");

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Enable];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => KindNames.Policy;

    /// <inheritdoc/>
    public override string ObjectName => PolicyName;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
    [
        NextStep.Resource(new ResourceId(KindNames.Policy, PolicyName)),
        NextStep.Page(ConsolePage.PolicyBoard),
    ];

    /// <inheritdoc/>
    protected override OperationName Called => Enable;
}
