using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Diagnostics;

/// <summary>Reads the counters as the doctor reads: a probe in calico-node, with the probe's time limit. Thread-safe.</summary>
/// <param name="hosts">The Docker hosts.</param>
/// <param name="time">The clock of the limit and of the samples.</param>
public sealed class RuleCounterReader(IDockerHosts hosts, TimeProvider time) : IRuleCounterReader
{
    /// <inheritdoc/>
    public async Task<HostSample> ReadAsync(string host, CancellationToken cancellationToken)
    {
        if (!hosts.TryGet(host, out var engine))
        {
            return new HostSample(host, time.GetUtcNow(), null, "it is not among Docker:Hosts");
        }

        var (reading, _) = await new ProbeRunner(time, cancellationToken)
            .ExecAsync(engine, CalicoNames.NodeContainer, CalicoNames.NodeContainer, new CountersProbe()).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return new HostSample(host, time.GetUtcNow(), reading.Value, reading.Missing);
    }
}
