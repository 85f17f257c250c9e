using System.Collections.Immutable;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Web.Shell;

public sealed partial class OperationsInFlight
{
    private ImmutableArray<RunningOperation> _operations = [];
    private int _queued;
    private bool _gone;

    private int Count => _operations.Count(o => o.Finished is null);

    private string Label => Count switch
    {
        0 => "Operations: none runs",
        1 => "Operations: 1 runs",
        _ => $"Operations: {Count} run",
    };

    protected override void OnInitialized()
    {
        Running.Changed += OnChanged;
        Read();
    }

    public void Dispose()
    {
        _gone = true;
        Running.Changed -= OnChanged;
    }

    private void Read() => _operations = [.. Running.Operations.Take(12)];

    // Progress comes often: at most ten renderings a second.
    private void OnChanged()
    {
        if (Interlocked.Exchange(ref _queued, 1) == 0)
        {
            _ = InvokeAsync(async () =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), Time);
                Interlocked.Exchange(ref _queued, 0);
                if (!_gone)
                {
                    Read();
                    StateHasChanged();
                }
            });
        }
    }
}
