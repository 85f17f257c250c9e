namespace CalicoConsole.Core.Model.Configuration;

/// <summary>A known parameter of Felix or BGP: what an administrator must know before changing it. The words are this console's own.</summary>
/// <param name="Name">Its name, as it is spelled in keys.</param>
/// <param name="Group">What it is about, as a heading.</param>
/// <param name="Meaning">What it does, in a sentence or two.</param>
/// <param name="Default">What counts where nothing is set; empty when there is none.</param>
/// <param name="Form">Which values it takes.</param>
public sealed record KnownParameter(string Name, string Group, string Meaning, string Default, ValueForm Form)
{
    /// <summary>What a value counts, such as <c>seconds</c>; empty when it counts nothing.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Whether the program refuses to start on a value that it cannot read; other parameters fall back to their default with a warning.</summary>
    public bool RefusesToStart { get; init; }

    /// <summary>Whether <c>none</c> is refused too: for other parameters it forces the zero value.</summary>
    public bool NeedsValue { get; init; }

    /// <summary>Whether a change restarts Felix.</summary>
    public bool Restarts { get; init; } = true;

    /// <summary>Whether it makes sense for single nodes too.</summary>
    public bool PerNode { get; init; } = true;

    /// <summary>Who else writes it, in a sentence; empty when only administrators do.</summary>
    public string WrittenBy { get; init; } = "";

    /// <summary>Why a value cannot be read by the program; null when it can.</summary>
    public string? Problem(string value)
    {
        ArgumentNullException.ThrowIfNull(value);

        // Felix takes the empty text for nothing at all, and none for the zero value (docs/calico-v1.md#configuration-of-felix).
        return value.Length == 0 ? null
            : value.Equals("none", StringComparison.OrdinalIgnoreCase) ? NeedsValue ? "this parameter cannot be set to none" : null
            : Form.Problem(value);
    }
}
