using System.Text;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Nodes;

/// <summary>Plans <c>calicoctl node run</c> and its opposite (docs/calico-v1.md#calico-node).</summary>
internal static class CalicoNodePlanner
{
    public static PlannedOperation Plan(DeployCalicoNode operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        var options = operation.Options;
        foreach (var (field, reason) in CalicoNodeOptionsCheck.Check(options))
        {
            plan.Error(field, reason);
        }

        if (!plan.TryHost(snapshot, operation.Host, out var host))
        {
            return plan.Build();
        }

        plan.CheckDatastore(snapshot);
        var endpoints = string.Join(',', options.EtcdEndpoints.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (endpoints.Length == 0)
        {
            endpoints = CalicoNodeContainer.EndpointsOfClusterStore(host.Info!.ClusterStore);
            if (endpoints.Length == 0)
            {
                plan.Error("etcdEndpoints", host.Info.ClusterStore.Length == 0
                    ? $"{host.Name} has no cluster store, so etcd's address as the host sees it must be given"
                    : $"the cluster store of {host.Name} is {host.Info.ClusterStore}, not etcd: etcd's address as the host sees it must be given");
            }
        }

        var node = options.Name.Length > 0 ? options.Name : host.NodeName;
        if (plan.HasErrors)
        {
            return plan.Build();
        }

        Warnings(plan, snapshot, host, options, node);
        var request = CalicoNodeContainer.Request(options, node, endpoints);
        plan.Docker = new PlannedDocker(host.Name) { Container = request, ContainerId = host.CalicoNode()?.Id, NodeName = node };

        plan.Step(CalicoNodeSteps.Image);
        if (!host.HasImage(options.Image))
        {
            plan.DockerCall(host.Name, $"POST images/create {options.Image}");
            plan.Consequence($"{options.Image} is not on {host.Name} and is pulled first.");
        }

        plan.Step(CalicoNodeSteps.Prepare);
        plan.DockerCall(host.Name, $"POST containers/create {HostPreparation.ContainerName}");
        plan.Consequence("A short-lived privileged container of the same image loads the modules xt_set and ip6_tables (a failure is shown and ignored), "
            + "turns on IPv4 and IPv6 forwarding (a failure ends the deployment) and raises nf_conntrack_max to 1000000 (a failure is a warning), "
            + "as calicoctl does.");
        plan.Command("sudo modprobe -a xt_set ip6_tables");
        plan.Command("sudo sysctl -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.netfilter.nf_conntrack_max=1000000");

        InterfacePrefix(plan, snapshot, node);
        if (host.CalicoNode() is { } old)
        {
            plan.Step(CalicoNodeSteps.RemoveOld);
            plan.DockerCall(host.Name, $"DELETE containers/{old.Id}?force=true");
            plan.Change($"docker/{host.Name}", "container calico-node", DockerDocuments.Container(old), DockerDocuments.Container(request));
            plan.Consequence($"The old calico-node ({old.Image}, {old.State}) is removed. Until the new one runs, policy changes wait, routes to other "
                + "hosts may be withdrawn and no container on a Calico network can start or stop cleanly; running containers keep their links.");
        }
        else
        {
            plan.Change($"docker/{host.Name}", "container calico-node", null, DockerDocuments.Container(request));
        }

        plan.Step(CalicoNodeSteps.Create);
        plan.Step(CalicoNodeSteps.Start);
        plan.Step(CalicoNodeSteps.Log);
        plan.DockerCall(host.Name, "POST containers/create calico-node");
        plan.DockerCall(host.Name, "POST containers/calico-node/start");
        plan.Command(CalicoNodeContainer.CalicoctlCommand(options, endpoints));
        plan.Command(CalicoNodeContainer.Command(request));
        var pools = options.NoDefaultIpPools
            ? "" : ", and a default ipPool for each address family that has none (192.168.0.0/16 and, with IPv6, fd80:24e2:f998:72d6::/64)";
        plan.Consequence($"calico/node writes the node {node} with its BGP address to etcd, the cluster's defaults where they are missing{pools}.");
        plan.Consequence(options.DisableDockerNetworking
            ? "Docker networking is off: the plugin calico is not served on this host."
            : "It serves Docker's network plugins calico and calico-ipam on this host.");
        plan.Consequence($"The deployment ends when the node's log says '{CalicoNodeContainer.StartedLine}', waiting up to 60 s (calicoctl waits 10 s).");
        return plan.Build();
    }

    public static PlannedOperation Plan(RemoveCalicoNode operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        if (!plan.TryHost(snapshot, operation.Host, out var host) || !plan.TryContainer(host, "host", HostLookup.NodeContainerName, out var container))
        {
            return plan.Build();
        }

        var users = host.Containers.Values.Where(c => c.State == "running" && c.Networks.Any(n => CalicoNetworks.IsCalico(host, n.NetworkId)))
            .Select(c => c.Name).ToList();
        if (users.Count > 0)
        {
            plan.Warn($"{Counted.Format(users.Count, "running container")} on Calico networks of {host.Name} ({Counted.Few(users)}) keep their addresses and "
                + "rules, but nobody looks after them: changed policy is not enforced, routes to and from other hosts are withdrawn, and when they stop, their "
                + "addresses and endpoints leak.");
        }

        plan.Docker = new PlannedDocker(host.Name) { ContainerId = container.Id, NodeName = host.NodeName };
        plan.Step(CalicoNodeSteps.RemoveOld);
        plan.Change($"docker/{host.Name}", "container calico-node", DockerDocuments.Container(container), null);
        plan.DockerCall(host.Name, $"DELETE containers/{container.Id}?force=true");
        plan.Command("docker rm -f calico-node");
        plan.Consequence($"The plugins calico and calico-ipam are no longer served: on {host.Name} no Calico network can be made or removed, "
            + "a start of a container on one "
            + "fails after about 15 s, a stop takes about 45 s for each of its networks, and a restart about 60 s, fails and leaves it down.");
        plan.Consequence($"The node's data in etcd stays, the node resource {host.NodeName} and its endpoints included; deploying again takes it up.");
        return plan.Build();
    }

    private static void Warnings(PlanBuilder plan, ClusterSnapshot snapshot, DockerHostState host, CalicoNodeOptions options, string node)
    {
        var info = host.Info!;
        if (!options.DisableDockerNetworking)
        {
            plan.WarnOfEngine(host);
            if (node != info.Name)
            {
                plan.Warn($"The node is called {node}, but the plugin writes endpoints under the host's own name {info.Name}: containers will have no "
                    + "connectivity. Leave the name empty, or disable Docker networking.");
            }
        }

        var version = EngineVersion.Parse(DockerSyntax.Tag(options.Image));
        if (version is not { Major: 2, Minor: 6 })
        {
            plan.Warn($"{options.Image} is not a tagged calico/node v2.6: v3 images and latest carry no Docker plugin and do not read this datastore.");
        }
        else if (EngineVersion.PluginCannotChooseAddress(options.Image, null) == true && !options.DisableDockerNetworking)
        {
            plan.Warn($"calico/node v2.6.3 to v2.6.9 cannot choose an address for a container on a network with a subnet (libnetwork plugin 1.1.2); the "
                + "console proposes one. v2.6.10 and later can.");
        }

        foreach (var other in snapshot.Hosts.Values.Where(h => h.Name != host.Name && h.NodeName == node))
        {
            plan.Warn($"Docker host {other.Name} has the node name {node} too: two hosts would overwrite each other's keys.");
        }

        foreach (var text in (string[])[options.Ip, options.Ip6])
        {
            if (Ip.TryParse(text, out var ip)
                && snapshot.Calico.Nodes.Values.FirstOrDefault(n => n.Value.Name != node && (n.Value.IPv4?.Address == ip || n.Value.IPv6?.Address == ip))
                is { } taken)
            {
                plan.Warn($"Node {taken.Value.Name} already has the address {ip}: calico/node refuses to start with the address of another node.");
            }
        }

        if (options.Ip is "" or "autodetect")
        {
            foreach (var warning in NodeAddressGuard.OfSameMachine(snapshot, host, node))
            {
                plan.Warn(warning);
            }
        }

        if (options.Ip.Length > 0 && options.Ip != "autodetect")
        {
            plan.Warn($"A given address is stored as {options.Ip}/32: "
                + "pools with ipip mode cross-subnet then treat every other node as being in another subnet.");
        }
    }

    private static void InterfacePrefix(PlanBuilder plan, ClusterSnapshot snapshot, string node)
    {
        var key = V1Keys.FelixConfig("InterfacePrefix", node);
        var standing = snapshot.Calico.Keys.Find(key);
        var openstack = snapshot.Calico.WorkloadEndpoints.Values.Where(e => e.Value.Id.Orchestrator == "openstack").Select(e => e.Value.Id.Node)
            .ToHashSet(StringComparer.Ordinal);
        var global = snapshot.Calico.Keys.Find(V1Keys.FelixConfig("InterfacePrefix"))?.Text;
        if (openstack.Count > 0 || global is not null && !Prefixes(global).Contains("cali"))
        {
            plan.Warn($"This etcd also serves OpenStack hosts (global InterfacePrefix {(global is null ? "not set" : $"'{global}'")}): Docker hosts "
                + "without an InterfacePrefix of their own are not policed if the global one lacks cali. "
                + "On a host that runs VMs and containers set it to cali,tap.");
        }

        if (standing is not null && Prefixes(standing.Text).Contains("cali"))
        {
            plan.Consequence($"The host's InterfacePrefix '{standing.Text}' includes cali and stays.");
            return;
        }

        var value = Prefixes(standing?.Text ?? "") switch
        {
            { Length: > 0 } others => string.Join(',', ["cali", .. others]),
            _ => openstack.Contains(node) ? "cali,tap" : "cali",
        };
        plan.Step(CalicoNodeSteps.Prefix);
        plan.Write(key, standing, Encoding.UTF8.GetBytes(value));
        plan.Command(ShellCommand.Etcdctl("set", key, value));
        plan.Consequence($"The host's InterfacePrefix becomes '{value}', so that Felix looks after the interfaces of containers.");
    }

    private static string[] Prefixes(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
