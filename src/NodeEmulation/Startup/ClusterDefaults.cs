using System.Text;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.NodeEmulation.Store;

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>Values and directories that Felix, BIRD's templates and IPAM want to find (docs/calico-v1.md#what-caliconode-writes-at-its-start).</summary>
internal sealed class ClusterDefaults(KeyStore store)
{
    public async Task EnsureAsync(string node, string version, string clusterType, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in new (string, string)[]
        {
            (V1Keys.FelixConfig("ReportingIntervalSecs"), "0"),
            (V1Keys.FelixConfig("LogSeverityScreen"), "info"),
            (V1Keys.FelixConfig("DefaultEndpointToHostAction", node), "RETURN"),
            (V1Keys.BgpGlobal("node_mesh"), """{"enabled":true}"""),
            (V1Keys.BgpGlobal("as_num"), "64512"),
            (V1Keys.BgpGlobal("loglevel"), "info"),
        })
        {
            _ = await store.CreateAsync(key, Encoding.UTF8.GetBytes(value), cancellationToken).ConfigureAwait(false);
        }

        await store.ApplyAsync(V1Keys.FelixConfig("CalicoVersion"), Encoding.UTF8.GetBytes(version), cancellationToken).ConfigureAwait(false);
        await MergeClusterTypeAsync(clusterType, cancellationToken).ConfigureAwait(false);
        foreach (var directory in new[]
        {
            V1Keys.PoolDirectory(false),
            V1Keys.PoolDirectory(true),
            $"{V1Keys.BgpGlobalDirectory}/custom_filters/v4",
            $"{V1Keys.BgpGlobalDirectory}/custom_filters/v6",
            V1Keys.IpamAffinities(node, false),
            V1Keys.IpamAffinities(node, true),
        })
        {
            await store.EnsureDirectoryAsync(directory, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MergeClusterTypeAsync(string clusterType, CancellationToken cancellationToken)
    {
        if (clusterType.Length == 0)
        {
            return;
        }

        var key = V1Keys.FelixConfig("ClusterType");
        var entry = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        var known = entry is null ? [] : Encoding.UTF8.GetString(entry.Value.Span).Split(',', StringSplitOptions.RemoveEmptyEntries);
        var merged = known.Concat(clusterType.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).ToArray();
        if (merged.Length > known.Length)
        {
            await store.ApplyAsync(key, Encoding.UTF8.GetBytes(string.Join(',', merged)), cancellationToken).ConfigureAwait(false);
        }
    }
}
