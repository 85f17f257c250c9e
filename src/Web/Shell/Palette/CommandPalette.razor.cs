using System.Collections.Immutable;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components.Web;

namespace CalicoConsole.Web.Shell.Palette;

public sealed partial class CommandPalette
{
    private List<PaletteEntry> _entries = [];
    private ImmutableArray<PaletteEntry> _found = [];
    private string _text = "";
    private int _at;

    private string Words => _found.IsEmpty
        ? "Nothing has all of these words in its name, address or id."
        : _found.Length == PaletteRanking.Most ? $"The first {PaletteRanking.Most}; type more to find the others." : "↑ ↓ to choose, Enter to open";

    protected override void OnInitialized()
    {
        Browser.PaletteAsked += OnAsked;
        Browser.PaletteClosed += OnClosed;
    }

    public void Dispose()
    {
        Browser.PaletteAsked -= OnAsked;
        Browser.PaletteClosed -= OnClosed;
    }

    private void OnAsked() => _ = InvokeAsync(() =>
    {
        _entries = PaletteEntries.AllIn(State.Current, Settings.OffersScenes);
        Type("");
        StateHasChanged();
    });

    private void OnClosed() => _ = InvokeAsync(() =>
    {
        (_entries, _found, _text, _at) = ([], [], "", 0);
        StateHasChanged();
    });

    private void Type(string? text)
    {
        _text = text ?? "";
        _found = PaletteRanking.Find(_entries, _text);
        _at = 0;
    }

    private async Task KeyAsync(KeyboardEventArgs e)
    {
        if (_found.IsEmpty)
        {
            return;
        }

        switch (e.Key)
        {
            case "ArrowDown":
                _at = (_at + 1) % _found.Length;
                break;
            case "ArrowUp":
                _at = (_at + _found.Length - 1) % _found.Length;
                break;
            case "Enter":
                await OpenAsync(_found[_at]);
                break;
        }
    }

    private async Task OpenAsync(PaletteEntry entry)
    {
        await Browser.ClosePaletteAsync();
        Navigation.NavigateTo(entry.Href);
    }
}
