using System.Collections.Immutable;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Web.Areas.Pools;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Overview;

public sealed partial class PoolUsePanel
{
    private const int Most = 8;

    private ImmutableDictionary<string, PoolForecast> _forecasts = ImmutableDictionary<string, PoolForecast>.Empty;
    private bool _gone;

    /// <summary>The pools, the fullest first.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<PoolRow> Pools { get; set; } = [];

    /// <summary>Why there may be none.</summary>
    [Parameter]
    public (EmptyKind Kind, string? Reason) Empty { get; set; }

    /// <summary>Whether etcd is lost.</summary>
    [Parameter]
    public bool Stale { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone = true;
        Recorder.Recorded -= OnRecorded;
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Recorder.Recorded += OnRecorded;
        await ReadAsync();
    }

    private PoolForecast? ForecastOf(PoolRow pool) => _forecasts.GetValueOrDefault(pool.Pool.Cidr.ToString());

    private void OnRecorded() => _ = InvokeAsync(async () =>
    {
        if (!_gone)
        {
            await ReadAsync();
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
            // The audit log is in the same database, and its problem stands above.
            _forecasts = ImmutableDictionary<string, PoolForecast>.Empty;
        }
    }
}
