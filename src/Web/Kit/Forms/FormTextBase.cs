using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>A field whose text is typed.</summary>
public abstract class FormTextBase : FormFieldBase
{
    private string? _given;

    /// <summary>The text.</summary>
    [Parameter]
    public string Value { get; set; } = "";

    /// <summary>Another text was typed.</summary>
    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>
    /// What the input shows. A field may be drawn before the page has taken what was typed: then the page's older text must not go back into the input, where
    /// it would replace letters that were typed since.
    /// </summary>
    protected string Shown { get; private set; } = "";

    /// <inheritdoc/>
    protected override string Text => Value;

    /// <inheritdoc/>
    public override Task TakeAsync(string text)
    {
        Shown = text;
        return ValueChanged.InvokeAsync(text);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        if (Value != _given)
        {
            (_given, Shown) = (Value, Value);
        }
    }

    /// <summary>Takes what somebody typed.</summary>
    protected Task SetAsync(string? value)
    {
        Form.Memory.Edit();
        return TakeAsync(value ?? "");
    }
}
