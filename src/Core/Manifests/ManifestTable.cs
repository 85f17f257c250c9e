using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Manifests;

/// <summary>Resources of a kind as the tables that <c>calicoctl get</c> prints with <c>-o ps</c> and <c>-o wide</c>. Pure.</summary>
internal static class ManifestTable
{
    /// <summary>The table, with the empty line that calicoctl leaves behind it.</summary>
    public static string Format(string kind, IEnumerable<object> resources, CalicoState state, bool wide)
    {
        var all = Kind.Find(kind)?.Columns ?? throw new ArgumentException($"calicoctl has no table of {kind}", nameof(kind));
        KindColumn[] columns = [.. all.Where(c => wide || !c.WideOnly)];
        return TextTable.Format([columns.Select(c => c.Heading), .. resources.Select(r => columns.Select(c => c.Cell(r, state)))]) + "\n";
    }
}
