using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Kit.Forms;

public sealed partial class FormText
{
    /// <summary>An example, shown while the field is empty.</summary>
    [Parameter]
    public string? Placeholder { get; set; }

    /// <summary>Addresses, names and commands are mono.</summary>
    [Parameter]
    public bool Mono { get; set; } = true;

    /// <summary>More than one makes it a text of several lines.</summary>
    [Parameter]
    public int Rows { get; set; } = 1;

    /// <summary>Whether it is YAML, which has an editor.</summary>
    [Parameter]
    public bool Yaml { get; set; }

    /// <summary>What is wrong with the YAML, shown on its line.</summary>
    [Parameter]
    public ImmutableArray<TextMark> Marks { get; set; } = [];

    /// <summary>What may be picked; anything else may be typed.</summary>
    [Parameter]
    public ImmutableArray<FormOption> Suggestions { get; set; } = [];
}
