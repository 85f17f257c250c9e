using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>Plans what is done to containers that exist (docs/calico-v1.md#docker-plugin).</summary>
internal static class ContainerChangePlanner
{
    public static PlannedOperation Plan(ChangeContainer operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        if (!plan.TryHost(snapshot, operation.Host, out var host) || !plan.TryContainer(host, "container", operation.Container, out var container))
        {
            return plan.Build();
        }

        var onCalico = container.Networks.Where(n => CalicoNetworks.IsCalico(host, n.NetworkId)).ToImmutableArray();
        var running = container.State is "running" or "paused" or "restarting";
        var action = operation.Action;
        if (action.Impossible(container.State) is { } reason)
        {
            plan.Error("container", reason);
            return plan.Build();
        }

        if (action.Starts)
        {
            foreach (var network in container.Networks.Select(a => host.Networks.GetValueOrDefault(a.NetworkId)
                ?? host.Networks.Values.FirstOrDefault(n => n.Name == a.NetworkName)).OfType<DockerNetwork>())
            {
                plan.CheckName(snapshot, host, network, "container", container.Name, starts: !running);
            }
        }

        if (!onCalico.IsEmpty)
        {
            Calico(plan, snapshot, host, action, running, onCalico);
        }

        if (container.Name == HostLookup.NodeContainerName && action != ContainerAction.Unpause)
        {
            plan.Warn($"This is calico-node: while it is {(action == ContainerAction.Pause ? "paused" : "down")}, "
                + $"{host.Name} has no Calico plugin, no changed policy is enforced and its routes are withdrawn.");
        }

        plan.Docker = new PlannedDocker(host.Name) { ContainerId = container.Id, NodeName = host.NodeName, OnCalicoNetwork = !onCalico.IsEmpty };
        plan.Step(action.Step);
        var after = action.After is { } state ? DockerDocuments.Container(container, state) : null;
        plan.Change($"docker/{host.Name}", $"container {container.Name}", DockerDocuments.Container(container), after);
        plan.DockerCall(host.Name, action.Call(container.Id));
        plan.Command(ShellCommand.Join([.. action.Command, container.Name]));
        if (action.WhileRunning is { } follows && running)
        {
            plan.Consequence(follows);
        }

        return plan.Build();
    }

    private static void Calico(PlanBuilder plan, ClusterSnapshot snapshot, DockerHostState host, ContainerAction action, bool running,
        ImmutableArray<DockerAttachment> attachments)
    {
        if (action.Starts)
        {
            plan.RequirePlugin(host, "container", action.Ends && running ? EngineWaits.Restart(attachments.Length) : EngineWaits.Start);
            foreach (var attachment in attachments)
            {
                CheckStart(plan, snapshot, host, action.Ends && running, running, attachment);
            }
        }
        else if (action.Ends && running && host.CalicoNode() is not { State: "running" })
        {
            plan.Warn($"calico-node does not run on {host.Name}: "
                + $"{EngineWaits.Stop(attachments.Length)} The address and the workload endpoint are left behind.");
        }

        if (running && action.Ends)
        {
            var restarted = action.Starts
                ? "; starting again makes a new endpoint, and what was edited in the old one (profiles, labels) is lost" : "";
            plan.Consequence($"Its workload endpoint{(attachments.Length > 1 ? "s are" : " is")} deleted and the address is released{restarted}.");
        }
    }

    private static void CheckStart(PlanBuilder plan, ClusterSnapshot snapshot, DockerHostState host, bool stopsFirst, bool running,
        DockerAttachment attachment)
    {
        var network = host.Networks[attachment.NetworkId];
        var subnets = CalicoNetworks.Subnets(network);
        foreach (var subnet in subnets.Where(s => !snapshot.Calico.IPPools.ContainsKey(s.Masked())))
        {
            plan.Error("container",
                $"The network references a Calico pool which has been deleted. Please re-instate the Calico pool before using the network. "
                + $"({network.Name}: create an ipPool {subnet.Masked()})");
        }

        if (Ip.TryParse(attachment.RequestedIPv4, out var ip))
        {
            if (!running && !plan.HasErrors)
            {
                ContainerPlanner.CheckFixed(plan, snapshot, "container", ip, network, host.NodeName);
            }

            return;
        }

        if (!subnets.IsEmpty && EngineVersion.PluginCannotChooseAddress(host.CalicoNode()?.Image,
            snapshot.Calico.Keys.Find(V1Keys.FelixConfig("CalicoVersion"))?.Text) == true)
        {
            plan.Warn($"It was made without a fixed address, as far as is known, and the plugin of {host.CalicoNode()?.Image} cannot choose one on "
                + $"{network.Name}: {(stopsFirst ? "it would stop and then fail to start" : "the start will fail")}. "
                + "Create it again with an address.");
        }
    }
}
