using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>An operation of a room above this one, which plans itself: <c>OperationPlanner</c> knows no room above.</summary>
public interface ISelfPlanned
{
    /// <summary>What it would do. Pure; what forbids it is in <see cref="Plan.Errors"/>.</summary>
    PlannedOperation Plan(ClusterSnapshot snapshot);
}
