using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Routing;
using MudBlazor;

namespace CalicoConsole.Web.Shell;

/// <summary>A place in the navigation.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Href">Its address, relative to the base.</param>
/// <param name="Icon">Its icon.</param>
internal sealed record NavigationItem(string Title, string Href, string Icon);

/// <summary>A group of the navigation; the first one has no title.</summary>
internal sealed record NavigationGroup(string? Title, NavigationItem[] Items)
{
    /// <summary>
    /// Every group, in order. A page that comes is added here and appears in the navigation and the palette; lists of kinds come from <see cref="KindPages"/>.
    /// </summary>
    /// <param name="scenes">Whether scenes are offered: in a sandbox and in a lab.</param>
    public static NavigationGroup[] All(bool scenes) =>
    [
        new(null,
        [
            new("Overview", Links.Overview, Icons.Material.Outlined.SpaceDashboard),
            new("Topology", Links.Topology, Icons.Material.Outlined.Hub),
        ]),
        new("Fabric",
        [
            .. Kinds(KindGroup.Fabric),
            new("Configuration", Links.Configuration, Icons.Material.Outlined.Tune),
            new("Other keys", Links.OtherKeys, Icons.Material.Outlined.Key),
        ]),
        new("Workloads",
        [
            new("Networks", Links.Networks, Icons.Material.Outlined.Lan),
            new("Containers", Links.Containers, Icons.Material.Outlined.Inventory2),
            .. Kinds(KindGroup.Workloads),
            new("OpenStack", Links.OpenStack, Icons.Material.Outlined.Cloud),
        ]),
        new("Policy",
        [
            .. Kinds(KindGroup.Policy),
            new("Drafts", Links.Drafts, Icons.Material.Outlined.EditNote),
            new("Reachability", Links.Reachability, Icons.Material.Outlined.AltRoute),
            new("Assertions", Links.Assertions, Icons.Material.Outlined.FactCheck),
        ]),
        new("Operate",
        [
            new("Connectivity", Links.Connectivity, Icons.Material.Outlined.Troubleshoot),
            new("Manifests", Links.Manifests, Icons.Material.Outlined.Description),
            .. scenes ? [new NavigationItem("Scenes", Links.Scenes, Icons.Material.Outlined.TheaterComedy)] : Array.Empty<NavigationItem>(),
        ]),
        new("Govern", [new("Audit", Links.Audit, Icons.Material.Outlined.History)]),
    ];

    private static IEnumerable<NavigationItem> Kinds(KindGroup group) =>
        KindPages.All.Where(k => k.Group == group).Select(k => new NavigationItem(k.ListText, k.List, k.Icon));
}
