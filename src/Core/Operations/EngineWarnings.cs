using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations;

/// <summary>What an engine must have so that the calico drivers can work on it (doctor reference D01, D10 to D12, D17).</summary>
internal static class EngineWarnings
{
    public const string NoClusterStore = "datastore for scope \"global\" is not initialized";

    /// <summary>Warns of what will not work later; for operations that can be done all the same.</summary>
    public static void WarnOfEngine(this PlanBuilder plan, DockerHostState host)
    {
        var info = host.Info!;
        if (EngineVersion.HasNoClusterStoreSupport(info))
        {
            plan.Warn($"Docker {info.ServerVersion} on {host.Name} has no cluster store (removed in 23.0): Calico networks cannot be made there. Docker "
                + "18.06 to 20.10 is needed.");
        }
        else if (info.ClusterStore.Length == 0)
        {
            plan.Warn($"Docker on {host.Name} has no cluster store ({NoClusterStore}): "
                + "start dockerd with --cluster-store=etcd://<address>:2379 before making Calico networks.");
        }

        WarnOfMac(plan, host);
    }

    /// <summary>Refuses what Docker would refuse for a driver of global scope, and a plugin that is not there.</summary>
    public static void RequireCalicoDriver(this PlanBuilder plan, DockerHostState host, string field)
    {
        var info = host.Info!;
        if (EngineVersion.HasNoClusterStoreSupport(info))
        {
            plan.Error("host",
                $"Docker {info.ServerVersion} on {host.Name} has no cluster store (removed in 23.0), which the calico driver needs: use Docker 18.06 to 20.10");
        }
        else if (info.ClusterStore.Length == 0)
        {
            plan.Error("host",
                $"{NoClusterStore}: Docker on {host.Name} was started without --cluster-store; set --cluster-store=etcd://<address>:2379 and restart it");
        }

        RequirePlugin(plan, host, field, EngineWaits.CreateNetwork);
        WarnOfMac(plan, host);
    }

    /// <summary>Refuses when no calico-node serves the plugin.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="host">The host.</param>
    /// <param name="field">The field to blame.</param>
    /// <param name="wait">What Docker does when the plugin is gone, of <see cref="EngineWaits"/>.</param>
    public static void RequirePlugin(this PlanBuilder plan, DockerHostState host, string field, string wait)
    {
        var node = host.CalicoNode();
        if (node?.State == "running")
        {
            return;
        }

        var there = node is null ? $"there is no calico-node on {host.Name}" : $"calico-node on {host.Name} is {node.State}";
        // Docker lists a legacy plugin only once a network uses it, so its absence alone proves nothing and its presence is no life sign.
        if (host.Info!.NetworkPlugins.Contains("calico"))
        {
            plan.Warn($"{there}: unless the plugin runs apart from it, {wait}");
        }
        else
        {
            plan.Error(field, $"plugin \"calico\" not found: {there}; deploy calico-node first");
        }
    }

    private static void WarnOfMac(PlanBuilder plan, DockerHostState host)
    {
        if (EngineVersion.LosesPluginMac(host.Info!))
        {
            plan.Warn($"Docker {host.Info!.ServerVersion} on {host.Name} loses the MAC address that the plugin gives (18.01 to 18.05): containers on "
                + "Calico networks get no answer to any IP packet. Use 17.12.1 or 18.06 to 20.10.");
        }
    }
}
