using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CalicoConsole.Web.Kit.Forms;

public sealed partial class FormKeeper
{
    private ElementReference _dialog;
    private string? _key;
    private string? _read;
    private string? _target;
    private string? _written;
    private bool _leaving;
    private bool _asked;
    private bool _restored;
    private bool _reading;
    private bool _returning;

    [Parameter, EditorRequired]
    public FormContext Form { get; set; } = default!;

    /// <summary>Under what it is kept: another one is another form.</summary>
    [Parameter, EditorRequired]
    public string? Key { get; set; }

    /// <summary>Whether what is typed is kept at present: not while it is sent.</summary>
    [Parameter]
    public bool Keeps { get; set; }

    /// <summary>Whether leaving an edited form asks first.</summary>
    [Parameter]
    public bool Asks { get; set; }

    private bool ShouldAsk => Asks && Keeps && Form.Memory.IsDirty;

    public async ValueTask DisposeAsync()
    {
        if (_asked)
        {
            await Store.AskBeforeUnloadAsync(false);
        }
    }

    protected override void OnParametersSet()
    {
        if (Key != _key)
        {
            (_key, _written, _leaving, _restored, _returning) = (Key, null, false, false, Key is not null);
            Form.Memory.Forget();
        }

        if (!Keeps)
        {
            _restored = false;
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Key is not { } key)
        {
            return;
        }

        Form.Memory.Settle();
        if (_read != key)
        {
            _read = key;
            _reading = true;
            var kept = await Store.ReadAsync(key);
            if (_read != key)
            {
                return;
            }

            if (kept is not null && Keeps)
            {
                _written = kept;
                _restored = Form.Memory.Restore(kept);
            }

            // The browser asks before the page says that the text is back: nobody closes the tab between the two.
            if (_restored && Asks && !_asked)
            {
                _asked = true;
                await Store.AskBeforeUnloadAsync(true);
                if (_read != key)
                {
                    return;
                }
            }

            _reading = false;

            StateHasChanged();
            return;
        }

        if (await Form.Memory.RestoreNextAsync())
        {
            StateHasChanged();
            return;
        }

        // A text is not written over before it is there.
        if (_reading)
        {
            return;
        }

        if (_returning)
        {
            _returning = false;
            StateHasChanged();
        }

        // First the text: the console may end between the two.
        var text = Keeps ? Form.Memory.Text : null;
        if (text != _written)
        {
            _written = text;
            await Store.WriteAsync(key, text);
        }

        if (_asked != ShouldAsk)
        {
            _asked = ShouldAsk;
            await Store.AskBeforeUnloadAsync(_asked);
        }
    }

    // The form's own steps, such as the operation's id in its address, stay on its path and follow no link.
    private async Task BeforeAsync(LocationChangingContext context)
    {
        var target = Navigation.ToAbsoluteUri(context.TargetLocation);
        if (!ShouldAsk || _leaving || (!context.IsNavigationIntercepted && target.AbsolutePath == new Uri(Navigation.Uri).AbsolutePath))
        {
            return;
        }

        context.PreventNavigation();
        _target = target.ToString();
        await Store.ShowAsync(_dialog, true);
    }

    private void Stay() => _target = null;

    private Task StayAsync() => Store.ShowAsync(_dialog, false);

    private async Task LeaveAsync()
    {
        if (_target is { } target)
        {
            _leaving = true;
            await Store.ShowAsync(_dialog, false);
            Navigation.NavigateTo(target);
        }
    }

    private void StartOver()
    {
        _restored = false;
        Form.Memory.StartOver();
    }
}
