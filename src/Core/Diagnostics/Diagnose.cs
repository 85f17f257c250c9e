using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Diagnostics;

/// <summary>
/// Finds out why one end does not reach another. It changes nothing, but runs programs in containers, so it goes through the same door. The result's answer is
/// an <see cref="OperationAnswer.Diagnosed"/>.
/// </summary>
/// <param name="Question">What is asked.</param>
public sealed record Diagnose(DiagnosisQuestion Question) : Operation, INamedOperation, ISelfPlanned
{
    private static readonly OperationName Diagnoses = new("container.diagnose", "Diagnose from", "Diagnosing", "Diagnosed");

    /// <summary>Step: the configuration and both ends are read.</summary>
    public const string LookStep = "look at both ends";

    /// <summary>Step: the test is made.</summary>
    public const string TryStep = "try it";

    /// <summary>Step: after a failed test each end tries to reach its own host.</summary>
    public const string LocalStep = "try each end by itself";

    /// <summary>Step: the causes are weighed.</summary>
    public const string DecideStep = "decide";

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [Diagnoses];

    /// <inheritdoc/>
    public override Permission Permission => Permission.Operate;

    /// <inheritdoc/>
    public override OperationWords Words =>
        new(Diagnoses.Title, $"container {ObjectName}", $"Diagnosing {Question.Traffic} to {Question.To}", $"Diagnosed {Question.Traffic} to {Question.To}");

    /// <inheritdoc/>
    public override string ObjectKind => "container";

    /// <inheritdoc/>
    public override string ObjectName => Question.From;

    /// <inheritdoc/>
    protected override OperationName Called => Diagnoses;

    /// <inheritdoc/>
    public override string DoneWith(OperationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Answer is OperationAnswer.Diagnosed(_, _, var headline) ? headline : Words.Done;
    }

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(result);
        return
        [
            .. result.Answer is OperationAnswer.Diagnosed(var report, _, _)
                ? [new NextStep("Report of the diagnosis", new Destination.Diagnosis(report), IsNext: true)] : Array.Empty<NextStep>(),
            new NextStep("Diagnose another connection", new Destination.DiagnoseForm(Question.From, null)),
        ];
    }

    /// <inheritdoc/>
    public PlannedOperation Plan(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var plan = new PlanBuilder();
        var ends = Question.Read(snapshot);
        plan.Errors(ends.Errors);
        if (ends.From is not { } from || ends.To is not { } to || plan.HasErrors)
        {
            return plan.Build();
        }

        var places = new[] { from, to }.Select(e => e.Container).OfType<ContainerView>().ToArray();
        foreach (var step in new[] { LookStep, TryStep, LocalStep, DecideStep })
        {
            plan.Step(step);
        }

        foreach (var place in places)
        {
            plan.DockerCall(place.Host, $"POST containers/{place.Container.Id}/exec cat, ping, nc");
        }

        foreach (var host in places.Select(p => p.Host).Distinct(StringComparer.Ordinal))
        {
            plan.DockerCall(host, $"POST containers/{CalicoNames.NodeContainer}/exec ip, grep, iptables-save, birdcl, tail");
        }

        if (from.Container is { } asking && Question.Kind == "ping")
        {
            plan.Command(ShellCommand.Join(["docker", "exec", asking.Container.Name, "ping", "-c", "3", to.End.Address.ToString()]));
        }

        plan.Consequence("Nothing is changed. Programs that read run in the containers and in calico-node of their hosts, for at most 25 s, and a few packets "
            + "are sent.");
        if (from.Container is null)
        {
            plan.Warn($"{from.Name} is no container of a Docker host of this console, so nothing is tried from it: the answer goes by what is stored.");
        }

        return plan.Build();
    }
}
