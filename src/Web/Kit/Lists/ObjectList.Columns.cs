using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CalicoConsole.Web.Kit.Lists;

/// <content>Columns as the person wants them, saved views, and what the browser does by itself.</content>
public sealed partial class ObjectList<T>
{
    private const string Script = "./js/list.js";

    private ListLayout _layout = ListLayout.Declared;
    private (ListLayout Layout, IReadOnlyList<ListColumn<T>> Columns)? _placedOf;
    private ImmutableArray<PlacedColumn<T>> _placed = [];
    private ImmutableArray<PlacedColumn<T>> _drawnAt = [];
    private ListColumn<T>[] _drawn = [];
    private ImmutableArray<SavedView> _views = [];
    private SavedView? _view;
    private string? _notKept;
    private string? _viewNotKept;
    private ElementReference _section;
    private ElementReference _menu;
    private ComponentScript? _script;
    private DotNetObjectReference<ListGestures>? _gestures;
    private bool? _partly;
    private bool _laidOut;

    /// <summary>What the browser tells this list.</summary>
    internal ListGestures Gestures => field ??= new ListGestures(ResizeAsync, MoveAsync);

    /// <summary>The columns that are drawn; the same object until they are others.</summary>
    internal IReadOnlyList<ListColumn<T>> Drawn => _drawn;

    /// <summary>How many cells a line has.</summary>
    internal int Across => _drawn.Length + (Actions.Count > 0 ? 1 : 0) + (Menu is null ? 0 : 1);

    // Columns share the width by their weights; on a narrow screen those that are left have all of it (app.css).
    private string TableStyle
    {
        get
        {
            var (all, narrow) = (_drawnAt.Sum(p => p.Width), _drawnAt.Where(p => !p.Column.Secondary).Sum(Narrow));
            var beside = ((Actions.Count > 0 ? 1 : 0) + (Menu is null ? 0 : 1)) * 40;
            var least = _layout.IsResized ? all + beside : all * 3 / 5;
            return string.Create(CultureInfo.InvariantCulture, $"--all: {all}; --narrow: {narrow}; min-width: {least}px");
        }
    }

    // Where there is little room, the name takes no more than the others.
    private int Narrow(PlacedColumn<T> place) => ReferenceEquals(place, _drawnAt[0]) ? Math.Min(place.Width, 140) : place.Width;

    private string ColumnStyle(PlacedColumn<T> place) => string.Create(CultureInfo.InvariantCulture,
        $"--w: {place.Width}{(Narrow(place) == place.Width ? "" : $"; --n: {Narrow(place)}")}");

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _gestures = DotNetObjectReference.Create(Gestures);
            _script = new ComponentScript(Js, Script);
            await _script.StartAsync(_section, _gestures);
        }

        if (_script is not null && Actions.Count > 0 && !_held.Rows.IsEmpty && (_picked > 0 && _picked < _newest.Length) is var partly && partly != _partly)
        {
            _partly = partly;
            await _script.CallAsync("markPartly", _section, partly);
        }

        if (_openMenu && _script is not null)
        {
            _openMenu = false;
            await _script.CallAsync("openMenu", _menu);
        }
    }

    private async ValueTask StopScriptAsync()
    {
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }

        _gestures?.Dispose();
    }

    private void PlaceColumns()
    {
        // The rows are drawn again only for other columns, not for the same ones in another box.
        if (_placedOf is not { } of || !ReferenceEquals(of.Layout, _layout) || !of.Columns.SequenceEqual(Columns, ReferenceEqualityComparer.Instance))
        {
            _placedOf = (_layout, Columns);
            _placed = _layout.Place(Columns);
            _drawnAt = [.. _placed.Where(p => p.Shown)];
            _drawn = _drawnAt.Select(p => p.Column).ToArray();
        }
    }

    // A view is named by the address. Opened by its name alone it fills in what it says; where the address says more, the address counts.
    private void TakeView()
    {
        _views = Preferences.ViewsOf(Kept);
        var view = _query.View is { } name ? _views.FirstOrDefault(v => v.Name == name) : null;
        if (!_laidOut || view?.Name != _view?.Name)
        {
            _laidOut = true;
            _layout = view?.Layout ?? Preferences.LayoutOf(Kept);
        }

        _view = view;
        if (view is { Parameters.IsEmpty: false } && _query is { Filters: false, Sort: null, Group: null })
        {
            var parameters = view.Parameters.Where(p => p.Key != "view").ToDictionary(p => p.Key, p => (object?)p.Value, StringComparer.Ordinal);
            var whole = Navigation.GetUriWithQueryParameters(parameters);
            _query = QueryOf(whole);
            _typed = _typing is null ? _query.Text : _typed;
            Navigation.NavigateTo(whole, replace: true);
        }
    }

    // What else the address says, such as the tab, stays.
    private string HrefOfView(string name) => Navigation.GetUriWithQueryParameters(new ListQuery { View = name }.ToParameters(FacetKeys));

    private async Task ReadViewsAsync()
    {
        await Preferences.ReadViewsAsync(CancellationToken.None);
        _views = Preferences.ViewsOf(Kept);
    }

    private async Task SaveViewAsync(string name)
    {
        var parameters = (_query with { View = null }).ToParameters(FacetKeys).Where(p => p.Value is string)
            .ToImmutableSortedDictionary(p => p.Key, p => (string)p.Value!, StringComparer.Ordinal);
        var view = new SavedView(name, parameters, _layout, "");
        _viewNotKept = await Preferences.SaveAsync(Kept, view) is { } why ? $"The view is not saved: {why}" : null;
        _views = Preferences.ViewsOf(Kept);
        _view = _views.FirstOrDefault(v => v.Name == name);
        Say(_viewNotKept is null ? $"View {name} saved" : "");
        Go(_query with { View = name });
    }

    private async Task DeleteViewAsync(string name)
    {
        _viewNotKept = await Preferences.DeleteAsync(Kept, name) is { } why ? $"The view is not deleted: {why}" : null;
        _views = Preferences.ViewsOf(Kept);
        Say($"View {name} deleted");
        if (_query.View == name)
        {
            Go(_query with { View = null });
        }
    }

    private Task ShowColumnAsync(string key, bool shown) => ChangeAsync(_layout.Show(Columns, key, shown), $"{TitleOf(key)} {(shown ? "shown" : "hidden")}");

    private Task MoveAsync(string key, int by)
    {
        var layout = _layout.Move(Columns, key, by);
        var place = layout.Place(Columns).Where(p => p.Shown).Select(p => p.Column.Key).ToList().IndexOf(key) + 1;
        return ChangeAsync(layout, place > 0 ? $"{TitleOf(key)} is column {place} of {_drawn.Length}" : $"{TitleOf(key)} moved");
    }

    private Task ResizeAsync(IReadOnlyDictionary<string, int> widths)
    {
        var layout = _layout.Resize(Columns, widths);
        var before = _drawnAt.ToDictionary(p => p.Column.Key, p => p.Width, StringComparer.Ordinal);
        var most = layout.Place(Columns).Where(p => before.ContainsKey(p.Column.Key)).MaxBy(p => Math.Abs(p.Width - before[p.Column.Key]));
        return ChangeAsync(layout, most is null ? "" : $"{most.Column.Title} is {most.Width} pixels wide");
    }

    private Task ResetAsync() => ChangeAsync(ListLayout.Declared, "Columns are as at first");

    private string TitleOf(string key) => Columns.FirstOrDefault(c => c.Key == key)?.Title ?? key;

    // In a view they are the view's, until it is saved or left.
    private async Task ChangeAsync(ListLayout layout, string said)
    {
        await InvokeAsync(() =>
        {
            _layout = layout;
            PlaceColumns();
            Say(said);
            StateHasChanged();
        });
        if (_view is null)
        {
            _notKept = await Preferences.KeepAsync(Kept, layout) is { } why ? $"Kept only until this page is loaded again: {why}" : null;
        }
    }
}
