using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>Plans programs that try the network from within a container. Pure.</summary>
internal static class ProbePlanner
{
    public const int MaxPings = 100;
    public const int MaxSeconds = 30;

    public static PlannedOperation Plan(Ping operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        CheckTarget(plan, operation.Target);
        if (operation.Count is < 1 or > MaxPings)
        {
            plan.Error("count", $"1 to {MaxPings} requests");
        }

        return Run(plan, snapshot, operation.Host, operation.Container, "ping", operation.Target, ContainerCommands.Ping(operation));
    }

    public static PlannedOperation Plan(ConnectTcp operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        CheckTarget(plan, operation.Target);
        if (operation.Port is < 1 or > 65535)
        {
            plan.Error("port", $"{operation.Port.ToString(CultureInfo.InvariantCulture)} is not a port from 1 to 65535");
        }

        if (operation.Seconds is < 1 or > MaxSeconds)
        {
            plan.Error("seconds", $"1 to {MaxSeconds} seconds");
        }

        return Run(plan, snapshot, operation.Host, operation.Container, "nc",
            string.Create(CultureInfo.InvariantCulture, $"{operation.Target} {operation.Port}"), ContainerCommands.Connect(operation));
    }

    private static void CheckTarget(PlanBuilder plan, string target)
    {
        if (target.Length == 0)
        {
            plan.Error("target", "an address or a host name is needed");
        }
        else if (!Ip.TryParse(target, out _) && !DockerSyntax.IsHostName(target))
        {
            plan.Error("target", $"'{target}' is neither an address nor a host name");
        }
    }

    private static PlannedOperation Run(PlanBuilder plan, ClusterSnapshot snapshot, string hostName, string containerName, string program, string target,
        ImmutableArray<string> command)
    {
        if (!plan.TryHost(snapshot, hostName, out var host) || !plan.TryContainer(host, "container", containerName, out var container))
        {
            return plan.Build();
        }

        if (container.State != "running")
        {
            plan.Error("container", $"Container {container.Id} is not running ({container.State}): start it first");
        }

        plan.Docker = new PlannedDocker(host.Name) { ContainerId = container.Id, NodeName = host.NodeName };
        plan.Step(program == "ping" ? program : "connect");
        plan.DockerCall(host.Name, $"POST containers/{container.Id}/exec {program} {target}");
        plan.Command(ShellCommand.Join(["docker", "exec", container.Name, .. command]));
        plan.Consequence($"Nothing is changed: the program {program} runs in the container.");
        return plan.Build();
    }
}
