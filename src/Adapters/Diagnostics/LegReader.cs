using CalicoConsole.Core.Diagnostics.Probes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Adapters.Diagnostics;

/// <summary>Reads hosts as the doctor reads them, all at once, and Docker's cluster store from etcd. Thread-safe.</summary>
/// <param name="hosts">The Docker hosts.</param>
/// <param name="keys">etcd.</param>
/// <param name="time">The clock of the limits.</param>
public sealed class LegReader(IDockerHosts hosts, IEtcdKeys keys, TimeProvider time) : ILegReader
{
    // Of the host's parts only the interfaces count here: the addresses that the doctor asks for are its own loopback.
    private static readonly Ip Loopback = Ip.Parse("127.0.0.1");
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task<LegReadings> ReadAsync(ClusterSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var probes = new ProbeRunner(time, cancellationToken);
        var store = probes.RunAsync("Docker's cluster store", "etcd", Usual, StoreAsync);
        var machines = await Task.WhenAll(snapshot.Hosts.Values.Select(async h => (h.Name, Reading: await HostAsync(probes, h).ConfigureAwait(false))))
            .ConfigureAwait(false);
        var stored = await store.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return new LegReadings(snapshot, time.GetUtcNow())
        {
            Hosts = machines.ToImmutableSortedDictionary(m => m.Name, m => m.Reading, StringComparer.Ordinal),
            Store = stored,
        };
    }

    private async Task<Reading<HostMachine>> HostAsync(ProbeRunner probes, DockerHostState state)
    {
        if (!hosts.TryGet(state.Name, out var host))
        {
            return Reading.Unknown<HostMachine>("it is not among Docker:Hosts");
        }

        if (state.Containers.Values.FirstOrDefault(c => c.Name == CalicoNames.NodeContainer) is not { State: "running" } node)
        {
            return Reading.Unknown<HostMachine>($"{CalicoNames.NodeContainer} does not run there");
        }

        var (reading, _) = await probes.ExecAsync(host, node.Id, CalicoNames.NodeContainer, new MachineProbe("", Loopback, Loopback)).ConfigureAwait(false);
        return reading;
    }

    private async Task<Reading<DockerStore>> StoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await keys.GetAsync(DockerStore.Root, recursive: true, quorum: false, cancellationToken).ConfigureAwait(false);
            return Reading.Known(DockerStore.From(Leaves(answer.Node)));
        }
        catch (EtcdException e) when (e.ErrorCode == EtcdException.KeyNotFound)
        {
            return Reading.Unknown<DockerStore>("Docker keeps nothing in this etcd");
        }
    }

    private static IEnumerable<(string Key, ReadOnlyMemory<byte> Value)> Leaves(EtcdNode node) =>
        node.IsDirectory ? node.Nodes.SelectMany(Leaves) : [(node.Key, node.Value)];
}
