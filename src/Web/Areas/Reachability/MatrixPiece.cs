using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Traffic;

namespace CalicoConsole.Web.Areas.Reachability;

/// <summary>A cell as it is drawn.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Class">How it looks.</param>
/// <param name="At">Its row and column, for the browser.</param>
/// <param name="Name">The names of its groups.</param>
/// <param name="Kind">How much is open.</param>
/// <param name="Brief">What is open, in as many words as it has room for.</param>
/// <param name="Label">The same in full, with its groups.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="IsCurrent">Whether the address names it.</param>
internal sealed record MatrixCell(int Column, string Class, string At, string Name, string Kind, string Brief, string Label, string Href, bool IsCurrent);

/// <summary>Cells of one row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Cells">The cells, by column.</param>
internal sealed record MatrixLine(int Row, ImmutableArray<MatrixCell> Cells);

/// <summary>The part of a matrix that is drawn. Pure; made beside the dispatcher.</summary>
/// <param name="Columns">The columns that it has.</param>
/// <param name="Lines">Its rows.</param>
internal sealed record MatrixPiece(ImmutableArray<int> Columns, ImmutableArray<MatrixLine> Lines)
{
    // So few cells are worked out at once.
    private const int Few = 60;

    /// <summary>Nothing.</summary>
    public static MatrixPiece None { get; } = new([], []);

    /// <summary>Whether it takes no time that anybody notices.</summary>
    public static bool IsSmall(ReachabilityMatrix matrix, IReadOnlyList<int> shown) => shown.Count <= Few && matrix.ClassCount <= Few;

    /// <summary>Makes one.</summary>
    /// <param name="of">The groups that are rows and columns, and what describes a cell.</param>
    /// <param name="window">The rows and columns, the last ones not among them.</param>
    /// <param name="current">The cell that the address names.</param>
    /// <param name="most">How many cells are made at most, whatever the browser asks for.</param>
    public static MatrixPiece Make(MatrixShown of,
        (int Row0, int Row1, int Column0, int Column1) window, (int Row, int Column)? current, int most)
    {
        var shown = of.Groups;
        var (column0, column1) = Within(window.Column0, window.Column1, shown.Count, most);
        var width = Math.Max(1, column1 - column0);
        var (row0, row1) = Within(window.Row0, window.Row1, shown.Count, most / width);
        var columns = Enumerable.Range(column0, column1 - column0).ToImmutableArray();
        return new(columns, [.. Enumerable.Range(row0, row1 - row0).Select(r => new MatrixLine(r, [.. columns.Select(c => Cell(r, c))]))]);

        MatrixCell Cell(int row, int column)
        {
            var (cell, href) = of.Describe(shown[row], shown[column]);
            var unused = cell.Kind is CellKind.Some or CellKind.All && of.NeverUsed?.Invoke(shown[row], shown[column]) == true;
            var (from, to) = (VisibleText.From(cell.From), VisibleText.From(cell.To));
            var brief = cell.Kind == CellKind.Empty ? "–" : cell.Brief;
            var look = $"mx-cell {MatrixWords.Shade(cell)}{(unused ? " unused" : "")}";
            return new(column, look, $"{row},{column}", $"{from}>{to}", MatrixWords.Title(cell.Kind), brief,
                $"{brief}, {from} to {to}: {cell.Words}{(unused ? "; never used" : "")}", href, current == (row, column));
        }
    }

    private static (int From, int To) Within(int from, int to, int count, int most)
    {
        from = Math.Clamp(from, 0, count);
        return (from, Math.Clamp(to, from, Math.Min(count, from + Math.Max(0, most))));
    }
}
