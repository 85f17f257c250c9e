using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>
/// Plans containers to create; on a Calico network with the address that plugin 1.1.2 cannot choose itself (golden <c>docker/*</c>).
/// </summary>
internal static class ContainerPlanner
{
    public const string StepImage = "image";
    public const string StepCreate = "create container";
    public const string StepStart = "start container";

    private static readonly string[] Special = ["", "default", "bridge", "host", "none"];

    public static PlannedOperation Plan(CreateContainer operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        Syntax(plan, operation);
        if (!plan.TryHost(snapshot, operation.Host, out var host))
        {
            return plan.Build();
        }

        if (host.Containers.Values.FirstOrDefault(c => c.Name == operation.ContainerName) is { } same)
        {
            plan.Error("name",
                $"Conflict. The container name \"/{operation.ContainerName}\" is already in use by container \"{same.Id}\". You have to remove (or rename) "
                + "that container to be able to reuse that name.");
        }

        DockerNetwork? network = null;
        var special = Special.Contains(operation.Network);
        if (!special && !plan.TryNetwork(host, "network", operation.Network, out network))
        {
            return plan.Build();
        }

        if (network is not null)
        {
            plan.CheckName(snapshot, host, network, "name", operation.ContainerName, operation.Start);
        }

        var calico = network?.Driver == CalicoNetworks.Driver;
        var ip = Address(plan, operation, network, special, host);
        if (network is not null && calico)
        {
            plan.CheckDatastore(snapshot);
            ip = OnCalico(plan, snapshot, host, network, operation, ip);
        }

        var request = new DockerContainerRequest(operation.ContainerName, operation.Image)
        {
            Command = operation.Command,
            Labels = operation.Labels,
            Network = network?.Id ?? (operation.Network is "" or "default" ? null : operation.Network),
            IPv4 = ip?.ToString(),
            Interactive = true,
        };
        plan.Docker = new PlannedDocker(host.Name) { Container = request, NetworkId = network?.Id, NodeName = host.NodeName, OnCalicoNetwork = calico };
        Describe(plan, host, operation, network, request);
        return plan.Build();
    }

    /// <summary>What stands against starting a container on a Calico network with a fixed or automatic address; used for creation and for start.</summary>
    public static void CheckFixed(PlanBuilder plan, ClusterSnapshot snapshot, string field, Ip ip, DockerNetwork network, string node)
    {
        if (AddressProposal.Holder(snapshot, ip) is { } holder)
        {
            var next = AddressProposal.For(snapshot, network, node, []);
            plan.Error(field, $"Address already assigned in block: {ip} is held by {holder}{(next is null ? "" : $"; {next} is free")}");
            if (next is not null)
            {
                plan.ProposedAddress = next;
            }

            return;
        }

        var pools = snapshot.Calico.IPPools.Values.Where(p => p.Value.Cidr.Contains(ip)).ToList();
        if (!pools.Any(p => !p.Value.Disabled))
        {
            plan.Error(field,
                $"The provided IP address is not in a configured pool: "
                + $"{(pools.Count == 0 ? $"no ipPool contains {ip}" : $"ipPool {pools[0].Value.Cidr} is disabled")}");
        }
    }

    private static void Syntax(PlanBuilder plan, CreateContainer operation)
    {
        if (DockerSyntax.ContainerName(operation.ContainerName) is { } name)
        {
            plan.Error("name", name);
        }

        if (DockerSyntax.Image(operation.Image) is { } image)
        {
            plan.Error("image", image);
        }

        foreach (var key in operation.Labels.Keys.Where(k => k.Length == 0 || k.Contains('=', StringComparison.Ordinal)))
        {
            plan.Error("labels", $"invalid label name '{key}'");
        }
    }

    private static Ip? Address(PlanBuilder plan, CreateContainer operation, DockerNetwork? network, bool special, DockerHostState host)
    {
        if (operation.Ip.Length == 0)
        {
            return null;
        }

        if (!Ip.TryParse(operation.Ip, out var ip) || ip.IsIPv6)
        {
            plan.Error("ip", operation.Ip.Contains('/', StringComparison.Ordinal)
                ? $"invalid IPv4 address: {operation.Ip} (a bare address is needed, without a prefix length)"
                : $"invalid IPv4 address: {operation.Ip}");
            return null;
        }

        if (special || network is null)
        {
            plan.Error("ip", "user specified IP address is supported on user defined networks only");
            return null;
        }

        var subnets = CalicoNetworks.Subnets(network);
        if (subnets.IsEmpty)
        {
            plan.Error("ip", "user specified IP address is supported only when connecting to networks with user configured subnets");
        }
        else if (!subnets.Any(s => s.Contains(ip)))
        {
            plan.Error("ip", $"Invalid address {ip}: It does not belong to any of this network's subnets. ({network.Name} has {string.Join(", ", subnets)})");
        }
        else if (host.Containers.Values.FirstOrDefault(c => c.State != "running"
            && c.Networks.Any(n => n.NetworkId == network.Id && n.RequestedIPv4 == operation.Ip)) is { } asleep)
        {
            plan.Warn($"The container {asleep.Name} on {host.Name} is {asleep.State} and was made with {ip}: "
                + "it cannot start while this one holds the address.");
        }

        return ip;
    }

    private static Ip? OnCalico(PlanBuilder plan, ClusterSnapshot snapshot, DockerHostState host, DockerNetwork network, CreateContainer operation, Ip? ip)
    {
        if (operation.Start)
        {
            plan.RequirePlugin(host, "network", EngineWaits.Start);
            plan.WarnOfEngineForContainers(host);
        }

        var subnets = CalicoNetworks.Subnets(network);
        var pools = snapshot.Calico.IPPools;
        foreach (var subnet in subnets.Where(s => !pools.ContainsKey(s.Masked())))
        {
            plan.Error("network",
                $"The network references a Calico pool which has been deleted. Please re-instate the Calico pool before using the network. (create an "
                + $"ipPool {subnet.Masked()})");
        }

        if (ip is { } wanted && subnets.Any(s => s.Contains(wanted)) && subnets.All(s => pools.ContainsKey(s.Masked())))
        {
            CheckFixed(plan, snapshot, "ip", wanted, network, host.NodeName);
        }

        if (ip is not null || operation.Ip.Length > 0 || plan.HasErrors)
        {
            return ip;
        }

        return Automatic(plan, snapshot, host, network, subnets);
    }

    private static Ip? Automatic(PlanBuilder plan, ClusterSnapshot snapshot, DockerHostState host, DockerNetwork network, ImmutableArray<Cidr> subnets)
    {
        if (subnets.IsEmpty)
        {
            if (!snapshot.Calico.IPPools.Values.Any(p => !p.Value.Cidr.IsIPv6 && !p.Value.Disabled))
            {
                plan.Error("network", "No configured Calico pools: create an ipPool first, or enable one");
            }

            return null;
        }

        var disabled = subnets.Where(s => snapshot.Calico.IPPools.TryGetValue(s.Masked(), out var p) && p.Value.Disabled).ToList();
        var image = host.CalicoNode()?.Image;
        var cannot = EngineVersion.PluginCannotChooseAddress(image, snapshot.Calico.Keys.Find(V1Keys.FelixConfig("CalicoVersion"))?.Text);
        if (disabled.Count == subnets.Length)
        {
            plan.Error("network", $"No configured Calico pools: ipPool {disabled[0].Masked()} is disabled; enable it first");
            return null;
        }

        if (cannot == false)
        {
            return null;
        }

        if (AddressProposal.For(snapshot, network, host.NodeName, []) is not { } next)
        {
            plan.Error("ip", $"no free address is left in {string.Join(", ", subnets)}: release leaked addresses or use another ipPool");
            return null;
        }

        plan.ProposedAddress = next;
        plan.Warn(cannot is null
            ? $"The version of calico-node on {host.Name} ({image ?? "none"}) is not known, and some cannot choose an address on a network with a subnet: "
                + $"the console gives it {next}, the next free one of {subnets[0]}."
            : $"calico-node on {host.Name} ({image ?? "none"}) has libnetwork plugin 1.1.2, which cannot choose an address on a network with a subnet "
                + $"(Unexpected number of assigned IP addresses): the console gives it {next}, the next free one of {subnets[0]}.");
        return next;
    }

    private static void Describe(PlanBuilder plan, DockerHostState host, CreateContainer operation, DockerNetwork? network, DockerContainerRequest request)
    {
        plan.Step(StepImage);
        if (!host.HasImage(operation.Image))
        {
            plan.DockerCall(host.Name, $"POST images/create {operation.Image}");
            plan.Consequence($"{operation.Image} is not on {host.Name} and is pulled first.");
        }

        plan.Step(StepCreate);
        plan.DockerCall(host.Name, $"POST containers/create {operation.ContainerName}");
        plan.Change($"docker/{host.Name}", $"container {operation.ContainerName}", null, DockerDocuments.Container(request));
        if (operation.Start)
        {
            plan.Step(StepStart);
            plan.DockerCall(host.Name, $"POST containers/{operation.ContainerName}/start");
        }

        List<string> line = ["docker", operation.Start ? "run" : "create"];
        line.AddRange(network is not null ? ["--net", network.Name] : request.Network is { } special ? ["--net", special] : []);
        line.AddRange(["--name", operation.ContainerName]);
        line.AddRange(request.IPv4 is { } ip ? ["--ip", ip] : []);
        line.AddRange(operation.Labels.SelectMany(l => (string[])["--label", $"{l.Key}={l.Value}"]));
        line.Add(operation.Start ? "-tid" : "-ti");
        line.Add(operation.Image);
        line.AddRange(operation.Command);
        plan.Command(ShellCommand.Join(line));

        if (network?.Driver == CalicoNetworks.Driver)
        {
            plan.Consequence(operation.Start
                ? $"Starting it takes an address from Calico, writes a workload endpoint on node {host.NodeName} with the profile {network.Name}, and "
                    + "makes that profile if it is not there: it then admits only containers of the same network."
                : "It gets its address and its workload endpoint when it is started.");
        }
    }

    private static void WarnOfEngineForContainers(this PlanBuilder plan, DockerHostState host)
    {
        if (EngineVersion.LosesPluginMac(host.Info!))
        {
            plan.WarnOfEngine(host);
        }
    }
}
