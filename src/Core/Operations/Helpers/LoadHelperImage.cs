using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Helpers;

/// <summary>Loads the console's own small image onto a Docker host, as <c>docker load</c> does: no registry is asked.</summary>
/// <param name="Host">The Docker host.</param>
/// <param name="Image">The image's name, which the archive must hold.</param>
public sealed record LoadHelperImage(string Host, string Image) : Operation, INamedOperation, ISelfPlanned
{
    private static readonly OperationName Loads = new("host.loadHelper", "Load the helper image onto", "Loading the helper image onto",
        "Loaded the helper image onto");

    /// <summary>Step: the archive is looked at.</summary>
    public const string ArchiveStep = "look at the archive";

    /// <summary>Step: it is sent.</summary>
    public const string LoadStep = "load";

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Loads];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override string ObjectKind => "host";

    /// <inheritdoc/>
    public override string ObjectName => Host;

    /// <inheritdoc/>
    protected override OperationName Called => Loads;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) =>
        [new("Capture packets", new Destination.CaptureForm(null, null), IsNext: true), NextStep.Node(Host, snapshot)];

    /// <inheritdoc/>
    public PlannedOperation Plan(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var plan = new PlanBuilder();
        if (DockerSyntax.Image(Image) is { } refused)
        {
            plan.Error("image", refused);
        }

        if (!plan.TryHost(snapshot, Host, out var host) || plan.HasErrors)
        {
            return plan.Build();
        }

        if (host.HasImage(Image))
        {
            plan.Warn($"{host.Name} has {Image} already: it is left as it is.");
        }

        plan.Docker = new PlannedDocker(host.Name) { NodeName = host.NodeName };
        plan.Change($"docker/{host.Name}", $"image {Image}", null, "loaded from the console's archive");
        plan.Step(ArchiveStep);
        plan.Step(LoadStep);
        plan.DockerCall(host.Name, "POST images/load");
        plan.Command(ShellCommand.Join(["docker", "load", "-i", "helper.tar"]));
        plan.Consequence($"{host.Name} gets the image {Image}, about 15 MiB: busybox and tcpdump. Nothing is started, and no registry is asked.");
        plan.Consequence($"It is taken back by docker rmi {Image} on {host.Name}.");
        return plan.Build();
    }
}
