using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Containers that are down against their restart policy. calico-node is named with its node.</summary>
public sealed class ContainersDown : IProblemCheck
{
    private const string Down = "container.down";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Down];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var down = FeedNames.KnownHosts(input.Snapshot)
            .SelectMany(h => h.Containers.Values.Where(c => c.Name != CalicoNames.NodeContainer), (host, container) => (Host: host.Name, Container: container))
            .Where(c => ContainerFaults.Down(c.Container) is not null);
        return FewOf.Name(
            down,
            c => new(
                Down, c.Container.Details!.Error.Length > 0 ? ProblemSeverity.Broken : ProblemSeverity.Attention,
                ProblemSubject.Container(c.Host, c.Container.Id),
                $"{c.Container.Name} on {c.Host} is {c.Container.State}, though its restart policy is {c.Container.Details.RestartPolicy}",
                ContainerFaults.Down(c.Container))
            {
                Mend = EndpointNames.NetworkOf(c.Container.Details.Error) is { } network
                    ? new(MendKind.ReleaseEndpoint, c.Host, c.Container.Name, network)
                    : new(MendKind.StartContainer, c.Host, c.Container.Id),
            },
            n => $"{n} more containers are down against their restart policy");
    }
}
