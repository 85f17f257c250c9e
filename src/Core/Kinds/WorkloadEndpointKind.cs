using System.Text.Json;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>workloadEndpoint: an interface of a container or VM (docs/calico-v1.md#workloadendpoint).</summary>
internal sealed class WorkloadEndpointKind()
    : Kind<WorkloadEndpoint>(KindNames.WorkloadEndpoint, "WorkloadEndpoint", "workload endpoint", "workloadendpoint", "workloadendpoints", "wep", "weps")
{
    public override bool DecidesTraffic => true;

    internal override string UnreadableRemoved => "Should its Felix read the value after all, the interface loses its policy and its route.";

    internal override ImmutableArray<KindColumn> Columns { get; } =
    [
        On("NODE", e => e.Id.Node),
        On("ORCHESTRATOR", e => e.Id.Orchestrator),
        On("WORKLOAD", e => e.Id.Workload),
        On("NAME", e => e.Id.Name),
        Wide("NETWORKS", e => Joined([.. e.IPv4Nets, .. e.IPv6Nets])),
        Wide("NATS", e => string.Join(',', e.IPv4Nats.Concat(e.IPv6Nats).Select(n => $"{{{n.Internal} {n.External}}}"))),
        Wide("INTERFACE", e => e.InterfaceName),
        Wide("PROFILES", e => Joined(e.ProfileIds)),
    ];

    /// <summary>The identity of a workload endpoint.</summary>
    public static ResourceId IdOf(WorkloadEndpointId id) =>
        new(KindNames.WorkloadEndpoint, id.Name) { Node = id.Node, Orchestrator = id.Orchestrator, Workload = id.Workload };

    protected override ResourceId IdOf(WorkloadEndpoint resource) => IdOf(resource.Id);

    internal override string LabelOf(ResourceId id) => $"{id.Node}/{id.Orchestrator}/{id.Workload}/{id.Name}";

    // Where names hold slashes, the workload is taken to hold them.
    internal override ResourceId? OfLabel(string label) => label.Split('/') is [var node, var orchestrator, .. var workload, var name] && workload.Length > 0
        ? new(Name, name) { Node = node, Orchestrator = orchestrator, Workload = string.Join('/', workload) }
        : null;

    internal override string Describe(ResourceId id) =>
        $"WorkloadEndpoint(node={id.Node}, orchestrator={id.Orchestrator}, workload={id.Workload}, name={id.Name})";

    protected override bool IsNameless(WorkloadEndpoint resource) => resource.Id.Name.Length == 0;

    protected override WorkloadEndpoint WithName(WorkloadEndpoint resource, string name) => resource with { Id = resource.Id with { Name = name } };

    internal override ImmutableArray<string> Keys(ResourceId id) =>
        [V1Keys.WorkloadEndpoint(new WorkloadEndpointId(id.Node, id.Orchestrator, id.Workload, id.Name))];

    protected override ImmutableArray<KeyValueWrite> Encode(WorkloadEndpoint resource) =>
        [new(V1Keys.WorkloadEndpoint(resource.Id), WorkloadEndpointCodec.Encode(resource))];

    protected override WorkloadEndpoint Merge(WorkloadEndpoint desired, WorkloadEndpoint stored) => WorkloadEndpointCodec.Merge(desired, stored);

    protected override bool HasUnknown(WorkloadEndpoint resource) => !resource.Unknown.Members.IsEmpty;

    protected override Stored<WorkloadEndpoint>? FindStored(CalicoState state, ResourceId id, string key) =>
        state.WorkloadEndpoints.GetValueOrDefault(state.KeyOf(key));

    protected override IEnumerable<Stored<WorkloadEndpoint>> AllIn(CalicoState state) => state.WorkloadEndpoints.Values;

    internal override object Read(DocumentObject root)
    {
        var (metadata, spec) = KindDocument.Parts(root, TypeName);
        var normalized = "";
        if (spec.OwnText(spec.Take("mac"), "mac") is { } mac && !Mac.TryNormalize(mac, out normalized))
        {
            spec.Fail("mac", mac.Length == 0 ? "invalid MAC address" : $"address {mac}: invalid MAC address");
        }

        var given = spec.Take("profiles", MemberForm.List);
        var nets = spec.Networks("ipNetworks");
        var nats = spec.Objects("ipNATs", "IPNAT", ReadNat);
        var endpoint = new WorkloadEndpoint
        {
            Id = new WorkloadEndpointId(metadata.Text("node"), metadata.Text("orchestrator"), metadata.Text("workload"), metadata.Text("name")),
            ActiveInstanceId = metadata.Text("activeInstanceID"),
            Labels = metadata.Map("labels"),
            InterfaceName = spec.Text("interfaceName"),
            Mac = normalized,
            ProfileIds = ReadProfiles(spec, given),
            EmptyProfilesAsArray = given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == 0,
            IPv4Nets = [.. nets.Where(n => !n.IsIPv6)],
            IPv6Nets = [.. nets.Where(n => n.IsIPv6)],
            IPv4Nats = [.. nats.Where(n => n is { Internal.IsIPv6: false }).Select(n => n!.Value)],
            IPv6Nats = [.. nats.Where(n => n is { Internal.IsIPv6: true }).Select(n => n!.Value)],
            IPv4Gateway = spec.Address("ipv4Gateway"),
            IPv6Gateway = spec.Address("ipv6Gateway"),
        };
        KindDocument.Finish(metadata, spec);
        return endpoint;
    }

    protected override GoJsonWriter Write(WorkloadEndpoint resource)
    {
        var writer = KindDocument.Begin(Name)
            .OptionalString("name", resource.Id.Name)
            .OptionalString("workload", resource.Id.Workload)
            .OptionalString("orchestrator", resource.Id.Orchestrator)
            .OptionalString("node", resource.Id.Node)
            .OptionalString("activeInstanceID", resource.ActiveInstanceId);
        return KindDocument.Labels(writer, resource.Labels).EndObject().Name("spec").BeginObject()
            .OptionalArray<Cidr>("ipNetworks", [.. resource.IPv4Nets, .. resource.IPv6Nets], static (w, n) => w.String(n.ToString()))
            .OptionalArray<IpNat>("ipNATs", [.. resource.IPv4Nats, .. resource.IPv6Nats], static (w, n) => w.BeginObject()
                .Name("internalIP").String(n.Internal.ToString()).Name("externalIP").String(n.External.ToString()).EndObject())
            .OptionalString("ipv4Gateway", resource.IPv4Gateway?.ToString() ?? "")
            .OptionalString("ipv6Gateway", resource.IPv6Gateway?.ToString() ?? "")
            .OptionalArray("profiles", resource.ProfileIds, KindDocument.Text)
            .OptionalString("interfaceName", resource.InterfaceName)
            .OptionalString("mac", resource.Mac)
            .EndObject().EndObject();
    }

    protected override void Validate(WorkloadEndpoint resource, Findings found)
    {
        found.Identifier("metadata.node", resource.Id.Node, namespaced: false);
        found.Identifier("metadata.orchestrator", resource.Id.Orchestrator, namespaced: true);
        found.Identifier("metadata.workload", resource.Id.Workload, namespaced: true);
        found.Identifier("metadata.name", resource.Id.Name, namespaced: true);
        if (resource.ActiveInstanceId.Length > 0)
        {
            found.Name("metadata.activeInstanceID", resource.ActiveInstanceId);
        }

        found.Labels("metadata.labels", resource.Labels);
        if (!ValueRules.IsInterface(resource.InterfaceName))
        {
            found.Error("spec.interfaceName", $"'{resource.InterfaceName}' is not 1 to 15 characters of letters, digits, '_', '-'");
        }

        if (resource.Mac.Length > 0 && (!Mac.TryNormalize(resource.Mac, out var mac) || mac != resource.Mac))
        {
            found.Error("spec.mac", $"address {resource.Mac}: invalid MAC address");
        }

        ImmutableArray<Cidr> nets = [.. resource.IPv4Nets, .. resource.IPv6Nets];
        if (nets.Any(n => !n.IsSingle))
        {
            found.Error("spec.ipNetworks", "IP network contains multiple addresses");
        }

        ValidateNats(found, nets, [.. resource.IPv4Nats, .. resource.IPv6Nats]);
        if (resource.IPv4Gateway is { IsIPv6: true })
        {
            found.Error("spec.ipv4Gateway", "invalid IPv4 gateway address specified");
        }

        if (resource.IPv6Gateway is { IsIPv6: false })
        {
            found.Error("spec.ipv6Gateway", "invalid IPv6 gateway address specified");
        }

        found.ProfileNames("spec.profiles", resource.ProfileIds.IsDefault ? [] : resource.ProfileIds);
    }

    protected override Effects EffectsOfWriting(WorkloadEndpoint resource, CalicoState state) => new()
    {
        Warnings =
        [
            "Workload endpoints belong to their orchestrator's plugin, which writes them again when the workload restarts.",
            .. ProfileKind.Missing(state, resource.ProfileIds.IsDefault ? [] : resource.ProfileIds),
        ],
    };

    internal override Deletion DeletionOf(ResourceId id) => new()
    {
        Flags = [$"--node={id.Node}", $"--orchestrator={id.Orchestrator}", $"--workload={id.Workload}"],
        EmptyParents = 2,
        Effects = new() { Warnings = ["The interface loses its policy and its route: Felix drops its traffic. Its addresses stay assigned in IPAM."] },
    };

    private static ImmutableArray<string> ReadProfiles(DocumentObject spec, JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.Undefined => [],
        JsonValueKind.Array => [.. given.EnumerateArray().Select((e, i) => spec.Text(e, $"profiles[{i}]") ?? "")],
        _ => spec.Wrong<ImmutableArray<string>>(given, "profiles", "[]string", []),
    };

    private static IpNat? ReadNat(DocumentObject o)
    {
        var (inner, outer) = (o.Address("internalIP"), o.Address("externalIP"));
        if (inner is { } i && outer is { } e)
        {
            return new IpNat(i, e);
        }

        o.Fail(inner is null ? "internalIP" : "externalIP", "an address is needed");
        return null;
    }

    private static void ValidateNats(Findings found, ImmutableArray<Cidr> nets, ImmutableArray<IpNat> nats)
    {
        if (nats.Any(nat => !nets.Any(n => n.Contains(nat.Internal))))
        {
            found.Error("spec.ipNATs", "NAT is not in the endpoint networks");
        }

        for (var i = 0; i < nats.Length; i++)
        {
            if (nats[i].Internal.IsIPv6 != nats[i].External.IsIPv6)
            {
                found.Error($"spec.ipNATs[{i}].externalIP", "mismatched IP versions");
            }
        }
    }
}
