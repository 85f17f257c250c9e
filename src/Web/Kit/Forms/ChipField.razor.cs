using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Forms;

public sealed partial class ChipField
{
    private ImmutableArray<string> _chips = [];
    private string _typed = "";
    private string? _given;
    private string? _said;
    private int _generation;
    private bool _focus;
    private ElementReference _input;

    /// <summary>Everything, with commas between; lines where <see cref="Lines"/> says so.</summary>
    [Parameter]
    public string Value { get; set; } = "";

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>What one of them is called, as in "Remove tag web".</summary>
    [Parameter, EditorRequired]
    public string Noun { get; set; } = "";

    /// <summary>Whether each stands on a line of its own and may hold blanks and commas.</summary>
    [Parameter]
    public bool Lines { get; set; }

    /// <summary>An example, shown while there is none.</summary>
    [Parameter]
    public string? Placeholder { get; set; }

    /// <summary>What may be picked; anything else may be typed.</summary>
    [Parameter]
    public ImmutableArray<FormOption> Suggestions { get; set; } = [];

    /// <summary>Replaces what was typed when it becomes a chip, such as the name of a service by its port.</summary>
    [Parameter]
    public Func<string, string>? Resolve { get; set; }

    /// <summary>What a chip means, beside it; null when it says so itself.</summary>
    [Parameter]
    public Func<string, string?>? Describe { get; set; }

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        if (Value == _given)
        {
            // Also when this is drawn once more before the page has taken what was typed.
            return;
        }

        _given = Value;
        if (Value != _said)
        {
            _said = Value;
            _chips = [.. Parts(Value)];
            if (_typed.Length > 0)
            {
                // Somebody else's value: what was typed here is no part of it, and goes from the browser with its input.
                (_typed, _focus) = ("", true);
                _generation++;
            }
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus)
        {
            _focus = false;
            await Browser.GiveFocusAsync(_input);
        }
    }

    private IEnumerable<string> Parts(string text) =>
        (Lines ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : SeveralWords.In(text))
            .Distinct(StringComparer.Ordinal);

    private Task TypeAsync(ChangeEventArgs e)
    {
        _typed = e.Value as string ?? "";
        return SayAsync();
    }

    private Task CommitAsync(ChangeEventArgs e)
    {
        _chips = [.. _chips.Concat(Parts(e.Value as string ?? "").Select(p => Resolve?.Invoke(p) ?? p)).Distinct(StringComparer.Ordinal)];
        _typed = "";
        return SayAsync();
    }

    private Task RemoveAsync(string chip)
    {
        _chips = _chips.Remove(chip);
        _focus = true;
        return SayAsync();
    }

    private Task SayAsync()
    {
        var value = string.Join(Lines ? "\n" : ", ", _chips.Concat(Parts(_typed)).Distinct(StringComparer.Ordinal));
        if (value == _said)
        {
            return Task.CompletedTask;
        }

        _said = value;
        Form.Memory.Edit();
        return ValueChanged.InvokeAsync(value);
    }

    protected override string Text => Value;

    public override Task TakeAsync(string text) => ValueChanged.InvokeAsync(text);
}
