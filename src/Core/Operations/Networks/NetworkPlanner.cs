using System.Text.RegularExpressions;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Networks;

/// <summary>Plans Docker networks; for the calico drivers with the refusals of the plugin (golden <c>docker/*</c>, docs/calico-v1.md#docker-plugin).</summary>
internal static partial class NetworkPlanner
{
    public const string StepCreate = "create network";
    public const string StepRemove = "remove network";
    private static readonly string[] Predefined = ["bridge", "host", "none"];

    public static PlannedOperation Plan(CreateNetwork operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        var name = operation.NetworkName;
        var driver = operation.Driver.Length == 0 ? "bridge" : operation.Driver;
        var calico = driver == CalicoNetworks.Driver;
        if (string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
        {
            plan.Error("name", "a network needs a name");
        }
        else if (calico && !Tags().IsMatch(name))
        {
            plan.Error("name",
                $"error with field Tag = '{name}': "
                + "the plugin makes a profile and a tag of the network's name, so it is 1 to 128 of a-z, A-Z, 0-9, '_', '.', '-'");
        }

        var subnet = Subnet(plan, operation.Subnet);
        if (!plan.TryHost(snapshot, operation.Host, out var host))
        {
            return plan.Build();
        }

        if (host.Networks.Values.Any(n => n.Name == name)
            || (calico && snapshot.StoreMates(host).Any(h => h.Networks.Values.Any(n => n.Scope == "global" && n.Name == name))))
        {
            plan.Error("name", $"network with name {name} already exists");
        }

        if (calico)
        {
            CheckCalico(plan, snapshot, host, operation, subnet);
        }
        else if (operation.IpamDriver == CalicoNetworks.IpamDriver)
        {
            plan.Warn($"The IPAM driver calico-ipam answers the gateway 0.0.0.0/0, which the driver {driver} is not made for.");
        }

        var request = new DockerNetworkRequest(name, driver, operation.IpamDriver, subnet is { } s ? [s.ToString()] : []);
        plan.Docker = new PlannedDocker(host.Name) { Network = request, NodeName = host.NodeName, OnCalicoNetwork = calico };
        plan.Step(StepCreate);
        plan.Change($"docker/{host.Name}", $"network {name}", null, DockerDocuments.Network(request));
        plan.DockerCall(host.Name, $"POST networks/create {name}");
        plan.Command(ShellCommand.Join(
            (string[])
            [
                "docker", "network", "create", "--driver", driver,
                .. Option("--ipam-driver", operation.IpamDriver),
                .. subnet is { } c ? (string[])[$"--subnet={c}"] : [],
                name,
            ]));
        plan.Consequence(calico
            ? $"The network is of global scope: Docker keeps it in the cluster store and every host of that store sees it. Calico itself stores nothing "
                + $"yet; the profile {name} appears with the first container."
            : $"The network exists on {host.Name} as the driver {driver} makes it; Calico is not involved.");
        return plan.Build();
    }

    public static PlannedOperation Plan(DeleteNetwork operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        if (!plan.TryHost(snapshot, operation.Host, out var host) || !plan.TryNetwork(host, "name", operation.NetworkName, out var network))
        {
            return plan.Build();
        }

        if (Predefined.Contains(network.Name))
        {
            plan.Error("name", $"{network.Name} is a pre-defined network and cannot be removed");
        }

        var hosts = network.Scope == "global" ? snapshot.StoreMates(host) : [host];
        var members = hosts.SelectMany(
            h => h.Containers.Values.SelectMany(c => c.Networks.Where(a => a.NetworkId == network.Id).Select(a => (Host: h.Name, Container: c, Attachment: a))))
            .ToList();
        var active = members.Where(m => m.Attachment.EndpointId.Length > 0).Select(m => $"{m.Host}/{m.Container.Name}").ToList();
        if (active.Count > 0)
        {
            plan.Error("name",
                $"error while removing network: network {network.Name} id {network.Id} has active endpoints: {Counted.Few(active)}; "
                + "stop or disconnect them first");
        }
        else if (members.Count > 0)
        {
            plan.Warn($"{Counted.Format(members.Count, "stopped container", "belongs", "belong")} to this network "
                + $"({Counted.Few([.. members.Select(m => $"{m.Host}/{m.Container.Name}")])}) and cannot be started once it is gone.");
        }

        var calico = network.Driver == CalicoNetworks.Driver;
        if (calico)
        {
            plan.RequirePlugin(host, "host", EngineWaits.RemoveNetwork);
        }

        plan.Docker = new PlannedDocker(host.Name) { NetworkId = network.Id, NodeName = host.NodeName, OnCalicoNetwork = calico };
        plan.Step(StepRemove);
        plan.Change($"docker/{host.Name}", $"network {network.Name}", DockerDocuments.Network(network), null);
        plan.DockerCall(host.Name, $"DELETE networks/{network.Id}");
        plan.Command(ShellCommand.Join("docker", "network", "rm", network.Name));
        if (network.Scope == "global")
        {
            plan.Consequence("The network is of global scope: it is removed from every host of this cluster store.");
        }

        if (calico)
        {
            plan.Consequence($"Calico keeps the ipPool{(snapshot.Calico.Profiles.ContainsKey(network.Name) ? $" and the profile {network.Name}" : "")}; a "
                + "new network of this name takes the profile up as it is.");
        }

        return plan.Build();
    }

    private static void CheckCalico(PlanBuilder plan, ClusterSnapshot snapshot, DockerHostState host, CreateNetwork operation, Cidr? subnet)
    {
        if (operation.IpamDriver != CalicoNetworks.IpamDriver)
        {
            plan.Error("ipamDriver",
                "Non-Calico IPAM driver is used. Note: Docker before 1.12.3 is unsupported (the calico driver needs --ipam-driver calico-ipam)");
        }

        plan.CheckDatastore(snapshot);
        plan.RequireCalicoDriver(host, "driver");
        var pools = snapshot.Calico.IPPools;
        if (subnet is { } wanted)
        {
            if (wanted.IsIPv6)
            {
                plan.Error("subnet", "an IPv6 subnet needs an IPv6 network beside an IPv4 one, which is not offered here");
            }
            else if (!pools.TryGetValue(wanted.Masked(), out var pool))
            {
                var known = pools.IsEmpty ? "there is no ipPool" : $"there are {Counted.Few([.. pools.Keys.Select(k => k.ToString())])}";
                plan.Error("subnet",
                    $"The requested subnet must match the CIDR of a configured Calico IP Pool. ({known}; create an ipPool {wanted.Masked()} first)");
            }
            else if (pool.Value.Disabled)
            {
                plan.Warn($"ipPool {wanted} is disabled: the network can be made, but containers on it get no address (No configured Calico pools).");
            }

            if (!wanted.IsMasked)
            {
                plan.Error("subnet", $"{wanted} has host bits; the pool's own CIDR is {wanted.Masked()}");
            }

            return;
        }

        plan.Warn(pools.Values.Any(p => !p.Value.Cidr.IsIPv6 && !p.Value.Disabled)
            ? "Without a subnet the network takes addresses from any enabled ipPool, and --ip cannot be given for its containers."
            : "There is no enabled IPv4 ipPool: containers on this network get no address (No configured Calico pools).");
    }

    private static Cidr? Subnet(PlanBuilder plan, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (text.Contains('/', StringComparison.Ordinal) && Cidr.TryParse(text, out var cidr))
        {
            return cidr;
        }

        plan.Error("subnet", $"invalid CIDR address: {text}");
        return null;
    }

    private static string[] Option(string name, string value) => value.Length == 0 ? [] : [name, value];

    [GeneratedRegex(@"\A[a-zA-Z0-9_.-]{1,128}\z")]
    private static partial Regex Tags();
}
