using System.Collections.Immutable;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Lists;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Pools;

public sealed partial class PoolsPage
{
    private static readonly ImmutableArray<ListColumn<PoolRow>> Columns =
    [
        new("cidr", "CIDR", r => r.Pool.Cidr.ToString()) { Mono = true, Width = 190, Order = ListOrder.By<PoolRow, Cidr>(r => r.Pool.Cidr) },
        new("state", "State", r => r.State.Words) { Facet = true, Width = 116, Cell = r => Cells.State(r.State) },
        new("used", "Used", r => r.UseWords) { Width = 220, Cell = r => Cells.Use(r.Share, r.UseWords), Order = ListOrder.By<PoolRow, double>(r => r.Share) },
        new("full", "Full in", r => r.FullIn) { Quiet = true, Secondary = true, Order = ListOrder.By<PoolRow, TimeSpan>(r => r.Left) },
        new("problems", "Problems", r => r.Problems.Grouped())
        {
            Secondary = true,
            Order = ListOrder.By<PoolRow, int>(r => r.Problems),
            Cell = r => r.Problems == 0 ? Cells.None
                : Cells.State(new(ChipState.Attention, r.Problems.Grouped(), "Leaks, double use or broken references: see the findings of the pool.")),
        },
        new("blocks", "Blocks", r => r.Use.Blocks.Grouped()) { Numeric = true, Secondary = true,
            Order = ListOrder.By<PoolRow, int>(r => r.Use.Blocks) },
        new("ipip", "IPIP", r => r.Ipip) { Facet = true, Secondary = true },
        new("nat", "NAT outgoing", r => r.Pool.NatOutgoing ? "yes" : "no") { Facet = true, Secondary = true },
    ];

    private ImmutableDictionary<string, PoolForecast> _forecasts = ImmutableDictionary<string, PoolForecast>.Empty;
    private bool _gone;
    private ImmutableArray<PoolRow> _rows = [];
    private ImmutableArray<NodeUtilisation> _nodes = [];
    private IpamIndex _index = IpamIndex.Empty;
    private IpamConfig _config = IpamConfig.Default;
    private (EmptyKind Kind, string? Reason) _empty;
    private int _problems;
    private PageTab[] _tabs = [];

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>The address that is looked for.</summary>
    [SupplyParameterFromQuery]
    public string? Find { get; set; }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Recorder.Recorded += OnRecorded;
        await ReadAsync();
        OnSnapshot();
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeCoreAsync()
    {
        _gone = true;
        Recorder.Recorded -= OnRecorded;
        return base.DisposeCoreAsync();
    }

    private void OnRecorded() => _ = InvokeAsync(async () =>
    {
        if (!_gone)
        {
            await ReadAsync();
            OnSnapshot();
            StateHasChanged();
        }
    });

    private async Task ReadAsync()
    {
        try
        {
            _forecasts = await Forecasts.ReadAsync(CancellationToken.None);
        }
        catch (ConsoleDatabaseException)
        {
            // Told on the overview: the audit log is in the same database.
            _forecasts = ImmutableDictionary<string, PoolForecast>.Empty;
        }
    }

    protected override void OnSnapshot()
    {
        _index = Ipam.Current;
        _rows = [.. PoolRow.AllIn(Snapshot.Calico, _index).Select(r => r with { Forecast = _forecasts.GetValueOrDefault(r.Pool.Cidr.ToString()) })];
        _nodes = Utilisation.ByNode(Snapshot.Calico.Blocks.Values.Select(b => b.Value));
        _config = IpamConfig.From(Snapshot.Calico);
        _problems = _index.Findings.Count(_index.IsProblem);
        _empty = FeedWords.Empty(Snapshot, FeedWords.Etcd);
        _tabs = [new("", "Pools", _rows.Length), new("findings", "Findings", _problems), new("nodes", "By node", _nodes.Length)];
    }
}
