using CalicoConsole.Web.Components.Shared;

namespace CalicoConsole.Web.Components.Pages.Overview;

/// <summary>Something that somebody should look at.</summary>
/// <param name="Id">Identity, stable while the problem lasts.</param>
/// <param name="State">How bad it is.</param>
/// <param name="What">What is wrong, with the object's name.</param>
/// <param name="Why">The reason or what follows; null when there is nothing to add.</param>
/// <param name="Href">Where to look.</param>
public sealed record Problem(string Id, ChipState State, string What, string? Why, string Href)
{
    /// <summary>What mends it, as a link to its form; null when there is no one thing.</summary>
    public (string Text, string Href)? Mend { get; init; }
}
