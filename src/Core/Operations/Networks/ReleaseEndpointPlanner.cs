using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Networks;

/// <summary>
/// Plans the release of an endpoint that was left behind. On the engine that has the stopped container, <c>docker network disconnect -f</c> of its name takes
/// the
/// network off the container and leaves the endpoint (measured on 20.10.24): so the container is renamed for the moment.
/// </summary>
internal static class ReleaseEndpointPlanner
{
    public static PlannedOperation Plan(ReleaseEndpoint operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        var name = operation.Container;
        if (DockerSyntax.ContainerName(name) is { } syntax)
        {
            plan.Error("container", syntax);
        }

        if (!plan.TryHost(snapshot, operation.Host, out var host) || !plan.TryNetwork(host, "network", operation.Network, out var network))
        {
            return plan.Build();
        }

        if (network.Scope != "global")
        {
            plan.Error("network", $"{network.Name} is of {network.Scope} scope: only networks of global scope keep endpoints in the cluster store");
        }

        Look(plan, snapshot, operation, host, network);
        var own = host.Containers.Values.FirstOrDefault(c => c.Name == name);
        if (own is not null && host.Containers.Values.FirstOrDefault(c => c.Name == ReleaseEndpointSteps.MomentaryName(name)) is { } taken)
        {
            plan.Error("container",
                $"the name {ReleaseEndpointSteps.MomentaryName(name)}, which the container needs for the moment, "
                + $"is taken by {HostLookup.Short(taken.Id)} on {host.Name}");
        }

        if (own?.Networks.Any(a => a.NetworkName is "host" or "none") == true)
        {
            plan.Error("container", $"{name} on {host.Name} is on the network {own.Networks[0].NetworkName} and cannot be connected to another");
        }

        if (network.Driver == CalicoNetworks.Driver)
        {
            plan.CheckDatastore(snapshot);
            plan.RequirePlugin(host, "host", EngineWaits.Stop(1));
        }

        var address = own is null ? null
            : own.Networks.FirstOrDefault(a => a.NetworkName == network.Name || a.NetworkId == network.Id)?.RequestedIPv4 is { Length: > 0 } asked
            ? asked : null;
        plan.Docker = new PlannedDocker(host.Name)
        {
            ContainerId = own?.Id,
            NetworkId = network.Id,
            NodeName = host.NodeName,
            OnCalicoNetwork = network.Driver == CalicoNetworks.Driver,
            Address = address,
            AlsoLookAt = [.. EndpointNames.HostsOf(snapshot, host, network).Select(h => h.Name)],
        };
        Describe(plan, host, network, own, name, address);
        return plan.Build();
    }

    private static void Look(PlanBuilder plan, ClusterSnapshot snapshot, ReleaseEndpoint operation, DockerHostState host, DockerNetwork network)
    {
        foreach (var other in EndpointNames.HostsOf(snapshot, host, network))
        {
            foreach (var holder in other.Containers.Values.Where(c => c.Name == operation.Container && EndpointNames.Holds(c, network)))
            {
                plan.Error("container",
                    $"the container {holder.Name} on {other.Name} is {holder.State} on {network.Name}: the endpoint is its own, and without it its address "
                    + "would be given to another. Stop that container, or leave it.");
            }

            if (other.Name != host.Name && other.Containers.Values.Any(c => c.Name == operation.Container && EndpointNames.IsOn(c, network)
                && !EndpointNames.Holds(c, network)))
            {
                plan.Warn($"The container {operation.Container} on {other.Name} is on {network.Name}: "
                    + "released there, its workload endpoint goes too and it is started again.");
            }

            if (other.Name != host.Name && (other.Info is null || snapshot.Feed($"docker/{other.Name}")?.Status == FeedStatus.Stale))
            {
                if (operation.EvenIfHostLost)
                {
                    plan.Warn($"{other.Name} does not answer and is left out: "
                        + $"if a container {operation.Container} still runs there, its address is given to another.");
                }
                else
                {
                    plan.Error("evenIfHostLost",
                        $"{other.Name} does not answer, so that nobody knows whether a container {operation.Container} runs there on {network.Name}. "
                        + "Confirm that it does not.");
                }
            }
        }
    }

    private static void Describe(PlanBuilder plan, DockerHostState host, DockerNetwork network, DockerContainer? own, string name, string? address)
    {
        plan.Step(ReleaseEndpointSteps.Look);
        var moment = ReleaseEndpointSteps.MomentaryName(name);
        if (own is not null)
        {
            plan.Step(ReleaseEndpointSteps.Rename);
            plan.DockerCall(host.Name, $"POST containers/{own.Id}/rename?name={moment}");
            plan.Command(ShellCommand.Join("docker", "rename", name, moment));
        }

        plan.Step(ReleaseEndpointSteps.Disconnect);
        plan.DockerCall(host.Name, $"POST networks/{network.Id}/disconnect {name} force");
        plan.Command(ShellCommand.Join("docker", "network", "disconnect", "-f", network.Name, name));
        plan.Change($"docker/{host.Name}", $"endpoint {name} in {network.Name}", "left behind", null);
        plan.Consequence($"Every host that may know {network.Name} is asked once more whether a container {name} runs there; if one does, nothing is done.");
        if (own is null)
        {
            plan.Consequence("The endpoint is removed from the cluster store and its address is free. No container is touched.");
            return;
        }

        plan.Step(ReleaseEndpointSteps.RenameBack);
        plan.DockerCall(host.Name, $"POST containers/{own.Id}/rename?name={name}");
        plan.Command(ShellCommand.Join("docker", "rename", moment, name));
        plan.Step(ReleaseEndpointSteps.Connect);
        plan.DockerCall(host.Name, $"POST networks/{network.Id}/connect {name}");
        plan.Command(ShellCommand.Join(["docker", "network", "connect", .. address is null ? (string[])[] : ["--ip", address], network.Name, name]));
        plan.Step(ReleaseEndpointSteps.Start);
        plan.DockerCall(host.Name, $"POST containers/{own.Id}/start");
        plan.Command(ShellCommand.Join("docker", "start", name));
        plan.Change($"docker/{host.Name}", $"container {name}", DockerDocuments.Container(own), DockerDocuments.Container(own, "running"));
        plan.Consequence($"The container is called {moment} while the endpoint is released: a forced disconnect by its own name would take the network off "
            + "it and leave the endpoint.");
        plan.Consequence($"Then it is called {name} again, is connected to {network.Name}{(address is null ? "" : $" with {address}")} and is started.");
    }
}
