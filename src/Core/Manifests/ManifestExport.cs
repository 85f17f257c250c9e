using System.Text;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Manifests;

/// <summary>Which resources an export holds; what is null or empty does not narrow it.</summary>
public sealed record ExportFilter
{
    /// <summary>Kinds, as documents spell them; empty for all.</summary>
    public ImmutableArray<string> Kinds { get; init; } = [];

    /// <summary>metadata.name; of an ipPool the CIDR, of a bgpPeer the address.</summary>
    public string? Name { get; init; }

    /// <summary>metadata.node.</summary>
    public string? Node { get; init; }

    /// <summary>metadata.orchestrator.</summary>
    public string? Orchestrator { get; init; }

    /// <summary>metadata.workload.</summary>
    public string? Workload { get; init; }

    /// <summary>metadata.scope of a bgpPeer: <c>global</c> or <c>node</c>.</summary>
    public string? Scope { get; init; }

    /// <summary>A part of the name for people, without regard to case.</summary>
    public string? Contains { get; init; }

    /// <summary>Whether a resource is one of them.</summary>
    public bool Fits(object resource)
    {
        var id = ResourceId.From(resource);
        return (Kinds.IsEmpty || Kinds.Contains(id.Kind))
            && Is(Name, id.Name) && Is(Node, id.Node) && Is(Orchestrator, id.Orchestrator) && Is(Workload, id.Workload)
            && (string.IsNullOrEmpty(Scope) || (resource is BgpPeer peer && Scope == BgpPeerKind.Scope(peer)))
            && (string.IsNullOrEmpty(Contains) || id.Label.Contains(Contains, StringComparison.OrdinalIgnoreCase));
    }

    private static bool Is(string? wanted, string given) => string.IsNullOrEmpty(wanted) || wanted == given;
}

/// <summary>The forms in which <c>calicoctl get</c> prints, as its option <c>-o</c> names them.</summary>
public enum ExportFormat
{
    /// <summary>A manifest in YAML.</summary>
    Yaml,

    /// <summary>A manifest in JSON.</summary>
    Json,

    /// <summary>A table with all columns.</summary>
    Wide,

    /// <summary>A table with what tells one from another.</summary>
    Ps,
}

/// <summary>Resources as manifests that calicoctl 1.6.3 prints and takes back. Pure, thread-safe.</summary>
public static class ManifestExport
{
    /// <summary>
    /// Kinds as <c>calicoctl get</c> takes them, in any case: <c>ipPool</c>, <c>pools</c>, <c>wep</c> and so on; null when it is none.
    /// </summary>
    public static string? Kind(string word) => Kinds.Kind.FindAlias(word)?.Name;

    /// <summary>
    /// The resources of a state that fit, kind by kind so that what is needed comes first, each kind in the order in which calicoctl lists it.
    /// </summary>
    public static ImmutableArray<object> Select(CalicoState state, ExportFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return
        [
            .. Kinds.Kind.Names.Where(k => filter.Kinds.IsEmpty || filter.Kinds.Contains(k))
                .SelectMany(k => state.ResourcesOf(k).Select(r => r.Value).Where(filter.Fits)),
        ];
    }

    /// <summary>One list of resources, byte for byte as <c>calicoctl get -o yaml</c> prints them.</summary>
    public static string ToYaml(IEnumerable<object> resources) => GoYaml.FromJson($"[{Joined(resources)}]");

    /// <summary>One array of resources, byte for byte as <c>calicoctl get -o json</c> prints them.</summary>
    public static string ToJson(IEnumerable<object> resources) => $"{GoJson.Indent($"[{Joined(resources)}]")}\n";

    /// <summary>A table of the resources of one kind, as <c>calicoctl get</c> prints it with <c>-o ps</c>, or with <c>-o wide</c>.</summary>
    /// <exception cref="ArgumentException">It is none of the seven kinds.</exception>
    public static string ToTable(string kind, IEnumerable<object> resources, CalicoState state, bool wide) =>
        ManifestTable.Format(kind, resources, state, wide);

    /// <summary>The formats by calicoctl's words for them.</summary>
    public static ImmutableArray<(string Word, ExportFormat Format)> Formats { get; } =
        [("yaml", ExportFormat.Yaml), ("json", ExportFormat.Json), ("wide", ExportFormat.Wide), ("ps", ExportFormat.Ps)];

    /// <summary>
    /// What was selected, as <c>calicoctl get -o</c> prints it. It prints a table of one kind; those of several stand one after the other, and kinds of which
    /// there is nothing have none.
    /// </summary>
    /// <param name="format">The form.</param>
    /// <param name="filter">What it was selected by.</param>
    /// <param name="resources">The resources.</param>
    /// <param name="state">The state they are of.</param>
    public static string Write(ExportFormat format, ExportFilter filter, IEnumerable<object> resources, CalicoState state)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return format switch
        {
            ExportFormat.Yaml => ToYaml(resources),
            ExportFormat.Json => ToJson(resources),
            ExportFormat.Wide => ToTables(filter, resources, state, wide: true),
            ExportFormat.Ps => ToTables(filter, resources, state, wide: false),
        };
    }

    /// <summary>
    /// The same in as many documents as it takes for calicoctl to read them back, which takes no document of 64 KiB; a resource that is larger stands alone.
    /// </summary>
    public static string ToDocuments(IEnumerable<object> resources)
    {
        var text = new StringBuilder();
        var size = 0;
        foreach (var resource in resources)
        {
            var yaml = ToYaml([resource]);
            var bytes = Encoding.UTF8.GetByteCount(yaml);
            if (size > 0 && size + bytes >= ResourceYaml.Limit)
            {
                text.Append("---\n");
                size = 0;
            }

            text.Append(yaml);
            size += bytes;
        }

        return text.Length == 0 ? "[]\n" : text.ToString();
    }

    private static string ToTables(ExportFilter filter, IEnumerable<object> resources, CalicoState state, bool wide)
    {
        if (filter.Kinds is [var only])
        {
            return ToTable(only, resources, state, wide);
        }

        var byKind = resources.ToLookup(r => ResourceId.From(r).Kind, StringComparer.Ordinal);
        return string.Concat(Kinds.Kind.Names.Where(byKind.Contains).Select(k => ToTable(k, byKind[k], state, wide)));
    }

    private static string Joined(IEnumerable<object> resources) => string.Join(',', resources.Select(r => Encoding.UTF8.GetString(ResourceDocument.Write(r))));
}
