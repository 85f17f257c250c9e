using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>A field of a form: named, with its help and its error tied to it, and its error said only once it was left.</summary>
public abstract class FormFieldBase : ComponentBase, IDisposable, IKeptField
{
    private string? _registered;

    /// <summary>The path that errors name, such as <c>metadata.cidr</c>.</summary>
    [Parameter, EditorRequired]
    public string Field { get; set; } = "";

    /// <summary>The label.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>What it is for, and what its default means.</summary>
    [Parameter]
    public string? Help { get; set; }

    /// <summary>Whether it cannot be changed here.</summary>
    [Parameter]
    public bool Fixed { get; set; }

    /// <summary>Whether what is typed is remembered while the form is not sent: not a confirmation, and not what another field remembers already.</summary>
    [Parameter]
    public bool Remembered { get; set; } = true;

    /// <summary>The form.</summary>
    [CascadingParameter]
    protected FormContext Form { get; set; } = default!;

    /// <summary>The id of the input.</summary>
    protected string Id => Form.IdOf(Field);

    /// <summary>The error, when it may be said.</summary>
    protected string? Error => Form.ErrorOf(Field);

    /// <summary>What stands in it, as one text.</summary>
    protected abstract string Text { get; }

    string IKeptField.Name => Field;

    string IKeptField.Text => Text;

    /// <summary>Ids of what describes the input; null when nothing does.</summary>
    protected string? Described => Error is not null ? $"{Id}-error" : Help is not null ? $"{Id}-help" : null;

    /// <inheritdoc/>
    public abstract Task TakeAsync(string text);

    /// <inheritdoc/>
    public void Dispose()
    {
        Form.Memory.Remove(this);
        if (_registered is not null)
        {
            Form.Unregister(_registered);
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_registered is not null && _registered != Field)
        {
            Form.Unregister(_registered);
        }

        _registered = Field;
        Form.Register(Field, Label);
        if (Remembered && !Fixed)
        {
            Form.Memory.Add(this);
        }
        else
        {
            Form.Memory.Remove(this);
        }
    }

    /// <summary>The field was left.</summary>
    protected void Leave() => Form.Touch(Field);
}
