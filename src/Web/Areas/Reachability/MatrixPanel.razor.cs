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
    private Dictionary<int, string> _hues = [];
    private int _found;

    [Parameter, EditorRequired]
    public ClusterSnapshot Snapshot { get; set; } = default!;

    /// <summary>Null while the grouping names nothing.</summary>
    [Parameter, EditorRequired]
    public ReachabilityMatrix? Matrix { get; set; }

    /// <summary>Whether what the view asks for is still worked out.</summary>
    [Parameter]
    public bool Working { get; set; }

    [Parameter, EditorRequired]
    public ReachabilityView View { get; set; } = new();

    /// <summary>Puts another view into the address.</summary>
    [Parameter, EditorRequired]
    public EventCallback<ReachabilityView> Go { get; set; }

    private string Kind => View.Grouping.StartsWith(EndpointGroups.LabelPrefix, StringComparison.Ordinal) ? EndpointGroups.LabelPrefix : View.Grouping;

    private string Label => Kind == EndpointGroups.LabelPrefix ? View.Grouping[EndpointGroups.LabelPrefix.Length..] : "";

    private IEnumerable<string> Labels => Snapshot.Calico.WorkloadEndpoints.Values.Take(2000).SelectMany(e => e.Value.Labels.Keys)
        .Concat(Snapshot.Calico.Profiles.Values.Take(2000).SelectMany(p => p.Value.Labels.Keys)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Take(100);

    protected override void OnParametersSet()
    {
        var found = Matrix is { } matrix
            ? Enumerable.Range(0, matrix.Groups.Length).Where(i => matrix.Groups[i].Name.Contains(View.Filter, StringComparison.OrdinalIgnoreCase)).ToArray()
            : [];
        (_found, _shown) = (found.Length, [.. found.Take(ReachabilityView.MostGroups)]);
        var hues = Hues.Apart([.. _shown.Select(i => Matrix!.Groups[i].Name)]);
        _hues = _shown.Zip(hues).ToDictionary(h => h.First, h => Hues.Style(h.Second));
    }

    private static string Words(long number) => number.Grouped();

    private static string Title(CellKind kind) => kind switch
    {
        CellKind.All => "all",
        CellKind.Some => "some",
        CellKind.None => "none",
        CellKind.Empty =>
        "no pair",
        CellKind.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null)
    };

    // By how much is open, not by whether that is good.
    private static string Shade(ReachabilityCell cell) => cell.Kind == CellKind.Unknown ? "unknown" : cell.Amount switch
    {
        TrafficAmount.Nothing => "nothing",
        TrafficAmount.Little => "little",
        TrafficAmount.Much => "much",
        TrafficAmount.Everything => "everything",
        _ => throw new InvalidOperationException($"an amount {cell.Amount}"),
    } + (cell.IsForSomePairs ? " for-some" : "");

    private IEnumerable<ReachabilityCell> Cells(ReachabilityMatrix matrix) =>
        from a in _shown from b in _shown where matrix.KindOf(a, b) is CellKind.All or CellKind.Some or CellKind.Unknown select Describe(matrix, a, b);

    // A pair of running containers can be tried by a probe.
    private ReachabilityCell Describe(ReachabilityMatrix matrix, int from, int to) => matrix.Describe(from, to, endpoint =>
        Snapshot.Views.ContainerByEndpointId.TryGetValue(endpoint.Id.Name, out var key)
            && Snapshot.Views.Containers.GetValueOrDefault(key) is { Container.State: "running" });

    private Task By(string by) => Go.InvokeAsync(View with { By = by == EndpointGroups.Profile ? "" : by });

    private string HrefOf(ReachabilityCell cell) => Navigation.GetUriWithQueryParameters(View.Ask(cell, Snapshot).ToParameters());
}
