using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>ipPool: addresses that Calico may assign (docs/calico-v1.md#ippool). How it is deleted, with its blocks: <c>IPPoolPlanner</c>.</summary>
internal sealed class IPPoolKind()
    : Kind<IPPool>(KindNames.IPPool, "IPPool", "IP pool", "ippool", "ippools", "ipp", "ipps", "pool", "pools")
{
    private static readonly Cidr LinkLocalV4 = Cidr.Parse("169.254.0.0/16");
    private static readonly Cidr LinkLocalV6 = Cidr.Parse("fe80::/10");

    internal override string Field => "metadata.cidr";

    internal override ImmutableArray<KindColumn> Columns { get; } =
    [
        On("CIDR", p => $"{p.Cidr}"),
        Wide("NAT", p => p.NatOutgoing ? "true" : "false"),
        Wide("IPIP", p => p.IpipEnabled ? "true" : "false"),
    ];

    protected override ResourceId IdOf(IPPool resource) => new(Name, resource.Cidr.ToString());

    internal override string Describe(ResourceId id) => $"IPPool(cidr={id.Name})";

    internal override ImmutableArray<string> Keys(ResourceId id) => Cidr.TryParse(id.Name, out var cidr) ? [V1Keys.Pool(cidr)] : [];

    protected override ImmutableArray<KeyValueWrite> Encode(IPPool resource) => [new(V1Keys.Pool(resource.Cidr), IPPoolCodec.Encode(resource))];

    protected override IPPool Merge(IPPool desired, IPPool stored) => IPPoolCodec.Merge(desired, stored);

    protected override bool HasUnknown(IPPool resource) => !resource.Unknown.Members.IsEmpty;

    protected override Stored<IPPool>? FindStored(CalicoState state, ResourceId id, string key) =>
        Cidr.TryParse(id.Name, out var cidr) ? state.IPPools.GetValueOrDefault(cidr) : null;

    protected override IEnumerable<Stored<IPPool>> AllIn(CalicoState state) => state.IPPools.Values;

    internal override object Read(DocumentObject root)
    {
        var (metadata, spec) = KindDocument.Parts(root, TypeName);
        var given = metadata.Take("cidr");
        var cidr = default(Cidr);
        if (given.ValueKind == System.Text.Json.JsonValueKind.Undefined)
        {
            metadata.Fail("cidr", "insufficient identifiers, missing 'cidr'");
        }
        else if (metadata.OwnText(given, "cidr") is { } text && !Cidr.TryParse(text, out cidr))
        {
            metadata.Fail("cidr", $"invalid IP address: {text}");
        }

        var ipip = spec.OptionalObject("ipip", "IPIPConfiguration");
        var pool = new IPPool
        {
            Cidr = cidr,
            IpipEnabled = ipip?.Bool("enabled") ?? false,
            IpipMode = ipip?.Text("mode", ValueRules.IpipModes.AsSpan()) ?? "",
            NatOutgoing = spec.Bool("nat-outgoing"),
            Disabled = spec.Bool("disabled"),
        };
        ipip?.Finish();
        KindDocument.Finish(metadata, spec);
        return pool;
    }

    protected override GoJsonWriter Write(IPPool resource)
    {
        var writer = KindDocument.Begin(Name).Name("cidr").String(resource.Cidr.ToString()).EndObject().Name("spec").BeginObject();
        if (resource.IpipEnabled || resource.IpipMode.Length > 0)
        {
            writer.Name("ipip").BeginObject();
            KindDocument.True(writer, "enabled", resource.IpipEnabled).OptionalString("mode", resource.IpipMode).EndObject();
        }

        KindDocument.True(writer, "nat-outgoing", resource.NatOutgoing);
        return KindDocument.True(writer, "disabled", resource.Disabled).EndObject().EndObject();
    }

    protected override void Validate(IPPool resource, Findings found)
    {
        if (resource.Cidr.IsIPv6 && resource.IpipEnabled)
        {
            found.Error("spec.ipip.enabled", "IPIP is not supported on an IPv6 IP pool");
        }

        if (resource.IpipMode.Length > 0 && !ValueRules.IpipModes.Contains(resource.IpipMode))
        {
            found.Error("spec.ipip.mode", $"'{resource.IpipMode}' is not one of {string.Join(", ", ValueRules.IpipModes)}");
        }

        if (!resource.Disabled && resource.Cidr.Address.Width - resource.Cidr.PrefixLength < 6)
        {
            found.Error("metadata.cidr", $"IP pool size is too small (min /{(resource.Cidr.IsIPv6 ? 122 : 26)}) for use with Calico IPAM");
        }

        if (!resource.Cidr.IsMasked)
        {
            found.Error("metadata.cidr", "IP pool CIDR is not strictly masked");
        }

        if (resource.Cidr.Overlaps(LinkLocalV4))
        {
            found.Error("metadata.cidr", "IP pool range overlaps with IPv4 Link Local range 169.254.0.0/16");
        }

        if (resource.Cidr.Overlaps(LinkLocalV6))
        {
            found.Error("metadata.cidr", "IP pool range overlaps with IPv6 Link Local range fe80::/10");
        }
    }
}
