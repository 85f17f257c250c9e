using CalicoConsole.Core.Model;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Kit.Lists;

public sealed partial class ListRow<T>
{
    private string? _texts;
    private bool _flip;
    private bool _changed;
    private bool _render = true;
    private (T Item, bool Gone, int Index, bool? Picked, bool Anchor, bool? HasMenu) _drawn;
    private IReadOnlyList<ListColumn<T>>? _columns;

    [Parameter, EditorRequired]
    public T Item { get; set; } = default!;

    [Parameter, EditorRequired]
    public IReadOnlyList<ListColumn<T>> Columns { get; set; } = [];

    [Parameter, EditorRequired]
    public string Href { get; set; } = "";

    [Parameter]
    public string? Name { get; set; }

    [Parameter]
    public string? Key { get; set; }

    /// <summary>Whether it is drawn though it is not there any more.</summary>
    [Parameter]
    public bool Gone { get; set; }

    /// <summary>Its place among all lines of the list, from 0.</summary>
    [Parameter]
    public int Index { get; set; }

    /// <summary>Whether it is selected; null where rows cannot be.</summary>
    [Parameter]
    public bool? Picked { get; set; }

    /// <summary>Whether a range begins with it.</summary>
    [Parameter]
    public bool Anchor { get; set; }

    /// <summary>Raised when it is to be selected or not; with Shift, up to it.</summary>
    [Parameter]
    public EventCallback<MouseEventArgs> OnPick { get; set; }

    /// <summary>Whether it has a menu; null where no row has one.</summary>
    [Parameter]
    public bool? HasMenu { get; set; }

    /// <summary>Raised when its menu is to be opened.</summary>
    [Parameter]
    public EventCallback OnMenu { get; set; }

    private string? Title => Visible(Columns[0]);

    private Dictionary<string, object?> Attributes => Name is null ? [] : new(StringComparer.Ordinal) { [Attribute(Name)] = Key };

    // A browser refuses any other name of an attribute, and with it the whole page.
    private static string Attribute(string name) => $"data-{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'))}";

    // Two names for one animation: it starts again only when the class changes.
    private string? Class => Gone ? "gone" : !_changed ? null : _flip ? "changed-a" : "changed-b";

    protected override void OnParametersSet()
    {
        // Other columns are no change of the row.
        if (!ReferenceEquals(_columns, Columns))
        {
            (_columns, _texts) = (Columns, null);
        }

        if (_texts is not null && (Gone, Index, Picked, Anchor, HasMenu) == (_drawn.Gone, _drawn.Index, _drawn.Picked, _drawn.Anchor, _drawn.HasMenu)
            && EqualityComparer<T>.Default.Equals(Item, _drawn.Item))
        {
            _render = false;
            return;
        }

        var texts = string.Join('\n', Columns.Where(c => !c.Quiet).Select(c => c.Text(Item)));
        if (_texts is not null && texts != _texts)
        {
            _changed = true;
            _flip = !_flip;
        }

        _texts = texts;
        _drawn = (Item, Gone, Index, Picked, Anchor, HasMenu);
        _render = true;
    }

    protected override bool ShouldRender() => _render;

    private string? Visible(ListColumn<T> column) => column.Text(Item) is { } text ? VisibleText.From(text) : null;
}
