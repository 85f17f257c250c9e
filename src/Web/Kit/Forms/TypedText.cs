using Microsoft.JSInterop;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>
/// Keeps what is typed and not sent yet in the tab's session storage, through <c>wwwroot/js/typed.js</c>: it outlives the circuit, a reload and a restart of
/// the console, and ends with the tab. One for each circuit; used on its dispatcher only.
/// </summary>
public sealed class TypedText(IJSRuntime js) : IAsyncDisposable
{
    private readonly Dictionary<string, string?> _waiting = new(StringComparer.Ordinal);
    private IJSObjectReference? _module;
    private bool _writing;

    /// <summary>The text of a key; null when there is none.</summary>
    public async Task<string?> ReadAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _waiting.TryGetValue(key, out var waiting) ? waiting : await (await ModuleAsync()).InvokeAsync<string?>("read", key);
    }

    /// <summary>Keeps a text; null forgets it. While one is on its way, only the newest of those that follow is sent.</summary>
    public async Task WriteAsync(string key, string? text)
    {
        ArgumentNullException.ThrowIfNull(key);
        _waiting[key] = text;
        if (_writing)
        {
            return;
        }

        _writing = true;
        try
        {
            while (_waiting.Count > 0)
            {
                var (next, newest) = _waiting.First();
                await (await ModuleAsync()).InvokeAsync<bool>("write", next, newest);
                if (_waiting.GetValueOrDefault(next) == newest)
                {
                    _waiting.Remove(next);
                }
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone or asks another circuit now: it has what it was told before.
            _waiting.Clear();
        }
        finally
        {
            _writing = false;
        }
    }

    /// <summary>Whether the browser asks before the tab is closed or another site is opened.</summary>
    public async Task AskBeforeUnloadAsync(bool asks)
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync("askBeforeUnload", asks);
        }
        catch (JSDisconnectedException)
        {
            // Nobody is there to be asked.
            _module = null;
        }
    }

    /// <summary>Gives an element the focus, unless somebody writes or chooses elsewhere by now.</summary>
    public async Task GiveFocusAsync(Microsoft.AspNetCore.Components.ElementReference element)
    {
        try
        {
            await (await ModuleAsync()).InvokeVoidAsync("giveFocus", element);
        }
        catch (JSDisconnectedException)
        {
            // Nobody is there to have it.
            _module = null;
        }
    }

    /// <summary>Opens a dialog, or closes it.</summary>
    public async Task ShowAsync(Microsoft.AspNetCore.Components.ElementReference dialog, bool open) =>
        await (await ModuleAsync()).InvokeVoidAsync(open ? "show" : "close", dialog);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its module with it.
            _module = null;
        }
    }

    private async Task<IJSObjectReference> ModuleAsync() => _module ??= await js.InvokeAsync<IJSObjectReference>("import", "./js/typed.js");
}
