using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>BGP addresses that several nodes have.</summary>
public sealed class SharedNodeAddresses : IProblemCheck
{
    private const string Shared = "node.shared-address";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Shared];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FewOf.Name(
            SharedNodeAddress.AllIn(input.Snapshot.Calico),
            s => new(
                Shared, ProblemSeverity.Broken, new(SubjectKind.Node, s.Address.ToString()) { Id = s.Nodes[^1] },
                $"{string.Join(" and ", s.Nodes.Take(FewOf.Named))}{(s.Nodes.Length > FewOf.Named ? " and others" : "")} have one BGP address, {s.Address}",
                $"{s.Why} {SharedNodeAddress.Remedy}"),
            n => $"{n} more BGP addresses that several nodes have");
    }
}
