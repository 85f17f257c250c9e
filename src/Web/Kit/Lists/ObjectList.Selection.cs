using System.Collections.Immutable;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Kit.Lists;

/// <content>Which rows are selected, and the menu of one row.</content>
public sealed partial class ObjectList<T>
{
    private ListSelection _selection = ListSelection.None;
    private ImmutableArray<ObjectAction> _menuItems = [];
    private int _picked;
    private int _pickedHidden;
    private bool _openMenu;
    private string? _said;

    // "All" is all that the filter leaves; rows that were selected one by one stay so when the filter hides them.
    private ImmutableArray<T> PickedRows() => _selection.Among(_selection.AllBut ? _newest : Items, KeyOf);

    internal bool? IsPicked(string key) => Actions.Count > 0 ? _selection.Holds(key) : null;

    internal bool IsAnchor(string key) => Actions.Count > 0 && _selection.Anchor == key;

    internal bool IsGone(string key) => _held.Gone.Contains(key);

    internal bool? HasMenu(T row) => Menu?.Invoke(row).Any();

    internal void Pick(T row, MouseEventArgs click)
    {
        var key = KeyOf(row);
        Select(click.ShiftKey ? _selection.Extend([.. _lines.Rows.Select(KeyOf)], key) : _selection.Toggle(key));
        Say(_picked == 0 ? "Nothing selected" : $"{BulkWords.Counted(_picked, What)} selected");
        StateHasChanged();
    }

    private void ToggleAll()
    {
        if (_picked > 0 && _picked == _newest.Length)
        {
            ClearSelection();
        }
        else
        {
            SelectAll();
        }
    }

    private void SelectAll()
    {
        Select(ListSelection.All());
        Say($"All {BulkWords.Counted(_picked, What)} selected");
    }

    private void ClearSelection()
    {
        Select(ListSelection.None);
        Say("Nothing selected");
    }

    private void Select(ListSelection selection)
    {
        _selection = selection;
        CountPicked();
    }

    private void CountPicked()
    {
        var among = _selection.CountAmong(_newest, KeyOf);
        _picked = _selection.AllBut ? among : _selection.CountAmong(Items, KeyOf);
        _pickedHidden = _picked - among;
    }

    private void Say(string what) => _said = what;

    internal void OpenMenu(T row)
    {
        _menuItems = [.. Menu?.Invoke(row) ?? []];
        _openMenu = true;
        StateHasChanged();
    }
}
