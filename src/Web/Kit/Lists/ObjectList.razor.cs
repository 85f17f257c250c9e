using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>
/// A list of objects: filtered and ordered here over the rows that the page gives, drawn virtually, with its state in the
/// page's address. Rows change in place and do not move while the pointer or the focus is among them.
/// </summary>
public sealed partial class ObjectList<T> : IDisposable
{
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(180);

    private ListQuery _query = new();
    private string? _address;
    private string _typed = "";
    private ImmutableArray<T> _given;
    private HeldRows<T> _held = HeldRows.From<T>([]);
    private ICollection<T> _rows = [];
    private ImmutableArray<T> _newest = [];
    private ImmutableArray<(ListColumn<T> Column, ImmutableArray<FacetValue> Values)> _facets = [];
    private CancellationTokenSource? _typing;
    private ImmutableArray<ListColumn<T>> _drawn = [];
    private IReadOnlyList<ListColumn<T>>? _drawnOf;
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

    private string Label => char.ToUpperInvariant(What[0]) + What[1..];

    private IEnumerable<string> FacetKeys => Columns.Where(c => c.Facet).Select(c => c.Key);

    private string CountWords => _newest.Length == Items.Length ? Number(Items.Length) : $"{Number(_newest.Length)} of {Number(Items.Length)}";

    private string WaitingWords => string.Join(", ", new[]
    {
        _held.Added > 0 ? $"{Number(_held.Added)} new" : null,
        _held.Gone.Count > 0 ? $"{Number(_held.Gone.Count)} gone" : null,
    }.OfType<string>());

    /// <inheritdoc/>
    public void Dispose()
    {
        Navigation.LocationChanged -= OnAddress;
        _typing?.Cancel();
        _typing?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Navigation.LocationChanged += OnAddress;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_drawnOf, Columns))
        {
            (_drawnOf, _drawn) = (Columns, [.. Columns.Where(c => !c.Hidden)]);
        }

        Arrange();
    }

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
            _address = Navigation.Uri;
            _query = ListQuery.From(new Uri(_address), Columns.Select(c => c.Key), FacetKeys);
            _typed = _typing is null ? _query.Text : _typed;
        }

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
            Show(asked || _twins || !(_pointer || _focus) || _held.Rows.IsEmpty ? HeldRows.From<T>(_newest) : _held.With(_newest, KeyOf));
        }
    }

    internal static string? ClassOf(ListColumn<T> column) =>
        string.Join(' ', new[] { column.Numeric ? "num" : null, column.Mono ? "mono" : null,
            column.Secondary ? "secondary" : null }.OfType<string>()) is { Length: > 0 } classes ? classes : null;

    private static string Number(int count) => count.Grouped();

    private string? SortOf(ListColumn<T> column) => _query.Sort != column.Key ? null : _query.Descending ? "descending" : "ascending";

    // Two rows of one identity would end the circuit: where there are any, rows have none and are told apart by their place.
    private string? IdentityOf(T row) => _twins ? null : KeyOf(row);

    private void Show(HeldRows<T> rows)
    {
        _held = rows;
        _rows = rows.Rows;
    }

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
            Show(HeldRows.From<T>(_newest));
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
        Go(new ListQuery { Sort = _query.Sort, Descending = _query.Descending });
    }

    private void Go(ListQuery query) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query.ToParameters(FacetKeys)), replace: true);
}
