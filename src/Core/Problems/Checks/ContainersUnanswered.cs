using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Containers for which the engine does not answer. calico-node is named with its node.</summary>
public sealed class ContainersUnanswered : IProblemCheck
{
    private const string Unanswered = "container.unanswered";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Unanswered];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var unanswered = FeedNames.KnownHosts(input.Snapshot).SelectMany(
            h => h.Containers.Values.Where(c => c.Unanswered && c.Name != CalicoNames.NodeContainer), (host, container) => (Host: host, Container: container));
        return FewOf.Name(
            unanswered,
            c => new(
                Unanswered, ProblemSeverity.Attention, ProblemSubject.Container(c.Host.Name, c.Container.Id),
                $"{c.Container.Name} on {c.Host.Name}: {ContainerFaults.Unanswered(c.Container, c.Host)}", "What is shown of it may be old.")
            {
                CausedBy = ContainerFaults.WaitsForCalicoNode(c.Container, c.Host) ? CalicoNodes.On(c.Host) : null,
            },
            n => $"{n} more containers are not answered for");
    }
}
