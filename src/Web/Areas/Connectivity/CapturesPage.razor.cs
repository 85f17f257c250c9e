using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Areas.Connectivity;

public sealed partial class CapturesPage
{
    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        try
        {
            _rows = await Kept.NewestAsync(ICaptures.Most, _left.Token);
        }
        catch (ConsoleDatabaseException e)
        {
            _failed = e.Message;
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask DisposeCoreAsync()
    {
        await _left.CancelAsync();
        _left.Dispose();
        await base.DisposeCoreAsync();
    }
}
