using System.Text.RegularExpressions;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Containers;

/// <summary>
/// Gives an interface inside of a running container another MAC, as <c>ip link set dev … address …</c> does, by a short-lived helper in the container's own
/// network. Nothing of the container is restarted; it lasts until the container restarts.
/// </summary>
/// <param name="Host">The Docker host.</param>
/// <param name="Container">Id or name of the container.</param>
/// <param name="Interface">The interface inside, such as <c>cali0</c>.</param>
/// <param name="Mac">The MAC, six pairs of hexadecimal digits with colons.</param>
public sealed partial record SetContainerMac(string Host, string Container, string Interface, string Mac) : Operation, INamedOperation
{
    private static readonly OperationName Sets = new("container.setMac", "Set MAC of", "Setting the MAC of", "Set the MAC of");

    /// <summary>Step: the helper's image is looked for.</summary>
    public const string ImageStep = "image";

    /// <summary>Step: the MAC is set.</summary>
    public const string SetStep = "set";

    /// <summary>Name of the helper container; one that a crash left behind is replaced.</summary>
    public const string HelperName = "calico-console-set-mac";

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Sets];

    /// <summary>The container's name, for people and the audit, where <c>Container</c> is an id; null when it is not known.</summary>
    public string? Label { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => $"{Host}/{Label ?? Container}";

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
    [
        new("Diagnose from this container", new Destination.DiagnoseForm($"{Host}/{Label ?? Container}", null)),
        NextStep.Container(Host, Container, snapshot),
    ];

    /// <inheritdoc/>
    protected override OperationName Called => Sets;

    /// <summary>What it would do.</summary>
    internal static PlannedOperation Plan(SetContainerMac operation, ClusterSnapshot snapshot)
    {
        var plan = new PlanBuilder();
        if (!Macs().IsMatch(operation.Mac))
        {
            plan.Error("mac", $"'{operation.Mac}' is not a MAC such as ee:ee:ee:ee:ee:ee");
        }
        else if ((Convert.ToByte(operation.Mac[..2], 16) & 1) == 1)
        {
            plan.Error("mac", $"{operation.Mac} is the address of a group: no interface can have it");
        }

        if (!Interfaces().IsMatch(operation.Interface))
        {
            plan.Error("interface", $"'{operation.Interface}' is not the name of an interface: letters, digits, '.', '-' and '_', at most 15");
        }

        if (!plan.TryHost(snapshot, operation.Host, out var host) || !plan.TryContainer(host, "container", operation.Container, out var container))
        {
            return plan.Build();
        }

        if (container.State != "running")
        {
            plan.Error("container", $"{container.Name} is {container.State}: only a running container has interfaces");
        }

        if (host.CalicoNode() is not { } node)
        {
            plan.Error("host", $"{host.Name} has no calico-node, whose image has the program ip that is needed: deploy it first");
            return plan.Build();
        }

        var mac = operation.Mac.ToLowerInvariant();
        plan.Docker = new PlannedDocker(host.Name)
        {
            ContainerId = container.Id,
            NodeName = host.NodeName,
            Container = new DockerContainerRequest(HelperName, node.Image)
            {
                Entrypoint = ["ip", "link", "set", "dev", operation.Interface, "address", mac],
                Network = $"container:{container.Id}",
                Capabilities = ["NET_ADMIN"],
                LogDriver = DockerContainerRequest.ReadableLogDriver,
            },
        };
        plan.Step(ImageStep);
        plan.Step(SetStep);
        plan.DockerCall(host.Name, $"POST containers/create {HelperName}");
        plan.DockerCall(host.Name, $"DELETE containers/{HelperName}?force=true");
        plan.Command(ShellCommand.Join(
        [
            "docker", "run", "--rm", $"--net=container:{container.Name}", "--cap-add", "NET_ADMIN", "--entrypoint", "ip", node.Image, "link", "set", "dev",
            operation.Interface, "address", mac,
        ]));
        plan.Consequence($"The interface {operation.Interface} of {container.Name} gets the MAC {mac}. It is not restarted and its routes stay; packets "
            + $"under way in "
            + "that moment may be lost.");
        plan.Consequence("It lasts until the container restarts, and it is taken back by setting the MAC that it had, which the audit keeps.");
        return plan.Build();
    }

    [GeneratedRegex("^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$")]
    private static partial Regex Macs();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,15}$")]
    private static partial Regex Interfaces();
}
