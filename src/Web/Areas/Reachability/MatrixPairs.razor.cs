using CalicoConsole.Core.Reachability.Traffic;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Reachability;

public sealed partial class MatrixPairs : IDisposable
{
    // So many rows of the matrix are looked through before what was found is shown.
    private const int Rows = 50;

    // More are nobody's reading, and ten thousand groups have a hundred million pairs.
    internal const int Most = 200_000;

    private (ReachabilityMatrix? Matrix, IReadOnlyList<int>? Shown) _of;
    private (int From, int To, int Place)[] _pairs = [];
    private int _done;
    private int _asked;

    /// <summary>What is shown of the matrix.</summary>
    [Parameter, EditorRequired]
    public MatrixShown Of { get; set; } = default!;

    private ReachabilityMatrix Matrix => Of.Matrix;

    private IReadOnlyList<int> Shown => Of.Groups;

    /// <inheritdoc/>
    public void Dispose() => _asked++;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_of.Matrix, Matrix) && ReferenceEquals(_of.Shown, Shown))
        {
            return;
        }

        var (matrix, shown, asked) = (Matrix, Shown, ++_asked);
        _of = (matrix, shown);
        var found = new List<(int From, int To, int Place)>();
        (_done, _pairs) = (0, []);
        for (var row = 0; row < shown.Count; row += Rows)
        {
            var (first, last) = (row, Math.Min(shown.Count, row + Rows));
            // Beside the dispatcher: the page listens meanwhile.
            await Task.Run(() => Find(matrix, shown, first, last, found));
            if (asked != _asked)
            {
                return;
            }

            (_done, _pairs) = (found.Count < Most ? last : shown.Count, [.. found]);
            StateHasChanged();
            if (found.Count >= Most)
            {
                return;
            }
        }
    }

    private static void Find(ReachabilityMatrix matrix, IReadOnlyList<int> shown, int first, int last, List<(int From, int To, int Place)> found)
    {
        for (var row = first; row < last; row++)
        {
            foreach (var to in shown)
            {
                if (matrix.KindOf(shown[row], to) is not (CellKind.All or CellKind.Some or CellKind.Unknown))
                {
                    continue;
                }

                found.Add((shown[row], to, found.Count));
                if (found.Count >= Most)
                {
                    return;
                }
            }
        }
    }
}
