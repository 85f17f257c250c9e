using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>
/// The address of a node's IPIP tunnel, taken from an enabled pool with IPIP (calico/node 2.6.9 <c>allocate-ipip-addr</c>;
/// docs/calico-v1.md#what-caliconode-writes-at-its-start). To be run at start and whenever pools change.
/// </summary>
/// <param name="keys">The datastore.</param>
public sealed class TunnelAddress(IEtcdKeys keys)
{
    private readonly KeyStore _store = new(keys);
    private readonly IpamClient _ipam = new(keys);

    /// <summary>Makes the node's tunnel address right and answers it; null when no pool uses IPIP.</summary>
    /// <exception cref="IpamException">The pools with IPIP are full.</exception>
    public async Task<Ip?> EnsureAsync(string node, CancellationToken cancellationToken)
    {
        var key = V1Keys.FelixConfig("IpInIpTunnelAddr", node);
        var pools = (await _ipam.PoolsAsync(false, cancellationToken).ConfigureAwait(false))
            .Where(p => p.IpipEnabled && !p.Disabled).Select(p => p.Cidr).ToImmutableArray();
        var entry = await _store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        Ip? current = entry is not null && Ip.TryParse(Encoding.UTF8.GetString(entry.Value.Span), out var ip) ? ip : null;
        if (current is { } kept && pools.Any(p => p.Contains(kept)))
        {
            return kept;
        }

        if (current is { } old)
        {
            _ = await _ipam.ReleaseAsync([old], cancellationToken).ConfigureAwait(false);
        }

        if (pools.IsEmpty)
        {
            if (entry is not null)
            {
                _ = await _store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }

        var given = await _ipam.AutoAssignAsync(new AutoAssignRequest(node, 1, false) { Pools = pools }, cancellationToken).ConfigureAwait(false);
        if (given.IsEmpty)
        {
            throw new IpamException($"No address for the IPIP tunnel of node {node} is free in the pools {string.Join(", ", pools)}");
        }

        await _store.ApplyAsync(key, Encoding.UTF8.GetBytes(given[0].ToString()), cancellationToken).ConfigureAwait(false);
        return given[0];
    }
}
