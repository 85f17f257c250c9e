using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CalicoConsole.Web.Kit;

/// <summary>
/// The browser's script of one component: brought when the component is drawn for the first time, and ended with it. Where the browser is gone, or a test has
/// none, nothing happens. Used on the circuit's dispatcher only.
/// </summary>
/// <param name="js">The browser.</param>
/// <param name="path">The script's address.</param>
/// <param name="stop">What it calls its end, told the element that it was started on; null where the element's own end is enough.</param>
public sealed class ComponentScript(IJSRuntime js, string path, string? stop = "stop") : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private IJSObjectReference? _made;
    private ElementReference? _element;
    private bool _over;

    /// <summary>Brings the script and calls its <c>start</c> with the element and whatever else it needs.</summary>
    public async Task StartAsync(ElementReference element, params object?[] more)
    {
        if (await BringAsync() is { } module)
        {
            _element = element;
            await WhileThereAsync(() => module.InvokeVoidAsync("start", [element, .. more]));
        }
    }

    /// <summary>Brings the script and has it make something, whose <c>end</c> is called at the end.</summary>
    /// <exception cref="JSException">The script is not there or failed.</exception>
    public async Task MakeAsync(string function, params object?[] arguments)
    {
        if (await BringAsync() is { } module)
        {
            await WhileThereAsync(async () => _made = await module.InvokeAsync<IJSObjectReference>(function, arguments));
            if (_over)
            {
                await DisposeAsync();
            }
        }
    }

    /// <summary>Calls a function of a script that was started.</summary>
    public async Task CallAsync(string function, params object?[] arguments)
    {
        if (_module is { } module)
        {
            await WhileThereAsync(() => module.InvokeVoidAsync(function, arguments));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _over = true;
        var (module, made) = (_module, _made);
        (_module, _made) = (null, null);
        await WhileThereAsync(async () =>
        {
            if (made is not null)
            {
                await made.InvokeVoidAsync("end");
                await made.DisposeAsync();
            }

            if (module is not null && stop is not null && _element is { } element)
            {
                await module.InvokeVoidAsync(stop, element);
            }

            if (module is not null)
            {
                await module.DisposeAsync();
            }
        });
    }

    // Null for somebody who went to another page before the script was there: there is nothing left to start.
    private async Task<IJSObjectReference?> BringAsync()
    {
        await WhileThereAsync(async () => _module = await js.InvokeAsync<IJSObjectReference>("import", path));
        if (_over)
        {
            await DisposeAsync();
        }

        return _module;
    }

    private async Task WhileThereAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its script with it.
            (_module, _made) = (null, null);
        }
    }
}
