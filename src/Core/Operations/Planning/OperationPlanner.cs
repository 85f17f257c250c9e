using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Planning;

/// <summary>Plans every operation of this version. Pure and safe for concurrent use; it remembers the last evaluation of assertions that it made.</summary>
/// <param name="models">Reachability models shared with others; null makes its own.</param>
public sealed class OperationPlanner(IReachabilityModels? models = null) : IOperationPlanner
{
    private readonly AssertionGuard _guard = new(models);

    /// <inheritdoc/>
    public PlannedOperation Plan(Operation operation, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(snapshot);
        return _guard.Check(operation, RuleGuard.Check(operation, NodeAddressGuard.Check(PlanUnguarded(operation, snapshot), snapshot), snapshot), snapshot);
    }

    private static PlannedOperation PlanUnguarded(Operation operation, ClusterSnapshot snapshot) => operation switch
    {
        WriteResource o => ResourcePlanner.Plan(o, snapshot),
        DeleteResource o => ResourceDeletionPlanner.Plan(o, snapshot),
        ApplyManifest o => ManifestPlanner.Plan(o, snapshot),
        SetConfiguration o => ConfigurationPlanner.Plan(o, snapshot),
        IpamOperation o => IpamPlanner.Plan(o, snapshot),
        AttachProfile o => AttachmentPlanner.Plan(o, snapshot),
        DetachProfile o => AttachmentPlanner.Plan(o, snapshot),
        SwapProfile o => SwapPlanner.Plan(o, snapshot),
        JoinVms o => JoinPlanner.Plan(o, snapshot),
        SaveKept o => KeptPlanner.Plan(o, snapshot),
        DeleteKept o => KeptPlanner.Plan(o, snapshot),
        ReorderPolicies o => PolicyBoardPlanner.Plan(o, snapshot),
        DisablePolicy o => PolicyBoardPlanner.Plan(o, snapshot),
        EnablePolicy o => PolicyBoardPlanner.Plan(o, snapshot),
        DeleteDisabledPolicy o => PolicyBoardPlanner.Plan(o, snapshot),
        RemoveKey o => KeyPlanner.Plan(o, snapshot),
        DeployCalicoNode o => CalicoNodePlanner.Plan(o, snapshot),
        RemoveCalicoNode o => CalicoNodePlanner.Plan(o, snapshot),
        CreateNetwork o => NetworkPlanner.Plan(o, snapshot),
        DeleteNetwork o => NetworkPlanner.Plan(o, snapshot),
        CreateContainer o => ContainerPlanner.Plan(o, snapshot),
        ChangeContainer o => ContainerChangePlanner.Plan(o, snapshot),
        ReleaseEndpoint o => ReleaseEndpointPlanner.Plan(o, snapshot),
        SetContainerMac o => SetContainerMac.Plan(o, snapshot),
        Ping o => ProbePlanner.Plan(o, snapshot),
        ConnectTcp o => ProbePlanner.Plan(o, snapshot),
        ResetSandbox => ResetSandbox.Plan(),
        ISelfPlanned o => o.Plan(snapshot),
        _ => new PlanBuilder().Error("operation", $"{operation.Name} is not an operation of this version").Build(),
    };
}
