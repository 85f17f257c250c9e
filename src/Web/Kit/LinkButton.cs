using MudBlazor;

namespace CalicoConsole.Web.Kit;

/// <summary>A button within a sentence, of the look of a link.</summary>
public sealed class LinkButton : MudButton
{
    /// <summary>The button of the console's sentences.</summary>
    public LinkButton() => (Variant, Ripple, Class) = (Variant.Text, false, "link");
}
