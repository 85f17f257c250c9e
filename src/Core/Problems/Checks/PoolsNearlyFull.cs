using CalicoConsole.Core.Ipam;

namespace CalicoConsole.Core.Problems.Checks;

/// <summary>IP pools that are nearly full.</summary>
public sealed class PoolsNearlyFull : IProblemCheck
{
    private const string NearlyFull = "pool.nearly-full";

    /// <inheritdoc/>
    public ImmutableArray<string> Codes { get; } = [NearlyFull];

    /// <inheritdoc/>
    public IEnumerable<Problem> Find(ProblemInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var calico = input.Snapshot.Calico;
        return FewOf.Name(
            Utilisation.ByPool(calico.IPPools.Keys, [.. calico.Blocks.Values.Select(b => b.Value)]).Where(p => p.IsNearlyFull),
            p => new(
                NearlyFull, ProblemSeverity.Attention, new(SubjectKind.IPPool, p.Pool.ToString()), $"The IP pool {p.Pool} is nearly full",
                $"{p.UsedInWords} addresses are taken."),
            n => $"{n} more IP pools are nearly full");
    }
}
