using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CalicoConsole.Web.Kit;

/// <summary>What somebody must know about what is shown: a state with its icon, what is the matter, and what to do.</summary>
public sealed class Notice : MudAlert
{
    private string? _given;

    /// <summary>The notice of the console.</summary>
    public Notice() => (Variant, Dense) = (Variant.Outlined, true);

    /// <summary>How things stand.</summary>
    [Parameter, EditorRequired]
    public ChipState State { get; set; }

    /// <inheritdoc/>
    public override Task SetParametersAsync(ParameterView parameters)
    {
        _given = parameters.GetValueOrDefault<string>(nameof(Class));
        return base.SetParametersAsync(parameters);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        Severity = State switch
        {
            ChipState.Healthy => Severity.Success,
            ChipState.Working => Severity.Info,
            ChipState.Attention => Severity.Warning,
            ChipState.Broken => Severity.Error,
            _ => Severity.Normal,
        };
        Icon = ChipStates.Icon(State);
        Class = $"notice {State.ToString().ToLowerInvariant()}{(_given is null ? "" : " " + _given)}";
        base.OnParametersSet();
    }
}
