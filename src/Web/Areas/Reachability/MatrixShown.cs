using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Web.Areas.Reachability;

/// <summary>What is shown of a matrix, as cells or as lines of a table.</summary>
/// <param name="Matrix">The matrix.</param>
/// <param name="Groups">The groups that are rows and columns, by their index in the matrix; another list for other groups.</param>
/// <param name="View">What cells are described from beside it: they are made anew when it is another.</param>
/// <param name="Describe">Describes a cell, by the indices of its groups; called beside the dispatcher too.</param>
public sealed record MatrixShown(ReachabilityMatrix Matrix, IReadOnlyList<int> Groups, ReachabilityView View,
    Func<int, int, (ReachabilityCell Cell, string Href)> Describe);
