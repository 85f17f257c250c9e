using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Web.Areas.Reachability;

/// <summary>What is shown of a matrix, as cells or as lines of a table.</summary>
/// <param name="Matrix">The matrix.</param>
/// <param name="Groups">The groups that are rows and columns, by their index in the matrix; another list for other groups.</param>
/// <param name="View">What cells are described from beside it: they are made anew when it is another.</param>
/// <param name="Describe">Describes a cell, by the indices of its groups; called beside the dispatcher too.</param>
public sealed record MatrixShown(ReachabilityMatrix Matrix, IReadOnlyList<int> Groups, ReachabilityView View,
    Func<int, int, (ReachabilityCell Cell, string Href)> Describe)
{
    /// <summary>
    /// Whether what is open between two groups was never used, by their indices; null when that is not asked. Called beside the dispatcher too.
    /// </summary>
    public Func<int, int, bool>? NeverUsed { get; init; }

    /// <summary>Another number whenever counters were read, so that cells are made anew.</summary>
    public int Reading { get; init; }
}
