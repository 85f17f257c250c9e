using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Reconciliation;

/// <summary>
/// What was read beside the snapshot, on demand: each host's interfaces and Docker's cluster store. What came after the reading began is not judged by it.
/// </summary>
/// <param name="Before">The cluster as it was when the reading began.</param>
/// <param name="At">When it ended.</param>
public sealed record LegReadings(ClusterSnapshot Before, DateTimeOffset At)
{
    /// <summary>The network of each Docker host that was asked, by its configured name.</summary>
    public ImmutableSortedDictionary<string, Reading<HostMachine>> Hosts { get; init; } =
        ImmutableSortedDictionary.Create<string, Reading<HostMachine>>(StringComparer.Ordinal);

    /// <summary>Docker's cluster store.</summary>
    public Reading<DockerStore> Store { get; init; } = Reading.NotAsked<DockerStore>();
}

/// <summary>Reads what the snapshot does not hold. Only reads; safe for concurrent use.</summary>
public interface ILegReader
{
    /// <summary>
    /// Asks every Docker host and the cluster store at once, each with a limit of its own. Never throws but on cancellation: what cannot be read is in the
    /// answer, with the reason.
    /// </summary>
    /// <param name="snapshot">The cluster now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<LegReadings> ReadAsync(ClusterSnapshot snapshot, CancellationToken cancellationToken);
}
