using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.Sandbox.Node;

/// <summary>Reads what Felix and BIRD act upon, as it stands now.</summary>
internal static class ClusterKeys
{
    /// <summary>Calico's keys, parsed.</summary>
    public static async Task<CalicoState> ReadAsync(IEtcdKeys keys, CancellationToken cancellationToken)
    {
        var entries = await new KeyStore(keys).ListAsync(V1Keys.Root, cancellationToken).ConfigureAwait(false);
        return CalicoStateUpdate.FromListing([.. entries.Select(e => new StoredKey(e.Key, e.Value, e.Index))], entries.IsEmpty ? 0 : entries.Max(e => e.Index));
    }

    /// <summary>A Felix parameter of a node: its own, else that of all hosts; null when neither is set.</summary>
    public static string? Felix(this CalicoState state, string node, string name) =>
        (state.Keys.Find(V1Keys.FelixConfig(name, node)) ?? state.Keys.Find(V1Keys.FelixConfig(name)))?.Text;
}
