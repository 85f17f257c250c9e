namespace CalicoConsole.Web.Kit.Forms;

/// <summary>A choice or a suggestion.</summary>
/// <param name="Value">What is taken.</param>
/// <param name="Text">What is read.</param>
public sealed record FormOption(string Value, string Text)
{
    /// <summary>Whether it cannot be chosen.</summary>
    public bool Disabled { get; init; }
}
