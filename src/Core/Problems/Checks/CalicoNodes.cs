using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Docker hosts without calico-node, or with one that does not run.</summary>
public sealed class CalicoNodes : IProblemCheck
{
    private const string Missing = "node.no-calico-node";
    private const string Down = "node.calico-node-down";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Missing, Down];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var nodes = input.Snapshot.Views.Nodes
            .Where(n => n.Host?.Info is not null && FeedNames.WasLive(input.Snapshot, FeedNames.Docker + n.Host.Name)).ToArray();
        return FewOf.Name(
            nodes.Where(n => n.CalicoNode is null),
            n => new(
                Missing, ProblemSeverity.Attention, new(SubjectKind.Node, n.Name), $"{n.Name} has no calico-node",
                "Containers on calico networks cannot start there."),
            n => $"{n} more hosts have no calico-node")
            .Concat(FewOf.Name(
                nodes.Where(n => n.CalicoNode is { State: not ("running" or "restarting" or "removing") }),
                n => new(
                    Down, ProblemSeverity.Broken, new(SubjectKind.Node, n.Name), $"calico-node on {n.Name} is {n.CalicoNode!.State}",
                    ContainerFaults.NotRunning(n.CalicoNode)),
                n => $"{n} more hosts have a calico-node that does not run"));
    }

    /// <summary>The problem of a host whose calico-node does not run.</summary>
    internal static ProblemKey On(DockerHostState host) =>
        new(host.Containers.Values.Any(c => c.Name == CalicoNames.NodeContainer) ? Down : Missing, host.NodeName);
}
