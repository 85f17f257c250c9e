namespace CalicoConsole.Web.Shell.Palette;

/// <summary>Something the palette can open.</summary>
/// <param name="Kind">What it is: a page, an action, a node, ….</param>
/// <param name="Name">Its name, or what the action does.</param>
/// <param name="Detail">More words to find it by, such as addresses; drawn small.</param>
/// <param name="Href">Where it leads.</param>
public sealed record PaletteEntry(string Kind, string Name, string Detail, string Href);
