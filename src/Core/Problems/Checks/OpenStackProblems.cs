using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Traps of a datastore that Docker and OpenStack share.</summary>
public sealed class OpenStackProblems : IProblemCheck
{
    private const string Room = "openstack.";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [.. OpenStackTraps.Codes.Select(c => Room + c)];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return OpenStackTraps.AllIn(input.Snapshot.Calico).GroupBy(t => t.Code, StringComparer.Ordinal).SelectMany(g => FewOf.Name(
            g,
            t => new(
                Room + t.Code, t.Broken ? ProblemSeverity.Broken : ProblemSeverity.Attention,
                new(SubjectKind.OpenStack, t.Node ?? t.Network ?? t.Parameter ?? "") { Parameter = t.Parameter }, t.Title, t.Why),
            n => $"{n} more of the same kind beside OpenStack"));
    }
}
