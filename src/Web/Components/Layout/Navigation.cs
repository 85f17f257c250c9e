using MudBlazor;

namespace CalicoConsole.Web.Components.Layout;

/// <summary>A place in the navigation.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Href">Its address, relative to the base.</param>
/// <param name="Icon">Its icon.</param>
internal sealed record NavigationItem(string Title, string Href, string Icon);

/// <summary>A group of the navigation; the first one has no title.</summary>
internal sealed record NavigationGroup(string? Title, NavigationItem[] Items)
{
    /// <summary>Every group, in order. A page that comes is added here and appears in the navigation.</summary>
    public static NavigationGroup[] All() => [new(null, [new("Overview", "", Icons.Material.Outlined.SpaceDashboard)])];
}
