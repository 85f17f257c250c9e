using System.Collections.Immutable;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Operations;

public sealed partial class ChangedElsewhere
{
    private bool _open;

    /// <summary>The object, as the beginning of a sentence.</summary>
    [Parameter, EditorRequired]
    public string What { get; set; } = "";

    /// <summary>Kind of the object, as operations name it.</summary>
    [Parameter, EditorRequired]
    public string Kind { get; set; } = "";

    /// <summary>Its name, as operations name it.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>When this form saw the base.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Since { get; set; }

    /// <summary>When this form saw the change.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset At { get; set; }

    [Parameter, EditorRequired]
    public string Base { get; set; } = "";

    /// <summary>What is there now; null when it was deleted.</summary>
    [Parameter, EditorRequired]
    public string? Theirs { get; set; }

    /// <summary>What the form says; null while it cannot be read.</summary>
    [Parameter, EditorRequired]
    public string? Mine { get; set; }

    /// <summary>What applying mine on top will do where both changed the same.</summary>
    [Parameter]
    public ImmutableArray<string> Notes { get; set; } = [];

    [Parameter]
    public EventCallback OnTakeTheirs { get; set; }

    [Parameter]
    public EventCallback OnApplyMine { get; set; }

    /// <summary>Takes a text that was put together of theirs and mine; says what is wrong with it. Null where that is not offered.</summary>
    [Parameter]
    public Func<string, string?>? Take { get; set; }

    [CascadingParameter]
    private FormContext Form { get; set; } = default!;

    protected override void OnParametersSet() => Form.Refuse(Theirs is null ? "It was deleted elsewhere: saving will be refused"
        : "It was changed elsewhere: take theirs, or apply yours on top");

    public void Dispose() => Form.Refuse(null);

    private async Task TakeTheirsAsync()
    {
        await OnTakeTheirs.InvokeAsync();
        Form.Memory.Forget();
    }
}
