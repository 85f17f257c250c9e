using System.Net;
using CalicoConsole.Core.Model;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Kit.Lists;

/// <summary>
/// A row of a list, which fails alone: another row, or another content of it, is tried anew. What it is told is told in two parameters, since each of them
/// goes to the browser with every row that is scrolled into view.
/// </summary>
public sealed partial class ListRow<T>
{
    private string? _key;
    private string? _href;
    private string? _texts;
    private bool _flip;
    private bool _changed;
    private bool _render = true;
    private Exception? _failure;
    private (T Item, bool Gone, int Index, bool? Picked, bool Anchor, bool? HasMenu) _drawn;
    private IReadOnlyList<ListColumn<T>>? _columns;

    /// <summary>What it shows.</summary>
    [Parameter, EditorRequired]
    public ListLine<T> Line { get; set; }

    /// <summary>The list that it is in.</summary>
    [Parameter, EditorRequired]
    public ObjectList<T> List { get; set; } = default!;

    [Inject]
    internal IErrorBoundaryLogger Logger { get; set; } = default!;

    /// <summary>The object that it shows.</summary>
    public T Item => Line.Row;

    private string? Title => Visible(_columns![0]);

    private Dictionary<string, object?> Attributes => List.Name is null ? [] : new(StringComparer.Ordinal) { [Attribute(List.Name)] = _key };

    private string MenuButton => $"<button aria-label=\"Actions of {WebUtility.HtmlEncode(Title)}\"></button>";

    // Two names for one animation: it starts again only when the class changes.
    private string? Class => _drawn.Gone ? "gone" : !_changed ? null : _flip ? "changed-a" : "changed-b";

    /// <inheritdoc/>
    protected override async Task OnErrorAsync(Exception exception) => await Logger.LogErrorAsync(exception);

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var item = Line.Row;
        var again = CurrentException is null && _failure is null && _texts is not null && ReferenceEquals(_columns, List.Drawn);
        try
        {
            _key = List.KeyOf(item);
            var now = (Item: item, Gone: List.IsGone(_key), Line.Index, Picked: List.IsPicked(_key), Anchor: List.IsAnchor(_key), HasMenu: List.HasMenu(item));
            var same = EqualityComparer<T>.Default.Equals(item, _drawn.Item);
            if (again && same && (now.Gone, now.Index, now.Picked, now.Anchor, now.HasMenu)
                == (_drawn.Gone, _drawn.Index, _drawn.Picked, _drawn.Anchor, _drawn.HasMenu))
            {
                _render = false;
                return;
            }

            if (CurrentException is not null && !same)
            {
                Recover();
            }

            // Other columns are no change of the row.
            var before = ReferenceEquals(_columns, List.Drawn) ? _texts : null;
            _columns = List.Drawn;
            _drawn = now;
            _href = List.HrefOf(item);
            _texts = string.Join('\n', _columns.Where(c => !c.Quiet).Select(c => c.Text(item)));
            if (before is not null && _texts != before)
            {
                _changed = true;
                _flip = !_flip;
            }

            _failure = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever is wrong with one object, the others are shown.
            _failure = e;
            _ = OnErrorAsync(e);
        }

        _render = true;
    }

    /// <inheritdoc/>
    protected override bool ShouldRender() => _render;

    // A browser refuses any other name of an attribute, and with it the whole page.
    private static string Attribute(string name) => $"data-{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'))}";

    private string CellOf(ListColumn<T> column)
    {
        var markup = column.Markup is { } made ? made(Line.Row) : CellMarkup.Text(column.Text(Line.Row));
        return ObjectList<T>.ClassOf(column) is { } classes ? $"<td class=\"{classes}\">{markup.Html}</td>" : $"<td>{markup.Html}</td>";
    }

    private void Pick(MouseEventArgs click) => List.Pick(Line.Row, click);

    private void OpenMenu() => List.OpenMenu(Line.Row);

    private string? Visible(ListColumn<T> column) => column.Text(Line.Row) is { } text ? VisibleText.From(text) : null;
}
