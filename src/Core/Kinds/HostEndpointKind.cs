using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>hostEndpoint: an interface of a host that policies govern (docs/calico-v1.md#hostendpoint).</summary>
internal sealed class HostEndpointKind()
    : Kind<HostEndpoint>(KindNames.HostEndpoint, "HostEndpoint", "host endpoint", "hostendpoint", "hostendpoints", "hep", "heps")
{
    public override bool DecidesTraffic => true;

    internal override string UnreadableRemoved => "Should its Felix read the value after all, the interface is no longer policed.";

    internal override ImmutableArray<KindColumn> Columns { get; } =
    [
        On("NODE", e => e.Node),
        On("NAME", e => e.Name),
        Wide("INTERFACE", e => e.InterfaceName),
        Wide("IPS", e => Joined([.. e.ExpectedIPv4, .. e.ExpectedIPv6])),
        Wide("PROFILES", e => Joined(e.ProfileIds)),
    ];

    protected override ResourceId IdOf(HostEndpoint resource) => new(Name, resource.Name) { Node = resource.Node };

    internal override string LabelOf(ResourceId id) => $"{id.Node}/{id.Name}";

    internal override ResourceId? OfLabel(string label) => label.Split('/') is [var node, _, ..] && label[(node.Length + 1)..] is var name
        ? new(Name, name) { Node = node }
        : null;

    internal override string Describe(ResourceId id) => $"HostEndpoint(node={id.Node}, name={id.Name})";

    internal override ImmutableArray<string> Keys(ResourceId id) => [V1Keys.HostEndpoint(id.Node, id.Name)];

    protected override ImmutableArray<KeyValueWrite> Encode(HostEndpoint resource) =>
        [new(V1Keys.HostEndpoint(resource.Node, resource.Name), HostEndpointCodec.Encode(resource))];

    protected override HostEndpoint Merge(HostEndpoint desired, HostEndpoint stored) => HostEndpointCodec.Merge(desired, stored);

    protected override bool HasUnknown(HostEndpoint resource) => !resource.Unknown.Members.IsEmpty;

    protected override Stored<HostEndpoint>? FindStored(CalicoState state, ResourceId id, string key) =>
        state.HostEndpoints.GetValueOrDefault(state.KeyOf(key));

    protected override IEnumerable<Stored<HostEndpoint>> AllIn(CalicoState state) => state.HostEndpoints.Values;

    internal override object Read(DocumentObject root)
    {
        var (metadata, spec) = KindDocument.Parts(root, TypeName);
        var ips = spec.Addresses("expectedIPs");
        var endpoint = new HostEndpoint
        {
            Node = metadata.Text("node"),
            Name = metadata.Text("name"),
            Labels = metadata.Map("labels"),
            InterfaceName = spec.Text("interfaceName"),
            ExpectedIPv4 = [.. ips.OfType<Ip>().Where(ip => !ip.IsIPv6)],
            ExpectedIPv6 = [.. ips.OfType<Ip>().Where(ip => ip.IsIPv6)],
            BlankExpectedIPs = HostEndpoint.Blanks([.. ips.Where(ip => ip is null or { IsIPv6: true })]),
            ProfileIds = spec.Texts("profiles"),
        };
        KindDocument.Finish(metadata, spec);
        return endpoint;
    }

    protected override GoJsonWriter Write(HostEndpoint resource) =>
        KindDocument.Labels(KindDocument.Begin(Name).OptionalString("name", resource.Name).OptionalString("node", resource.Node), resource.Labels).EndObject()
            .Name("spec").BeginObject()
            .OptionalString("interfaceName", resource.InterfaceName)
            .OptionalArray<string>("expectedIPs", [.. resource.ExpectedIPv4.Select(ip => ip.ToString()), .. resource.ExpectedIPv6Texts()], KindDocument.Text)
            .OptionalArray("profiles", resource.ProfileIds, KindDocument.Text)
            .EndObject().EndObject();

    protected override void Validate(HostEndpoint resource, Findings found)
    {
        found.Identifier("metadata.node", resource.Node, namespaced: false);
        found.Identifier("metadata.name", resource.Name, namespaced: true);
        found.Labels("metadata.labels", resource.Labels);
        if (resource.InterfaceName.Length > 0 && !ValueRules.IsInterface(resource.InterfaceName))
        {
            found.Error("spec.interfaceName", $"'{resource.InterfaceName}' is not 1 to 15 characters of letters, digits, '_', '-'");
        }

        if (!resource.BlankExpectedIPs.IsEmpty)
        {
            found.Warn("spec.expectedIPs has an entry that is null or empty: "
                + "calicoctl stores it as an empty text among the IPv6 addresses, which fits no interface.");
        }

        if (resource is { InterfaceName: "", ExpectedIPv4.IsEmpty: true, ExpectedIPv6.IsEmpty: true, BlankExpectedIPs.IsEmpty: true })
        {
            found.Error("spec.interfaceName", "no interface or expected IPs have been specified");
        }

        found.ProfileNames("spec.profiles", resource.ProfileIds);
        if (resource.ProfileIds.Any(p => p.Contains('/', StringComparison.Ordinal)))
        {
            found.Warn("spec.profiles names a profile with '/': Felix of Calico v2.6 then ignores the whole host endpoint.");
        }
    }

    protected override Effects EffectsOfWriting(HostEndpoint resource, CalicoState state) => new()
    {
        Consequences =
        [
            "From the moment it exists, "
            + $"{(resource.InterfaceName.Length > 0 ? $"interface {resource.InterfaceName}" : "every interface with one of its addresses")} of "
            + $"{resource.Node} is policed: everything is dropped but the failsafe ports and what a policy or profile allows.",
        ],
        Warnings =
        [
            .. ProfileKind.Missing(state, resource.ProfileIds),
            .. resource.ProfileIds.Any(p => p.Contains('/', StringComparison.Ordinal))
                ? (string[])["Felix refuses profile names with '/' on host endpoints and then treats the whole host endpoint as missing."] : [],
        ],
    };

    internal override Deletion DeletionOf(ResourceId id) => new()
    {
        Flags = [$"--node={id.Node}"],
        Effects = new() { Consequences = ["Its interface is no longer policed: all traffic of the host passes it again."] },
    };
}
