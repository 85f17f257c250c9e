using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CalicoConsole.Web.Areas.Reachability;

public sealed partial class MatrixGrid : IAsyncDisposable
{
    private const string Script = "./js/matrix.js";

    // What is drawn before the browser has said what it shows, and what it gets at most.
    private const int FirstRows = 24;
    private const int FirstColumns = 10;
    private const int MostCells = 4000;

    private MatrixPiece _piece = MatrixPiece.None;
    private (int Row0, int Row1, int Column0, int Column1) _window;
    private (ReachabilityMatrix? Matrix, IReadOnlyList<int>? Shown, ReachabilityView? View, (int, int)? Current, int Reading) _of;
    private int[] _hues = [];
    private int _asked;
    private string _words = "";
    private ElementReference _grid;
    private ComponentScript? _script;
    private DotNetObjectReference<MatrixGrid>? _self;
    private bool _gone;
    private bool _other;

    /// <summary>What is shown of the matrix; cells are described beside the dispatcher.</summary>
    [Parameter, EditorRequired]
    public MatrixShown Of { get; set; } = default!;

    /// <summary>The cell that the address names, by row and column; null for none.</summary>
    [Parameter]
    public (int Row, int Column)? Current { get; set; }

    private ReachabilityMatrix Matrix => Of.Matrix;

    private IReadOnlyList<int> Shown => Of.Groups;

    [Inject]
    internal IJSRuntime Js { get; set; } = default!;

    /// <summary>Called by matrix.js: the cells to be seen, the last ones not among them.</summary>
    [JSInvokable]
    public Task OnWindow(int row0, int row1, int column0, int column1)
    {
        _window = (row0, row1, column0, column1);
        return DrawAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _gone = true;
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }

        _self?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var of = (Matrix, Shown, Of.View, ((int, int)?)Current, Of.Reading);
        if (_of == of)
        {
            return;
        }

        if (!ReferenceEquals(_of.Shown, Shown) || !ReferenceEquals(_of.Matrix, Matrix))
        {
            _hues = Hues.Apart([.. Shown.Select(i => Matrix.Groups[i].Name)]);
            _other = _of.Shown is not null;
        }

        var before = _of.Current;
        _of = of;
        if (_window == default || _window.Row1 > Shown.Count || _window.Column1 > Shown.Count || (before != Current && Current is not null))
        {
            var (row, column) = Current ?? (0, 0);
            _window = (Math.Max(0, row - (FirstRows / 2)), row + FirstRows, Math.Max(0, column - (FirstColumns / 2)), column + FirstColumns);
            _other = true;
        }

        await DrawAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var (row, column) = Current ?? (-1, -1);
        if (firstRender)
        {
            _self = DotNetObjectReference.Create(this);
            _script = new ComponentScript(Js, Script);
            await _script.StartAsync(_grid, _self, row, column);
        }
        else if (_other && _script is not null)
        {
            _other = false;
            await _script.CallAsync("show", _grid, row, column);
        }
    }

    // Cells are worked out when they are first seen, beside the dispatcher: a page of many groups listens meanwhile.
    private async Task DrawAsync()
    {
        var asked = ++_asked;
        var (of, window, current) = (Of, _window, Current);
        var made = MatrixPiece.IsSmall(of.Matrix, of.Groups) && of.NeverUsed is null ? MatrixPiece.Make(of, window, current, MostCells)
            : await Task.Run(() => MatrixPiece.Make(of, window, current, MostCells));
        if (_gone || asked != _asked)
        {
            return;
        }

        _piece = made;
        var first = made.Lines.FirstOrDefault()?.Row ?? 0;
        _words = $"Rows {Span(first, made.Lines.Length)}, columns {Span(made.Columns.FirstOrDefault(), made.Columns.Length)} of {Shown.Count.Grouped()}";
        StateHasChanged();
    }

    private static string Span(int first, int count) => $"{(first + 1).Grouped()}–{(first + count).Grouped()}";

    // The piece may still be of the groups before.
    private string NameOf(int place) => place < Shown.Count ? Core.Model.VisibleText.From(Matrix.Groups[Shown[place]].Name) : "";

    private string CountOf(int place) => place < Shown.Count ? Matrix.Groups[Shown[place]].Count.Grouped() : "";

    private string HueOf(int place) => Hues.Style(place < _hues.Length ? _hues[place] : 0);
}
