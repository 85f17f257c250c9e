using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CalicoConsole.Web.Live;

/// <summary>What only the browser can do, through <c>wwwroot/js/console.js</c>. One for each circuit.</summary>
public sealed class Browser(IJSRuntime js, ThemeState theme, PageVisibility visibility) : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private DotNetObjectReference<Browser>? _self;

    /// <summary>Raised when the browser has shown the command palette.</summary>
    public event Action? PaletteAsked;

    /// <summary>Raised when the browser has closed the command palette.</summary>
    public event Action? PaletteClosed;

    /// <summary>Reads the stored choice of colours and follows the system's colours and the tab's visibility.</summary>
    public async Task StartAsync()
    {
        _module = await js.InvokeAsync<IJSObjectReference>("import", "./js/console.js");
        _self = DotNetObjectReference.Create(this);
        var start = await _module.InvokeAsync<BrowserStart>("start", _self);
        visibility.Set(start.Visible);
        theme.SetSystem(start.SystemDark);
        theme.Choose(Enum.TryParse<ThemeChoice>(start.Theme, ignoreCase: true, out var choice) ? choice : ThemeChoice.System);
    }

    /// <summary>Applies and stores the choice of colours.</summary>
    public async Task StoreThemeAsync(ThemeChoice choice)
    {
        theme.Choose(choice);
        if (_module is not null)
        {
            await _module.InvokeVoidAsync("storeTheme", choice.ToString().ToLowerInvariant());
        }
    }

    /// <summary>Brings the open tab of a page into sight; before <see cref="StartAsync"/> the start does.</summary>
    public ValueTask RevealTabAsync() => _module?.InvokeVoidAsync("revealTab") ?? ValueTask.CompletedTask;

    /// <summary>Brings an element to the top of what is seen; the focus stays where it is.</summary>
    public ValueTask RevealAsync(ElementReference element) => _module?.InvokeVoidAsync("reveal", element) ?? ValueTask.CompletedTask;

    /// <summary>Closes the palette's dialog.</summary>
    public ValueTask ClosePaletteAsync() => _module?.InvokeVoidAsync("closePalette") ?? ValueTask.CompletedTask;

    /// <summary>Called by the browser on Ctrl-K.</summary>
    [JSInvokable]
    public void OnPalette() => PaletteAsked?.Invoke();

    /// <summary>Called by the browser when the palette's dialog has closed.</summary>
    [JSInvokable]
    public void OnPaletteClosed() => PaletteClosed?.Invoke();

    /// <summary>Called by the browser when the tab is hidden or shown.</summary>
    [JSInvokable]
    public void OnVisibility(bool visible) => visibility.Set(visible);

    /// <summary>Called by the browser when the system's colours change.</summary>
    [JSInvokable]
    public void OnSystemDark(bool dark) => theme.SetSystem(dark);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
            {
                await _module.InvokeVoidAsync("stop");
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its module with it.
            _module = null;
        }
        finally
        {
            _self?.Dispose();
        }
    }

    private sealed record BrowserStart(bool Visible, bool SystemDark, string? Theme);
}
