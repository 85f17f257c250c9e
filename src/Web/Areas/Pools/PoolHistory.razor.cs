using System.Collections.Immutable;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ipam;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Charts;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Pools;

public sealed partial class PoolHistory
{
    private readonly CancellationTokenSource _left = new();
    private ImmutableArray<TimeColumn> _columns = [];
    private PoolForecast? _forecast;
    private string? _failed;
    private (Cidr Pool, string Span)? _read;

    /// <summary>The pool.</summary>
    [Parameter, EditorRequired]
    public Cidr Pool { get; set; }

    /// <summary>How far back, as it stands in the address.</summary>
    [Parameter]
    public string? Back { get; set; }

    private ChartSpan Span => ChartSpan.For(Back);

    private string Label
    {
        get
        {
            var (least, most) = (_columns.Min(c => c.Least).GetValueOrDefault(), _columns.Max(c => c.Most).GetValueOrDefault());
            return $"Addresses taken of {Pool} over the last {Span.Words}: {((int)least).Grouped()} to {((int)most).Grouped()}";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Recorder.Recorded -= OnRecorded;
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Recorder.Recorded += OnRecorded;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_read != (Pool, Span.Key))
        {
            await ReadAsync();
        }
    }

    private void OnRecorded() => _ = InvokeAsync(async () =>
    {
        if (!_left.IsCancellationRequested)
        {
            await ReadAsync();
            StateHasChanged();
        }
    });

    private async Task ReadAsync()
    {
        var asked = (Pool, Span.Key);
        _read = asked;
        try
        {
            var now = Time.GetUtcNow();
            var points = await Series.ReadAsync(PoolSamples.KeyOf(Pool), now - Span.Back, _left.Token);
            var forecast = (await Forecasts.ReadAsync(_left.Token)).GetValueOrDefault(Pool.ToString());
            if (_read == asked)
            {
                (_columns, _forecast, _failed) = (TimeColumns.From(points, now), forecast ?? PoolForecast.From([], Pool.Size), null);
            }
        }
        catch (ConsoleDatabaseException e)
        {
            _failed = e.Message;
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Nobody looks any more.
            return;
        }
    }
}
