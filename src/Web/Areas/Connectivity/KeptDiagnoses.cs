using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Diagnostics.Decision;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>Reads kept reports for pages.</summary>
internal static class KeptDiagnoses
{
    /// <summary>A report, or why there is none to show.</summary>
    public static async Task<(DiagnosisReport? Report, string? Failed)> ReadAsync(IDiagnosisReports reports, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await reports.FindAsync(id, cancellationToken) is not { } kept
                ? (null, $"There is no diagnosis {id}: it was not kept, or newer ones have taken its place.")
                : DiagnosisReport.FromJson(kept.Document) is { } report ? (report, null) : (null, "It was kept by another version of the console.");
        }
        catch (ConsoleDatabaseException e)
        {
            return (null, e.Message);
        }
    }
}
