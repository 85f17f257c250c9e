using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Areas.Connectivity;

public sealed partial class ConnectivityPage
{
    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        try
        {
            _rows = [.. (await Reports.NewestAsync(IDiagnosisReports.Most, _left.Token)).Select(r => new DiagnosisRow(r))];
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
