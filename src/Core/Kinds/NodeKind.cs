using System.Globalization;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>
/// node: a host with its addresses for BGP, in up to eight keys (docs/calico-v1.md#node). How all of it is deleted: <c>NodeDeletionPlanner</c>.
/// </summary>
internal sealed class NodeKind() : Kind<Node>(KindNames.Node, "Node", "node", "node", "nodes", "no", "nos")
{
    internal override ImmutableArray<KindColumn> Columns { get; } =
    [
        On("NAME", n => n.Name),
        Wide("ASN", AsNumber),
        Wide("IPV4", n => n.OddIPv4 ?? $"{n.IPv4}"),
        Wide("IPV6", n => n.OddIPv6 ?? $"{n.IPv6}"),
    ];

    protected override ResourceId IdOf(Node resource) => new(Name, resource.Name);

    internal override ImmutableArray<string> Keys(ResourceId id) => [.. Enum.GetValues<NodePart>().Select(part => V1Keys.Node(id.Name, part))];

    protected override ImmutableArray<KeyValueWrite> Encode(Node resource) => NodeCodec.Encode(resource);

    protected override Node Merge(Node desired, Node stored) => NodeCodec.Merge(desired, stored);

    protected override bool HasUnknown(Node resource) => !resource.Unknown.Members.IsEmpty;

    protected override Stored<Node>? FindStored(CalicoState state, ResourceId id, string key) => state.Nodes.GetValueOrDefault(id.Name);

    protected override IEnumerable<Stored<Node>> AllIn(CalicoState state) => state.Nodes.Values;

    // Some have no keys of their own.
    protected override (Func<StoredResource, string> By, IComparer<string> Order) ListedBy => (static r => ((Node)r.Value).Name, TreeOrder.Instance);

    internal override object Read(DocumentObject root)
    {
        var (metadata, spec) = KindDocument.Parts(root, TypeName);
        var bgp = spec.OptionalObject("bgp", "NodeBGPSpec");
        var node = new Node
        {
            Name = metadata.Text("name"),
            HasMetadata = true,
            AsNumber = bgp is null ? null : KindDocument.AsNumber(bgp, bgp.Take("asNumber")),
            IPv4 = bgp?.Network("ipv4Address"),
            IPv6 = bgp?.Network("ipv6Address"),
            OrchRefs = spec.Objects("orchRefs", "OrchRef", static o => new OrchRef(o.Text("orchestrator"), o.Text("nodeName"))),
        };
        if (bgp is not null && node is { AsNumber: null, IPv4: null, IPv6: null })
        {
            bgp.Fail("ipv4Address", "no BGP IP address and subnet specified");
        }

        bgp?.Finish();
        KindDocument.Finish(metadata, spec);
        return node;
    }

    protected override GoJsonWriter Write(Node resource)
    {
        var writer = KindDocument.Begin(Name).OptionalString("name", resource.Name).EndObject().Name("spec").BeginObject();
        if ((resource.IPv4 ?? resource.IPv6) is not null || (resource.OddIPv4 ?? resource.OddIPv6) is not null)
        {
            writer.Name("bgp").BeginObject()
                .OptionalNumber("asNumber", resource.AsNumber)
                .OptionalString("ipv4Address", resource.OddIPv4 ?? resource.IPv4?.ToString() ?? "")
                .OptionalString("ipv6Address", resource.OddIPv6 ?? resource.IPv6?.ToString() ?? "")
                .EndObject();
        }

        return writer.OptionalArray("orchRefs", resource.OrchRefs, static (w, r) => w.BeginObject()
            .OptionalString("nodeName", r.NodeName).Name("orchestrator").String(r.Orchestrator).EndObject()).EndObject().EndObject();
    }

    protected override void Validate(Node resource, Findings found)
    {
        found.Identifier("metadata.name", resource.Name, namespaced: false);
        if (resource is { AsNumber: not null, IPv4: null, IPv6: null })
        {
            found.Error("spec.bgp.ipv4Address", "no BGP IP address and subnet specified");
        }

        if (!resource.OrchRefs.IsDefault && resource.OrchRefs.Any(r => r is { Orchestrator: "", NodeName: "" }))
        {
            found.Warn("spec.orchRefs has an entry that is null or empty: it is stored as {}, as calicoctl stores it.");
        }

        if (resource.IPv4 is { IsIPv6: true })
        {
            found.Error("spec.bgp.ipv4Address", "invalid IPv4 address and subnet specified");
        }

        if (resource.IPv6 is { IsIPv6: false })
        {
            found.Error("spec.bgp.ipv6Address", "invalid IPv6 address and subnet specified");
        }
    }

    protected override Effects EffectsOfWriting(Node resource, CalicoState state) => new()
    {
        Consequences =
        [
            resource.IPv4 is null && resource.IPv6 is null
                ? "Without a BGP address the node takes no part in BGP."
                : $"Every node of the mesh peers with {resource.IPv4?.Address.ToString() ?? resource.IPv6?.Address.ToString()}.",
        ],
    };

    // That of all nodes in brackets where a node has an address but no number of its own.
    private static string AsNumber(Node node, CalicoState state) => node switch
    {
        { IPv4: null, IPv6: null, OddIPv4: null, OddIPv6: null } => "",
        { AsNumber: { } own } => own.ToString(CultureInfo.InvariantCulture),
        _ when !state.Configuration.Bgp.ContainsKey("as_num") => "(64512)",
        _ => $"({state.Configuration.AsNumber?.ToString(CultureInfo.InvariantCulture) ?? "unknown"})",
    };
}
