using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Web.Areas.Reachability;

/// <summary>What matrix and table say of a cell.</summary>
internal static class MatrixWords
{
    /// <summary>How much is open, in a word.</summary>
    public static string Title(CellKind kind) => kind switch
    {
        CellKind.All => "all",
        CellKind.Some => "some",
        CellKind.None => "none",
        CellKind.Empty => "no pair",
        CellKind.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The css classes: by how much is open, not by whether that is good.</summary>
    public static string Shade(ReachabilityCell cell) => cell.Kind switch
    {
        CellKind.Unknown => "unknown",
        CellKind.Empty => "empty-pair",
        _ => cell.Amount switch
        {
            TrafficAmount.Nothing => "nothing",
            TrafficAmount.Little => "little",
            TrafficAmount.Much => "much",
            TrafficAmount.Everything => "everything",
            _ => throw new InvalidOperationException($"an amount {cell.Amount}"),
        } + (cell.IsForSomePairs ? " for-some" : ""),
    };
}
