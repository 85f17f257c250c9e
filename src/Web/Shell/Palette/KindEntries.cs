using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Shell.Palette;

/// <summary>What the palette knows of calicoctl's kinds: each resource, and what its forms do to it. Pure; see <see cref="KindPages"/>.</summary>
internal static class KindEntries
{
    /// <summary>The forms that create one.</summary>
    public static IEnumerable<PaletteEntry> Creating() =>
        from pages in KindPages.All
        let href = Links.Create(pages.Kind)
        where href is not null
        select Action($"Create {Word(pages)}", "", href);

    /// <summary>Resources that can be read.</summary>
    public static IEnumerable<PaletteEntry> AllIn(ClusterSnapshot snapshot)
    {
        foreach (var pages in KindPages.All.Where(k => k.FoundBy is not null || k.Forms is not null))
        {
            foreach (var resource in snapshot.Calico.ResourcesOf(pages.Kind).Select(r => r.Value))
            {
                var id = ResourceId.From(resource);
                var scope = pages.Scope(id);
                if (pages.FoundBy is { } words && pages.Page(id) is { } page)
                {
                    yield return new PaletteEntry(Word(pages), id.Name, $"{scope} {words(resource)}".Trim(), page);
                }

                if (Links.Edit(id) is { } edit)
                {
                    yield return Action($"Edit {Word(pages)} {id.Name}", scope, edit);
                }

                if (Links.Delete(id) is { } delete)
                {
                    yield return Action($"Delete {Word(pages)} {id.Name}", scope, delete);
                }
            }
        }
    }

    private static string Word(KindPages pages) => Kind.Find(pages.Kind)!.Word;

    private static PaletteEntry Action(string name, string detail, string href) => new("action", name, detail, href);
}
