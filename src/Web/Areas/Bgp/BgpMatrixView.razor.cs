using System.Collections.Immutable;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Areas.Bgp;

public sealed partial class BgpMatrixView
{
    private const int MostColumns = 12;
    private const int MostRows = 200;

    private readonly CancellationTokenSource _gone = new();
    private ImmutableArray<(string Family, BgpMatrix Matrix)> _families = [];
    private DateTimeOffset? _at;
    private bool _reading;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    // Not while prerendering: a host that does not answer must not hold the page up.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await ReadAsync();
        }
    }

    private static ChipState ChipOf(BgpSession session) => session.IsEstablished ? ChipState.Healthy : session.State == "start" ? ChipState.Working
        : ChipState.Broken;

    private static IEnumerable<(string From, string To, BgpCell Cell)> WrongOf(BgpMatrix matrix) =>
        from i in Enumerable.Range(0, matrix.Nodes.Length)
        from j in Enumerable.Range(0, matrix.Nodes.Length)
        where matrix.Cells[i][j] is { IsWrong: true }
        select (matrix.Nodes[i], matrix.Nodes[j], matrix.Cells[i][j]!);

    private async Task ReadAsync()
    {
        if (_reading)
        {
            return;
        }

        var token = _gone.Token;
        _reading = true;
        StateHasChanged();
        try
        {
            var taken = await Readings.ReadAsync(token);
            (_families, _at) = (taken.Matrices(State.Current), taken.At);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return;
        }

        _reading = false;
        StateHasChanged();
    }
}
