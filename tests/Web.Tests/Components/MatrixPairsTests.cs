using Bunit;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Reachability;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>The table of open paths, whose number grows with the square of the groups.</summary>
public sealed class MatrixPairsTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Theory]
    [InlineData(447, 199_809, false)]
    [InlineData(448, 200_000, true)]
    [InlineData(1_000, 200_000, true)]
    public void OpenPaths_EndAtTheLimit_AndThatIsSaid(int groups, int listed, bool cut)
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        var matrix = ReachabilityMatrix.From(ReachabilityModel.From(new ClusterSnapshot { Calico = ReachabilitySample.State() }), _ => ["all"]);
        Assert.NotEqual(CellKind.None, matrix.KindOf(0, 0));
        // One group that may send to itself, as often as is asked for.
        var shown = new MatrixShown(matrix, [.. Enumerable.Repeat(0, groups)], new ReachabilityView(),
            (from, to) => (matrix.Describe(from, to), "reachability"));
        var view = _context.Render<MatrixPairs>(p => p.Add(m => m.Of, shown));

        view.WaitForAssertion(() => Assert.Empty(view.FindAll("[data-progress]")), TimeSpan.FromSeconds(60));
        Assert.Equal($"{listed + 1}", view.Find("table").GetAttribute("aria-rowcount"));
        Assert.Equal(cut, view.FindAll("[data-cut]").Count == 1);
    }
}
