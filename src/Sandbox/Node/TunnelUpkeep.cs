using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.NodeEmulation.Ipam;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.Sandbox.Node;

/// <summary>Keeps the address of a node's IPIP tunnel right while pools change, as calico/node's confd does.</summary>
internal sealed class TunnelUpkeep(World world, string node, INodeLog log)
{
    /// <summary>Follows the pools until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var directory = V1Keys.PoolDirectory(false);
        var tunnel = new TunnelAddress(world.Keys);
        var next = 0UL;
        while (true)
        {
            try
            {
                if (await world.Keys.WaitAsync(directory, next, null, null, cancellationToken)
                    .ConfigureAwait(false) is EtcdWait.Changed { Answer.Node.ModifiedIndex: var index })
                {
                    next = index + 1;
                }
                else
                {
                    // History is gone, or the store was emptied: go on from here.
                    next = 0;
                    await Task.Delay(TimeSpan.FromSeconds(1), world.Time, cancellationToken).ConfigureAwait(false);
                }

                _ = await tunnel.EnsureAsync(node, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IpamException or EtcdException)
            {
                log.Write(new NodeLogLine(world.Time.GetUtcNow(), "WARNING", e.Message));
            }
        }
    }
}
