using System.Collections.Immutable;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Auth;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Lists;

public sealed partial class BulkBar<T> : IDisposable
{
    private const int MostSentences = 12;
    private const int MostItems = 500;

    private readonly CancellationTokenSource _gone = new();
    private OperationContext? _context;
    private ListAction<T>? _action;
    private BulkRun? _run;
    private CancellationTokenSource? _stop;
    private ElementReference _heading;
    private string _typed = "";
    private bool _weighing;
    private bool _focus;

    /// <summary>How many rows are selected.</summary>
    [Parameter, EditorRequired]
    public int Count { get; set; }

    /// <summary>How many of them the filter hides.</summary>
    [Parameter]
    public int Hidden { get; set; }

    /// <summary>How many rows the filter leaves.</summary>
    [Parameter, EditorRequired]
    public int All { get; set; }

    /// <summary>Whether all of those are selected.</summary>
    [Parameter]
    public bool IsAll { get; set; }

    /// <summary>The selected rows, asked for when something is to be done to them.</summary>
    [Parameter, EditorRequired]
    public Func<ImmutableArray<T>> Picked { get; set; } = default!;

    /// <summary>What can be done.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ListAction<T>> Actions { get; set; } = [];

    /// <summary>What is listed, in the plural.</summary>
    [Parameter, EditorRequired]
    public string What { get; set; } = "";

    /// <summary>Raised to select everything that the filter leaves.</summary>
    [Parameter]
    public EventCallback SelectAll { get; set; }

    /// <summary>Raised to select nothing.</summary>
    [Parameter]
    public EventCallback Clear { get; set; }

    [Inject]
    internal IOperationRunner Runner { get; set; } = default!;

    [Inject]
    internal CurrentActor Actor { get; set; } = default!;

    private string Heading => _run is not { } run ? "" : $"{_action!.BeforeNumber ?? _action.Label} {BulkWords.Counted(run.ToDo, What)}";

    private bool MayBegin => _run is { ToDo: > 0 and var count } && _context?.Permissions.HasFlag(OperationPermissions.Change) == true
        && (!_action!.Destructive || _typed.Trim() == count.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nobody is there to see what comes: what is under way ends by itself, nothing else begins.
        _gone.Cancel();
        _gone.Dispose();
        _stop?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus && _run is not null)
        {
            _focus = false;
            await _heading.FocusAsync();
        }
    }

    private async Task WeighAsync(ListAction<T> action)
    {
        if (_weighing)
        {
            return;
        }

        _weighing = true;
        try
        {
            _context = await Actor.ContextAsync();
            var (rows, context, token) = (Picked(), _context, _gone.Token);
            var run = await Task.Run(() => BulkRun.Weigh(rows, action, Runner, context, token), token);
            (_run, _action, _typed, _focus) = (run, action, "", true);
        }
        catch (OperationCanceledException)
        {
            // The list is gone.
        }
        finally
        {
            _weighing = false;
        }
    }

    private async Task BeginAsync()
    {
        if (_run is not { Begun: false } run || !MayBegin)
        {
            return;
        }

        _stop = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        _focus = true;
        await run.RunAsync(Runner, _context!, StateHasChanged, _stop.Token);
    }

    private async Task StopAsync()
    {
        if (_stop is { } stop)
        {
            await stop.CancelAsync();
        }
    }

    private async Task CloseAsync()
    {
        var ended = _run?.Ended == true;
        _run = null;
        if (ended)
        {
            await Clear.InvokeAsync();
        }
    }
}
