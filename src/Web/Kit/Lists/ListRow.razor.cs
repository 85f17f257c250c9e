using CalicoConsole.Core.Model;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Lists;

public sealed partial class ListRow<T>
{
    private string? _texts;
    private bool _flip;
    private bool _changed;
    private bool _render = true;
    private (T Item, bool Gone) _drawn;

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

    private Dictionary<string, object?> Attributes => Name is null ? [] : new(StringComparer.Ordinal) { [Attribute(Name)] = Key };

    // A browser refuses any other name of an attribute, and with it the whole page.
    private static string Attribute(string name) => $"data-{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'))}";

    // Two names for one animation: it starts again only when the class changes.
    private string? Class => Gone ? "gone" : !_changed ? null : _flip ? "changed-a" : "changed-b";

    protected override void OnParametersSet()
    {
        if (_texts is not null && Gone == _drawn.Gone && EqualityComparer<T>.Default.Equals(Item, _drawn.Item))
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
        _drawn = (Item, Gone);
        _render = true;
    }

    protected override bool ShouldRender() => _render;

    private string? Visible(ListColumn<T> column) => column.Text(Item) is { } text ? VisibleText.From(text) : null;
}
