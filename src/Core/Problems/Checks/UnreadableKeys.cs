using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>Stored values that cannot be read.</summary>
public sealed class UnreadableKeys : IProblemCheck
{
    private const string Unreadable = "key.unreadable";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [Unreadable];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FewOf.Name(
            input.Snapshot.Calico.Unparsable.Values,
            u => new(
                Unreadable, ProblemSeverity.Broken, new(SubjectKind.UnreadableKey, u.Stored.Key),
                $"A stored {u.Kind} cannot be read: {u.Stored.Key}", u.Reason),
            n => $"{n} more keys cannot be read");
    }

    /// <summary>The problem of a stored pool that cannot be read and would be around a network; null when there is none.</summary>
    internal static ProblemKey? PoolAround(Cidr network, CalicoState calico) =>
        calico.Unparsable.Keys.FirstOrDefault(k => V1Key.Parse(k) is V1Key.Pool pool && pool.Cidr.Contains(network)) is { } key ? new(Unreadable, key) : null;
}
