using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Captures;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>A kept capture. Only the packets of the page that is shown are held.</summary>
public sealed partial class CapturePage
{
    private const int RowsOfAPage = 50;

    private CaptureReport? _report;
    private string? _failed;
    private (Guid Id, string? Show, int? Page)? _read;
    private ImmutableArray<TimelineRow> _rows = [];
    private ImmutableArray<string> _notes = [];
    private ImmutableArray<(string? Fate, string Words, int Count)> _fates = [];
    private int _page = 1;
    private int _pages = 1;

    /// <summary>The capture.</summary>
    [Parameter]
    public Guid Id { get; set; }

    /// <summary>Which packets, by what became of them; null for all.</summary>
    [SupplyParameterFromQuery(Name = "show")]
    public string? Show { get; set; }

    /// <summary>Which page of them.</summary>
    [SupplyParameterFromQuery(Name = "page")]
    public int? PageAsked { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_read == (Id, Show, PageAsked))
        {
            return;
        }

        _read = (Id, Show, PageAsked);
        (_report, _failed) = await KeptCaptures.ReadAsync(Captures, Id, CancellationToken.None);
        if (_report is not { } report)
        {
            return;
        }

        try
        {
            Take(PcapTracks.Timeline(report, await Captures.FilesAsync(Id, CancellationToken.None), Decoder));
        }
        catch (ConsoleDatabaseException e)
        {
            (_report, _failed) = (null, e.Message);
        }
    }

    private void Take(CaptureTimeline timeline)
    {
        _notes = timeline.Notes;
        _fates =
        [
            (null, "All", timeline.Rows.Length),
            .. timeline.Rows.GroupBy(r => r.State).OrderBy(g => g.Key)
                .Select(g => ((string?)g.Key.ToString().ToLowerInvariant(), CaptureWords.State(g.Key).Words, g.Count())),
        ];
        var shown = Show is null ? timeline.Rows : [.. timeline.Rows.Where(r => r.State.ToString().Equals(Show, StringComparison.OrdinalIgnoreCase))];
        _pages = Math.Max(1, (shown.Length + RowsOfAPage - 1) / RowsOfAPage);
        _page = Math.Clamp(PageAsked ?? 1, 1, _pages);
        _rows = [.. shown.Skip((_page - 1) * RowsOfAPage).Take(RowsOfAPage)];
    }

    private static string Title(CaptureReport report) => report.From.Length > 0 && report.To.Length > 0 ? $"Packets from {report.From} to {report.To}"
        : report.From.Length + report.To.Length > 0 ? $"Packets of {report.From}{report.To}" : "Packets";

    private static string? Filled(string text) => text.Length > 0 ? text : null;

    private static string Number(int page) => page.ToString(CultureInfo.InvariantCulture);
}
