namespace CalicoConsole.Core.Snapshot;

/// <summary>The current snapshot and its changes. Thread-safe; one for the whole process.</summary>
public interface IClusterState
{
    /// <summary>The newest snapshot.</summary>
    ClusterSnapshot Current { get; }

    /// <summary>
    /// Raised after each new snapshot, on the publisher's thread: handlers only take note and return. Feeds batch for at
    /// most 50 ms, so this is raised at most 20 times a second.
    /// </summary>
    event Action<SnapshotChange>? Changed;

    /// <summary>Completes with the first snapshot, the current one included, for which the condition holds; null when it did not within the bound.</summary>
    Task<ClusterSnapshot?> WaitForAsync(Func<ClusterSnapshot, bool> condition, TimeSpan bound, CancellationToken cancellationToken);
}
