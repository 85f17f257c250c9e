using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CalicoConsole.Web.Kit;

/// <summary>A button that says with a verb and an object what it does, or, with an address, a link of its look. Outlined unless told otherwise.</summary>
public sealed class ActionButton : MudButton
{
    private string? _given;

    /// <summary>The button of the console.</summary>
    public ActionButton() => (DropShadow, Ripple) = (false, false);

    /// <summary>Whether it is what somebody most likely wants here.</summary>
    [Parameter]
    public bool Primary { get; set; }

    /// <summary>Whether something is lost by it.</summary>
    [Parameter]
    public bool Danger { get; set; }

    /// <summary>For bars and rows.</summary>
    [Parameter]
    public bool Small { get; set; }

    /// <inheritdoc/>
    public override Task SetParametersAsync(ParameterView parameters)
    {
        _given = parameters.GetValueOrDefault<string>(nameof(Class));
        return base.SetParametersAsync(parameters);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        Class = $"btn{(Primary ? " primary" : "")}{(Danger ? " danger" : "")}{(Small ? " small" : "")}{(_given is null ? "" : " " + _given)}";
        Size = Small ? Size.Small : Size.Medium;
        Variant = Primary ? Variant.Filled : Variant.Outlined;
        Color = Danger ? Color.Error : Primary ? Color.Primary : Color.Default;
    }
}
