using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>
/// A list of objects: filtered and ordered here over the rows that the page gives, drawn virtually, with its state in the
/// page's address. Rows change in place and do not move while the pointer or the focus is among them.
/// </summary>
public sealed partial class ObjectList<T> : IAsyncDisposable
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(180);

    private ListQuery _query = new();
    private string? _address;
    private string _typed = "";
    private ImmutableArray<T> _given;
    private HeldRows<T> _held = HeldRows.From<T>([]);
    private ImmutableArray<ListGroup> _groups = [];
    private ListLines<T> _lines = new([], [], ImmutableHashSet<string>.Empty);
    private ImmutableHashSet<string> _closed = ImmutableHashSet.Create<string>(StringComparer.Ordinal);
    private ImmutableArray<T> _newest = [];
    private ImmutableArray<ListFacet<T>> _facets = [];
    private CancellationTokenSource? _typing;
    private bool _twins;
    private bool _pointer;
    private bool _focus;

    /// <summary>Every row, in the order in which they stand when nobody asks for another.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<T> Items { get; set; } = [];

    /// <summary>The columns; the first one links to the object.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ListColumn<T>> Columns { get; set; } = [];

    /// <summary>A row's identity, which stays the same while its content changes.</summary>
    [Parameter, EditorRequired]
    public Func<T, string> KeyOf { get; set; } = default!;

    /// <summary>The address of a row's page.</summary>
    [Parameter, EditorRequired]
    public Func<T, string> HrefOf { get; set; } = default!;

    /// <summary>What it lists, in the plural: "IP pools".</summary>
    [Parameter, EditorRequired]
    public string What { get; set; } = "";

    /// <summary>Under what name its columns and views are kept; null for <see cref="What"/>.</summary>
    [Parameter]
    public string? KeptAs { get; set; }

    /// <summary>What can be done to many rows at once; rows can be selected where there is any.</summary>
    [Parameter]
    public IReadOnlyList<ListAction<T>> Actions { get; set; } = [];

    /// <summary>What can be done to a row, as the object's page offers it; null for no menu.</summary>
    [Parameter]
    public Func<T, IEnumerable<ObjectAction>>? Menu { get; set; }

    /// <summary>Names a <c>data-…</c> attribute of each row that holds its key.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>Whether the source is lost, so that old data must look old.</summary>
    [Parameter]
    public bool Stale { get; set; }

    /// <summary>Why there may be no rows at all.</summary>
    [Parameter]
    public EmptyKind Empty { get; set; }

    /// <summary>The source's words when it is not connected or failed.</summary>
    [Parameter]
    public string? EmptyReason { get; set; }

    /// <summary>What to do when there is nothing yet.</summary>
    [Parameter]
    public RenderFragment? Next { get; set; }

    [Inject]
    internal NavigationManager Navigation { get; set; } = default!;

    [Inject]
    internal SharedLists Lists { get; set; } = default!;

    [Inject]
    internal TimeProvider Time { get; set; } = default!;

    [Inject]
    internal ListPreferences Preferences { get; set; } = default!;

    [Inject]
    internal IJSRuntime Js { get; set; } = default!;

    private string Label => char.ToUpperInvariant(What[0]) + What[1..];

    private string Kept => KeptAs ?? What;

    private IEnumerable<ListColumn<T>> Groupable => _facets.Where(f => f.Values.Length > 1 || f.Column.Key == _query.Group).Select(f => f.Column);

    private IEnumerable<string> FacetKeys => Columns.Where(c => c.Facet).Select(c => c.Key);

    private string CountWords => _newest.Length == Items.Length ? Number(Items.Length) : $"{Number(_newest.Length)} of {Number(Items.Length)}";

    private string WaitingWords => string.Join(", ", new[]
    {
        _held.Added > 0 ? $"{Number(_held.Added)} new" : null,
        _held.Gone.Count > 0 ? $"{Number(_held.Gone.Count)} gone" : null,
    }.OfType<string>());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnAddress;
        _typing?.Cancel();
        _typing?.Dispose();
        await StopScriptAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnAddress;
        await Preferences.ReadAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Arrange();

    // A page is not drawn again for another query alone, and the query is the state of this list.
    private void OnAddress(object? sender, LocationChangedEventArgs e)
    {
        if (_address is not null && Path(e.Location) == Path(_address))
        {
            _ = InvokeAsync(() =>
            {
                Arrange();
                StateHasChanged();
            });
        }
    }

    private static string Path(string address) => new Uri(address).AbsolutePath;

    private void Arrange()
    {
        var asked = Navigation.Uri != _address;
        if (asked)
        {
            var before = _query;
            _address = Navigation.Uri;
            _query = QueryOf(_address);
            _typed = _typing is null ? _query.Text : _typed;
            TakeView();
            if (!_query.LeavesSame(before))
            {
                _selection = _selection.ForAnotherFilter();
            }

            _closed = _query.Group == before.Group ? _closed : _closed.Clear();
        }

        PlaceColumns();
        var changed = Items != _given;
        if (changed)
        {
            _given = Items;
            _facets = Lists.Facets(Items, Columns);
            _twins = Lists.HaveTwins(Items, KeyOf);
        }

        if (asked || changed)
        {
            _newest = ListView.Apply(Items, Columns, _query);
            if (asked || _twins || !(_pointer || _focus) || _held.Rows.IsEmpty)
            {
                Present();
            }
            else
            {
                // Held rows stay in the groups in which they stand.
                Show(_held.With(_newest, KeyOf), _groups);
            }

            CountPicked();
        }
    }

    private ListQuery QueryOf(string address) => ListQuery.From(new Uri(address), Columns.Select(c => c.Key), FacetKeys);

    internal static string? ClassOf(ListColumn<T> column, bool first = false) =>
        string.Join(' ', new[] { first ? "name" : null, column.Numeric ? "num" : null, column.Mono ? "mono" : null,
            column.Secondary ? "secondary" : null }.OfType<string>()) is { Length: > 0 } classes ? classes : null;

    private static string LowerFirst(string title) => title.Length > 1 && char.IsLower(title[1]) ? char.ToLowerInvariant(title[0]) + title[1..] : title;

    private static string Number(int count) => count.Grouped();

    private string? SortOf(ListColumn<T> column) => _query.Sort != column.Key ? null : _query.Descending ? "descending" : "ascending";

    // Two rows of one identity would end the circuit: where there are any, rows have none and are told apart by their place.
    private string? IdentityOf(T row) => _twins ? null : KeyOf(row);

    // The newest rows as they are.
    private void Present()
    {
        if (Columns.FirstOrDefault(c => c.Key == _query.Group) is { } by)
        {
            var (rows, groups) = ListGroups.Make(_newest, by);
            Show(HeldRows.From<T>(rows), groups);
        }
        else
        {
            Show(HeldRows.From<T>(_newest), []);
        }
    }

    private void Show(HeldRows<T> rows, ImmutableArray<ListGroup> groups)
    {
        (_held, _groups) = (rows, groups);
        _lines = new ListLines<T>(rows.Rows, groups, _closed);
    }

    private void ToggleGroup(ListGroup group)
    {
        _closed = _closed.Contains(group.Value) ? _closed.Remove(group.Value) : _closed.Add(group.Value);
        Show(_held, _groups);
    }

    private void SetGroup(string? key) => Go(_query with { Group = string.IsNullOrEmpty(key) ? null : key });

    private void Hold(bool pointer = false, bool focus = false)
    {
        _pointer |= pointer;
        _focus |= focus;
    }

    private void LeavePointer()
    {
        _pointer = false;
        if (!_focus)
        {
            Release();
        }
    }

    private void Release()
    {
        if (_held.Waiting > 0)
        {
            Present();
        }
    }

    private async Task TypedAsync(string? text)
    {
        _typed = text ?? "";
        if (_typing is not null)
        {
            await _typing.CancelAsync();
            _typing.Dispose();
        }

        var typing = _typing = new CancellationTokenSource();
        try
        {
            await Task.Delay(TypingPause, Time, typing.Token);
        }
        catch (OperationCanceledException)
        {
            // More was typed, or the list is gone.
            return;
        }

        _typing = null;
        typing.Dispose();
        if (_address is not null && Path(Navigation.Uri) == Path(_address))
        {
            // Else somebody followed a link meanwhile, and must not be called back.
            Go(_query with { Text = _typed.Trim() });
        }
    }

    private void SetFacet(string key, string? value) =>
        Go(_query with { Facets = string.IsNullOrEmpty(value) ? _query.Facets.Remove(key) : _query.Facets.SetItem(key, value) });

    private void ClearText()
    {
        _typed = "";
        Go(_query with { Text = "" });
    }

    private void Clear()
    {
        _typed = "";
        Go(_query with { Text = "", Facets = _query.Facets.Clear() });
    }

    private void Go(ListQuery query) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query.ToParameters(FacetKeys)), replace: true);
}
