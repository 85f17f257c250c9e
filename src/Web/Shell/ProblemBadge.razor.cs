using System.Collections.Immutable;
using CalicoConsole.Core.Problems;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Shell;

/// <summary>
/// How many problems there are, on every page; it leads to them.
/// It is drawn again only when what was found is another, and the tab can be seen.
/// </summary>
public sealed partial class ProblemBadge
{
    private readonly CancellationTokenSource _gone = new();
    private ImmutableArray<Problem>? _found;
    private string? _said;
    private int _queued;

    private string Summary => ProblemWords.Summary(_found);

    /// <inheritdoc/>
    public void Dispose()
    {
        Problems.Changed -= OnChanged;
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        // Subscribe first: a change between reading and subscribing must not be lost.
        Problems.Changed += OnChanged;
        _found = Problems.Found;
        if (!RendererInfo.IsInteractive)
        {
            // The frame that comes before the circuit waits for nothing.
            return;
        }

        try
        {
            _found = await Problems.LatestAsync(_gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
    }

    private void OnChanged()
    {
        if (!_gone.IsCancellationRequested && Interlocked.Exchange(ref _queued, 1) == 0)
        {
            _ = InvokeAsync(DrawAsync);
        }
    }

    private async Task DrawAsync()
    {
        try
        {
            await Visibility.WaitUntilVisibleAsync(_gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }

        Interlocked.Exchange(ref _queued, 0);
        var before = Summary;
        _found = Problems.Found;
        _said = Summary == before ? _said : Summary;
        StateHasChanged();
    }
}
