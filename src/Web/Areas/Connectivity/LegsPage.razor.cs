using System.Collections.Immutable;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>Every workload with its five legs: four of the snapshot, the fifth and Docker's own records when somebody asks for them.</summary>
public sealed partial class LegsPage
{
    private readonly CancellationTokenSource _left = new();
    private BackgroundWork<ImmutableArray<LegsRow>>? _work;
    private ImmutableArray<LegsRow> _rows;
    private WorkloadLegs? _shown;
    private LegReadings? _readings;
    private (EmptyKind Kind, string? Reason) _empty;
    private int _faults;
    private bool _reading;

    /// <summary>The workload whose legs are shown in full; null shows none.</summary>
    [SupplyParameterFromQuery(Name = "workload")]
    public string? Workload { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Select();

    /// <inheritdoc/>
    protected override ValueTask DisposeCoreAsync()
    {
        _left.Cancel();
        _left.Dispose();
        _work?.Dispose();
        return base.DisposeCoreAsync();
    }

    /// <inheritdoc/>
    protected override void OnSnapshot()
    {
        _empty = FeedWords.Empty(Snapshot, FeedWords.Etcd);
        if (_rows.IsDefault)
        {
            Take(Judge(_readings));
        }
        else
        {
            Again();
        }
    }

    private void Again()
    {
        _work ??= new BackgroundWork<ImmutableArray<LegsRow>>(Time, () =>
        {
            var readings = _readings;
            return () => Judge(readings);
        }, rows =>
        {
            Take(rows);
            StateHasChanged();
        }, DispatchExceptionAsync);
        _work.Ask();
    }

    private ImmutableArray<LegsRow> Judge(LegReadings? readings)
    {
        var index = Ipam.Current;
        return [.. Reconciler.Rows(index.Snapshot, index, readings).Select(r => new LegsRow(r))];
    }

    private void Take(ImmutableArray<LegsRow> rows)
    {
        (_rows, _faults) = (rows, rows.Count(r => r.Legs.IsFaulty));
        Select();
    }

    private void Select() => _shown = string.IsNullOrEmpty(Workload) || _rows.IsDefault ? null : _rows.FirstOrDefault(r => r.Legs.Key == Workload)?.Legs;

    private async Task ReadAsync()
    {
        _reading = true;
        try
        {
            _readings = await Reader.ReadAsync(State.Current, _left.Token);
            Again();
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        finally
        {
            _reading = false;
        }
    }

    private static string Said(LegReadings readings) =>
        $"The interfaces of {readings.Hosts.Values.Count(h => h.Value is not null).Grouped()} of {readings.Hosts.Count.Grouped()} Docker hosts"
        + $"{(readings.Store.Value is { } store ? $", and {store.Endpoints.Count.Grouped()} endpoints in Docker's cluster store" : "")}.";

    private static IEnumerable<(string Name, string Why)> Unread(LegReadings readings) =>
        readings.Hosts.Where(h => h.Value.Failed).Select(h => (h.Key, h.Value.Missing))
            .Concat(readings.Store.Failed ? [("Docker's cluster store", readings.Store.Missing)] : []);
}
