using System.Collections.Immutable;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Endpoints;

public sealed partial class EndpointsPage
{
    private ImmutableArray<EndpointRow> _rows = [];
    private (EmptyKind Kind, string? Reason) _empty;
    private BackgroundWork<EndpointProtections>? _work;
    private EndpointProtections? _protections;
    private Selector? _wanted;
    private SelectorError? _error;

    /// <summary>A Calico selector; null or empty shows all.</summary>
    [SupplyParameterFromQuery(Name = "selector")]
    public string? Selector { get; set; }

    protected override void OnParametersSet() => OnSnapshot();

    protected override ValueTask DisposeCoreAsync()
    {
        _work?.Dispose();
        return base.DisposeCoreAsync();
    }

    protected override void OnSnapshot()
    {
        _protections ??= Shared.Known;
        _work ??= new BackgroundWork<EndpointProtections>(Time, () => () => Shared.Protect(Models.Current.Model), Show, DispatchExceptionAsync);
        _work.Ask();
        Select();
    }

    // What protects them takes a while where there are many: the list is drawn without at first.
    private void Show(EndpointProtections protections)
    {
        if (!ReferenceEquals(protections, _protections))
        {
            _protections = protections;
            Select();
            StateHasChanged();
        }
    }

    private void Select()
    {
        (_wanted, _error) = (null, null);
        if (Selector?.Trim() is { Length: > 0 } && !Core.Selectors.Selector.TryParse(Selector, out _wanted, out _error))
        {
            _rows = [];
            return;
        }

        var (calico, wanted) = (Snapshot.Calico, _wanted);
        var all = Shared.AllIn(Snapshot, _protections);
        _rows = wanted is null ? all : [.. all.Where(r => wanted.Matches(EffectiveLabels.For(calico, r.Endpoint)))];
        _empty = FeedWords.Empty(Snapshot, FeedWords.Etcd);
    }

    private void Go(string? selector) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("selector", string.IsNullOrWhiteSpace(selector) ? null : selector), replace: true);
}
