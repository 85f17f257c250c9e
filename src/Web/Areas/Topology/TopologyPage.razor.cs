using System.Collections.Immutable;
using CalicoConsole.Core.Topology;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Topology;

public sealed partial class TopologyPage
{
    private static readonly (string Shape, string Title)[] Shapes = [("", "Picture"), ("table", "Table")];

    private readonly CancellationTokenSource _gone = new();
    private TopologyAddress _address = TopologyAddress.From(null, null, null, null, null);
    private Drawing? _shown;
    private BackgroundWork<Drawing>? _work;
    private bool _reading;

    [SupplyParameterFromQuery]
    public string? By { get; set; }

    [SupplyParameterFromQuery]
    public string? IPVersion { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Filter { get; set; }

    [SupplyParameterFromQuery]
    public string? Focus { get; set; }

    [SupplyParameterFromQuery]
    public string? View { get; set; }

    private TopologyAddress Asked => TopologyAddress.From(By, IPVersion, Filter, Focus, View);

    protected override void OnInitialized()
    {
        _address = Asked;
        base.OnInitialized();
        Running.Changed += OnOperations;
    }

    protected override void OnParametersSet()
    {
        if (_address != Asked)
        {
            _address = Asked;
            OnSnapshot();
        }
    }

    // Not while prerendering: a host that does not answer must not hold the page up.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Readings.Latest is null)
        {
            await ReadAsync();
        }
    }

    protected override async ValueTask DisposeCoreAsync()
    {
        Running.Changed -= OnOperations;
        _work?.Dispose();
        await _gone.CancelAsync();
        _gone.Dispose();
        await base.DisposeCoreAsync();
    }

    protected override void OnSnapshot()
    {
        _work ??= new BackgroundWork<Drawing>(Time, Prepare, Show, DispatchExceptionAsync);
        _work.Ask();
    }

    private static string Text(ChangeEventArgs e) => (e.Value as string ?? "").Trim();

    private static string Drawn(TopologyGraph graph)
    {
        var of = graph.Found < graph.Endpoints ? $"{graph.Found.Grouped()} of " : "";
        var counted = graph.IsCounted ? " There are too many to draw each: those of one host and the same groups are one box." : "";
        var leftOut = graph.LeftOut > 0
            ? $" {graph.LeftOut.Grouped()} arrows between groups are too many to draw together: look at one group, or at Reachability for all." : "";
        return $"{of}{graph.Endpoints.Grouped()} {(graph.Endpoints == 1 ? "endpoint" : "endpoints")}.{counted}{leftOut}";
    }

    private void OnOperations() => _ = InvokeAsync(OnSnapshot);

    // Many endpoints take a while: the page is drawn and listens meanwhile.
    private Func<Drawing> Prepare()
    {
        var (address, probes) = (_address, TopologyWords.Probes(Running).ToImmutableArray());
        return () =>
        {
            var (snapshot, model) = Models.Current;
            return new Drawing(address, TopologyDrawing.From(snapshot, model, address.View, Readings.Latest, probes));
        };
    }

    private void Show(Drawing drawing)
    {
        _shown = drawing;
        StateHasChanged();
    }

    private async Task ReadAsync()
    {
        if (_reading)
        {
            return;
        }

        var token = _gone.Token;
        _reading = true;
        StateHasChanged();
        try
        {
            await Readings.ReadAsync(token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return;
        }

        _reading = false;
        OnSnapshot();
        StateHasChanged();
    }

    private string FocusOf(TopologyNode node) => HrefOf(_address with { Focus = node.Id });

    private string HrefOf(TopologyAddress address) => Navigation.GetUriWithQueryParameters(address.ToParameters());

    private void Go(TopologyAddress address) => Navigation.NavigateTo(HrefOf(address));

    private sealed record Drawing(TopologyAddress Address, TopologyDrawing Picture);
}
