using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Web.Tests;

/// <summary>Readings of hosts that a test gives.</summary>
internal sealed class GivenReadings : ILegReader
{
    /// <summary>What is read; nothing at first.</summary>
    public Func<ClusterSnapshot, Task<LegReadings>> Answer { get; set; } = s => Task.FromResult(new LegReadings(s, DateTimeOffset.UnixEpoch));

    public Task<LegReadings> ReadAsync(ClusterSnapshot snapshot, CancellationToken cancellationToken) => Answer(snapshot).WaitAsync(cancellationToken);
}
