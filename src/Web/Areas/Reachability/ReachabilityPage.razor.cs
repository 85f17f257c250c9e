using CalicoConsole.Core.Reachability;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Reachability.Traffic;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CalicoConsole.Web.Areas.Reachability;

public sealed partial class ReachabilityPage
{
    private readonly Typed _asked = new();
    private ReachabilityView _view = new();
    private ReachabilityModel? _model;
    private ReachabilityMatrix? _matrix;
    private (int From, int To)? _cell;
    private bool _asksCell;
    private string _made = "";
    private string _matrixOf = "";
    private BackgroundWork<Made?>? _work;
    private string? _address;
    private bool _gone;
    private System.Collections.Immutable.ImmutableArray<string> _ends = [];

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Navigation.LocationChanged += OnAddress;
    }

    protected override void OnParametersSet() => FollowAddress();

    protected override ValueTask DisposeCoreAsync()
    {
        _gone = true;
        _work?.Dispose();
        Navigation.LocationChanged -= OnAddress;
        return base.DisposeCoreAsync();
    }

    // A page without parameters is not drawn again when only the query of its address changes.
    private void OnAddress(object? sender, LocationChangedEventArgs e) => _ = InvokeAsync(() =>
    {
        if (!_gone && new Uri(e.Location).AbsolutePath == new Uri(_address ?? e.Location).AbsolutePath)
        {
            FollowAddress();
            StateHasChanged();
        }
    });

    private void FollowAddress()
    {
        if (Navigation.Uri != _address)
        {
            _address = Navigation.Uri;
            _view = ReachabilityView.For(new Uri(_address));
            (_asked.From, _asked.To, _asked.Protocol, _asked.Port) = (_view.From, _view.To, _view.Protocol.Length == 0 && _view.Port.Length > 0 ? "tcp"
                : _view.Protocol, _view.Port);
            _asked.SourcePort = _view.SourcePort;
            (_asked.FromInterface, _asked.ToInterface, _asked.Via, _asked.ViaIn, _asked.ViaOut, _asked.Dialled) =
                (_view.FromInterface, _view.ToInterface, _view.Via, _view.ViaIn, _view.ViaOut, _view.Dialled);
            Complete();
            FindCell();
        }

        OnSnapshot();
    }

    // Many groups take seconds: the page is drawn and listens meanwhile.
    protected override void OnSnapshot()
    {
        _work ??= new BackgroundWork<Made?>(Time, Prepare, Show, DispatchExceptionAsync);
        _work.Ask();
    }

    private Func<Made?> Prepare()
    {
        var (view, before, key) = (_view, _model, _made);
        return () =>
        {
            var (snapshot, model) = Models.Current;
            // Networks of containers come from Docker, without a change of the datastore.
            var make = $"{KeyOf(view)} {(view.Grouping == EndpointGroups.Network ? snapshot.Version : 0)}";
            return ReferenceEquals(model, before) && make == key ? null
                : new Made(model, EndpointGroups.By(view.Grouping, snapshot) is { } groupsOf ? ReachabilityMatrix.From(model, groupsOf, view.IsIPv6) : null,
                    make, KeyOf(view));
        };
    }

    private void Show(Made? made)
    {
        if (made is not null)
        {
            (_model, _matrix, _made, _matrixOf) = (made.Model, made.Matrix, made.Key, made.Of);
            FindCell();
            StateHasChanged();
        }
    }

    // The cell of the groups that the address names, or of the groups that the ends of its question are in.
    private void FindCell()
    {
        (_cell, _asksCell) = (null, false);
        if (_matrix is not { } matrix || !_view.Asks || EndpointGroups.By(_view.Grouping, Snapshot) is not { } groupsOf)
        {
            return;
        }

        var (from, to) = (GroupOf(_view.From), GroupOf(_view.To));
        _cell = from.Group >= 0 && to.Group >= 0 ? (from.Group, to.Group) : null;
        _asksCell = _cell is not null && (from.IsName || to.IsName);

        (int Group, bool IsName) GroupOf(string end)
        {
            if (FlowEnds.TryFind(Snapshot, end, _view.IsIPv6, out var match, out _))
            {
                return (match!.Endpoint is { } endpoint && groupsOf(endpoint).FirstOrDefault() is { } group ? matrix.IndexOf(group) : -1, false);
            }

            return (matrix.IndexOf(end), true);
        }
    }

    private static string KeyOf(ReachabilityView view) => $"{view.Grouping} {view.IPVersion}";

    private void Complete() => _ends = FlowEnds.Complete(Snapshot, "", 300);

    private void Ask()
    {
        var via = _asked.Via.Trim();
        Go(_view with
        {
            From = _asked.From.Trim(),
            To = _asked.To.Trim(),
            Protocol = _asked.Protocol,
            Port = _asked.Protocol is "" or "sctp" ? "" : _asked.Port.Trim(),
            SourcePort = _asked.Protocol is "tcp" or "udp" ? _asked.SourcePort.Trim() : "",
            FromInterface = _asked.FromInterface.Trim(),
            ToInterface = _asked.ToInterface.Trim(),
            Via = via,
            ViaIn = via.Length == 0 ? "" : _asked.ViaIn.Trim(),
            ViaOut = via.Length == 0 ? "" : _asked.ViaOut.Trim(),
            Dialled = _asked.Dialled.Trim(),
        });
    }

    private void Go(ReachabilityView view) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(view.ToParameters()));

    private sealed record Made(ReachabilityModel Model, ReachabilityMatrix? Matrix, string Key, string Of);

    private sealed class Typed
    {
        public string From { get; set; } = "";

        public string To { get; set; } = "";

        public string Protocol { get; set; } = "";

        public string Port { get; set; } = "";

        public string SourcePort { get; set; } = "";

        public string FromInterface { get; set; } = "";

        public string ToInterface { get; set; } = "";

        public string Via { get; set; } = "";

        public string ViaIn { get; set; } = "";

        public string ViaOut { get; set; } = "";

        public string Dialled { get; set; } = "";
    }
}
