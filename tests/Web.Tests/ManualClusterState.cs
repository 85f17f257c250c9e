using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests;

/// <summary>A cluster state whose snapshots the test publishes.</summary>
internal sealed class ManualClusterState : IClusterState
{
    private Action<SnapshotChange>? _changed;

    public event Action<SnapshotChange>? Changed
    {
        add => _changed += value;
        remove => _changed -= value;
    }

    public int Subscribers => _changed?.GetInvocationList().Length ?? 0;

    public ClusterSnapshot Current { get; private set; } = new();

    public void Publish(ClusterSnapshot snapshot)
    {
        var previous = Current;
        var next = snapshot with { Version = previous.Version + 1 };
        Current = next with { Views = ClusterViews.Update(previous, next, new SnapshotEdit(next, default, [])) };
        _changed?.Invoke(new SnapshotChange(Current, default, []));
    }

    public Task<ClusterSnapshot?> WaitForAsync(Func<ClusterSnapshot, bool> condition, TimeSpan bound, CancellationToken cancellationToken) =>
        Task.FromResult(condition(Current) ? Current : null);
}
