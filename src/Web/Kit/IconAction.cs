using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CalicoConsole.Web.Kit;

/// <summary>A button of an icon alone; its label is read out.</summary>
public sealed class IconAction : MudIconButton
{
    /// <summary>The icon button of the console.</summary>
    public IconAction() => (Ripple, Class) = (false, "icon-button");

    /// <summary>What it does.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        UserAttributes["aria-label"] = Label;
    }
}
