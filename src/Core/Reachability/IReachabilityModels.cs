using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reachability;

/// <summary>Keeps a compiled model that several share, so that not each of them compiles its own. Safe for concurrent use.</summary>
public interface IReachabilityModels
{
    /// <summary>The model of a snapshot: the shared one when that is of the same state of the datastore, else one made for the caller.</summary>
    ReachabilityModel For(ClusterSnapshot snapshot);
}
