using System.Collections.Concurrent;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Reachability;

public sealed partial class MatrixPanel
{
    private static readonly (string Shape, string Title)[] Shapes = [("", "Matrix"), ("table", "Table")];

    private int[] _shown = [];
    private (ReachabilityMatrix? Matrix, string Filter) _shownOf = (null, "");
    private string _address = "";
    private readonly ConcurrentDictionary<(int From, int To), OpenRules?> _open = new();
    private int _reading;

    [Parameter, EditorRequired]
    public ClusterSnapshot Snapshot { get; set; } = default!;

    /// <summary>The model that the matrix is of; null while there is none.</summary>
    [Parameter, EditorRequired]
    public ReachabilityModel? Model { get; set; }

    /// <summary>Null while the grouping names nothing.</summary>
    [Parameter, EditorRequired]
    public ReachabilityMatrix? Matrix { get; set; }

    /// <summary>Whether what the view asks for is still worked out.</summary>
    [Parameter]
    public bool Working { get; set; }

    [Parameter, EditorRequired]
    public ReachabilityView View { get; set; } = new();

    /// <summary>The cell that the address names, by the indices of its groups.</summary>
    [Parameter]
    public (int From, int To)? Cell { get; set; }

    /// <summary>Whether the address names the groups themselves, and no ends of a question.</summary>
    [Parameter]
    public bool AsksCell { get; set; }

    /// <summary>Puts another view into the address.</summary>
    [Parameter, EditorRequired]
    public EventCallback<ReachabilityView> Go { get; set; }

    private string Kind => View.Grouping.StartsWith(EndpointGroups.LabelPrefix, StringComparison.Ordinal) ? EndpointGroups.LabelPrefix : View.Grouping;

    private string Label => Kind == EndpointGroups.LabelPrefix ? View.Grouping[EndpointGroups.LabelPrefix.Length..] : "";

    private IEnumerable<string> Labels => Snapshot.Calico.WorkloadEndpoints.Values.Take(2000).SelectMany(e => e.Value.Labels.Keys)
        .Concat(Snapshot.Calico.Profiles.Values.Take(2000).SelectMany(p => p.Value.Labels.Keys)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Take(100);

    /// <inheritdoc/>
    public void Dispose() => Counters.Changed -= OnCounters;

    /// <inheritdoc/>
    protected override void OnInitialized() => Counters.Changed += OnCounters;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _address = Navigation.Uri;
        if (!ReferenceEquals(_shownOf.Matrix, Matrix) || _shownOf.Filter != View.Filter)
        {
            if (!ReferenceEquals(_shownOf.Matrix, Matrix))
            {
                _open.Clear();
            }

            _shownOf = (Matrix, View.Filter);
            _shown = Matrix is { } matrix
                ? [.. Enumerable.Range(0, matrix.Groups.Length).Where(i => matrix.Groups[i].Name.Contains(View.Filter, StringComparison.OrdinalIgnoreCase))]
                : [];
        }
    }

    private static string Words(long number) => number.Grouped();

    // The cell that the address names, by row and column; null where the filter hides it.
    private (int, int)? Current => Cell is { } cell && Array.BinarySearch(_shown, cell.From) is >= 0 and var row
        && Array.BinarySearch(_shown, cell.To) is >= 0 and var column ? (row, column) : null;

    // A pair of running containers can be tried by a probe. Called beside the dispatcher too.
    private (ReachabilityCell Cell, string Href) Describe(int from, int to)
    {
        var snapshot = Snapshot;
        var cell = Matrix!.Describe(from, to, endpoint => snapshot.Views.ContainerByEndpointId.TryGetValue(endpoint.Id.Name, out var key)
            && snapshot.Views.Containers.GetValueOrDefault(key) is { Container.State: "running" });
        return (cell, Navigation.GetUriWithQueryParameters(_address, View.Ask(cell, snapshot).ToParameters()));
    }

    // Called beside the dispatcher.
    private bool NeverUsed(int from, int to) => Matrix is { IsIPv6: false } matrix && Model is { } model
        && _open.GetOrAdd((from, to), _ => OpenRules.For(model, matrix, from, to)) is { } open && open.NeverUsed(Counters.Count);

    private void OnCounters() => _ = InvokeAsync(() =>
    {
        if (View.Unused.Length > 0)
        {
            _reading++;
            StateHasChanged();
        }
    });

    private Task By(string by) => Go.InvokeAsync(View with { By = by == EndpointGroups.Profile ? "" : by });
}
