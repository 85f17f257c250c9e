using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>Reads kept captures for pages.</summary>
internal static class KeptCaptures
{
    /// <summary>A capture without its packets, or why there is none to show.</summary>
    public static async Task<(CaptureReport? Report, string? Failed)> ReadAsync(ICaptures captures, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await captures.FindAsync(id, cancellationToken) is not { } kept
                ? (null, $"There is no capture {id}: it was not kept, or newer ones have taken its place.")
                : CaptureReport.FromJson(kept.Document) is { } report ? (report, null) : (null, "It was kept by another version of the console.");
        }
        catch (ConsoleDatabaseException e)
        {
            return (null, e.Message);
        }
    }
}
