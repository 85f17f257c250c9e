using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Helpers;

/// <summary>Removes helper containers that were left behind. The console asks for it by itself when it sees some.</summary>
/// <param name="Host">The Docker host.</param>
/// <param name="Containers">Ids of the containers. Only those that bear the label of a helper are removed.</param>
public sealed record SweepHelpers(string Host, ImmutableArray<string> Containers) : Operation, INamedOperation, ISelfPlanned
{
    private static readonly OperationName Sweeps = new("host.sweepHelpers", "Remove left helpers from", "Removing left helpers from",
        "Removed left helpers from");

    /// <summary>Step: they are removed.</summary>
    public const string RemoveStep = "remove";

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Sweeps];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override string ObjectKind => "host";

    /// <inheritdoc/>
    public override string ObjectName => Host;

    /// <inheritdoc/>
    protected override OperationName Called => Sweeps;

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.Containers)];

    /// <inheritdoc/>
    public PlannedOperation Plan(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var plan = new PlanBuilder();
        if (Containers.IsDefaultOrEmpty)
        {
            plan.Error("containers", "at least one container is needed");
        }

        if (!plan.TryHost(snapshot, Host, out var host) || plan.HasErrors)
        {
            return plan.Build();
        }

        foreach (var id in Containers)
        {
            if (host.Containers.TryGetValue(id, out var container) && !HelperContainers.IsHelper(container))
            {
                plan.Error("containers", $"{container.Name} is no helper of a console: it lacks the label {HelperContainers.PurposeLabel}");
            }
            else if (container is not null)
            {
                plan.Change($"docker/{host.Name}", $"container {container.Name}", container.State, null);
                plan.Command(ShellCommand.Join(["docker", "rm", "-f", container.Name]));
            }

            plan.DockerCall(host.Name, $"DELETE containers/{id}?force=true");
        }

        plan.Docker = new PlannedDocker(host.Name) { NodeName = host.NodeName };
        plan.Step(RemoveStep);
        plan.Consequence("Short-lived containers that a console or an engine which died has left behind are removed. Nobody's workload is touched.");
        return plan.Build();
    }
}
