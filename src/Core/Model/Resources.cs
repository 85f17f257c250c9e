namespace CalicoConsole.Core.Model;

/// <summary>The kinds of this data model, spelled as calicoctl 1.6.3 spells them where it has them.</summary>
public static class Kinds
{
    /// <summary>ipPool.</summary>
    public const string IPPool = "ipPool";

    /// <summary>profile.</summary>
    public const string Profile = "profile";

    /// <summary>policy.</summary>
    public const string Policy = "policy";

    /// <summary>node.</summary>
    public const string Node = "node";

    /// <summary>bgpPeer.</summary>
    public const string BgpPeer = "bgpPeer";

    /// <summary>hostEndpoint.</summary>
    public const string HostEndpoint = "hostEndpoint";

    /// <summary>workloadEndpoint.</summary>
    public const string WorkloadEndpoint = "workloadEndpoint";

    /// <summary>An IPAM block (not a calicoctl kind).</summary>
    public const string IpamBlock = "ipamBlock";
}

/// <summary>JSON members that this version does not know, each as its name and raw JSON text, in stored order. They survive every edit.</summary>
public readonly struct UnknownMembers(ImmutableArray<KeyValuePair<string, string>> members) : IEquatable<UnknownMembers>
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _members = members;

    /// <summary>The members; never default.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Members => _members.IsDefault ? [] : _members;

    /// <summary>Compares by content, in order.</summary>
    public bool Equals(UnknownMembers other) => Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UnknownMembers other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Members.Length;

    /// <summary>Compares by content.</summary>
    public static bool operator ==(UnknownMembers left, UnknownMembers right) => left.Equals(right);

    /// <summary>Compares by content.</summary>
    public static bool operator !=(UnknownMembers left, UnknownMembers right) => !left.Equals(right);
}

/// <summary>An ipPool (calicoctl 1.6.3 ipPool; stored at <c>/calico/v1/ipam/v{4,6}/pool/&lt;cidr&gt;</c>).</summary>
public sealed record IPPool
{
    /// <summary>Identity of the pool.</summary>
    public required Cidr Cidr { get; init; }

    /// <summary>spec.ipip.enabled: stored as interface name <c>tunl0</c> or the empty text.</summary>
    public bool IpipEnabled { get; init; }

    /// <summary>The stored interface name when it is another than <c>tunl0</c>; empty otherwise. Any name means enabled.</summary>
    public string IpipInterface { get; init; } = "";

    /// <summary>spec.ipip.mode: <c>always</c>, <c>cross-subnet</c> or empty.</summary>
    public string IpipMode { get; init; } = "";

    /// <summary>spec.nat-outgoing, stored as <c>masquerade</c>.</summary>
    public bool NatOutgoing { get; init; }

    /// <summary>spec.disabled.</summary>
    public bool Disabled { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A profile (calicoctl 1.6.3 profile; three keys <c>tags</c>, <c>labels</c>, <c>rules</c>).</summary>
public sealed record Profile
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>metadata.tags.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>metadata.labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>spec.ingress.</summary>
    public ImmutableArray<Rule> Ingress { get; init; } = [];

    /// <summary>spec.egress.</summary>
    public ImmutableArray<Rule> Egress { get; init; } = [];

    /// <summary>Whether a <c>rules</c> key exists and can be read: without it Felix denies everything.</summary>
    public bool HasRules { get; init; } = true;

    /// <summary>Unknown members of the rules document.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A protocol: a name or a number, kept apart because they are stored differently.</summary>
/// <param name="Name">Lower-case name, or null when numeric.</param>
/// <param name="Number">1 to 255 when <paramref name="Name"/> is null.</param>
public readonly record struct Protocol(string? Name, int Number)
{
    /// <inheritdoc/>
    public override string ToString() => Name ?? Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A port or a range of ports, first and last included.</summary>
public readonly record struct PortRange(int First, int Last)
{
    /// <inheritdoc/>
    public override string ToString() => First == Last
        ? First.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{First}:{Last}");
}

/// <summary>ICMP type and code; null is unset.</summary>
public readonly record struct Icmp(int? Type, int? Code);

/// <summary>One side of a rule (calicoctl 1.6.3 EntityRule). Empty texts and arrays are unset.</summary>
public sealed record RuleEntity
{
    /// <summary>tag.</summary>
    public string Tag { get; init; } = "";

    /// <summary>net: one CIDR, deprecated, stored in <c>src_net</c>/<c>dst_net</c>; null when unset. Calicoctl shows it as the last of nets.</summary>
    public Cidr? Net { get; init; }

    /// <summary>nets, with the host bits that are given or stored.</summary>
    public ImmutableArray<Cidr> Nets { get; init; } = [];

    /// <summary>selector, as typed.</summary>
    public string Selector { get; init; } = "";

    /// <summary>ports.</summary>
    public ImmutableArray<PortRange> Ports { get; init; } = [];

    /// <summary>notTag.</summary>
    public string NotTag { get; init; } = "";

    /// <summary>notNet: deprecated as <see cref="Net"/>; null when unset.</summary>
    public Cidr? NotNet { get; init; }

    /// <summary>notNets, with the host bits that are given or stored.</summary>
    public ImmutableArray<Cidr> NotNets { get; init; } = [];

    /// <summary>notSelector.</summary>
    public string NotSelector { get; init; } = "";

    /// <summary>notPorts.</summary>
    public ImmutableArray<PortRange> NotPorts { get; init; } = [];
}

/// <summary>A rule (calicoctl 1.6.3 Rule; backend form in libcalico-go backend/model/rule.go).</summary>
public sealed record Rule
{
    /// <summary>allow, deny, log or pass (stored as <c>next-tier</c>). Empty when stored without one, which means allow.</summary>
    public required string Action { get; init; }

    /// <summary>Whether the stored action is <c>pass</c>, which Felix refuses (it knows <c>next-tier</c>) and calicoctl repairs on its next write.</summary>
    public bool StoredAsPass { get; init; }

    /// <summary>4, 6 or null.</summary>
    public int? IPVersion { get; init; }

    /// <summary>protocol.</summary>
    public Protocol? Protocol { get; init; }

    /// <summary>notProtocol.</summary>
    public Protocol? NotProtocol { get; init; }

    /// <summary>icmp.</summary>
    public Icmp Icmp { get; init; }

    /// <summary>notICMP.</summary>
    public Icmp NotIcmp { get; init; }

    /// <summary>source.</summary>
    public RuleEntity Source { get; init; } = new();

    /// <summary>destination.</summary>
    public RuleEntity Destination { get; init; } = new();

    /// <summary>log_prefix: stored, but calicoctl has no field for it.</summary>
    public string LogPrefix { get; init; } = "";

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A node (calicoctl 1.6.3 node; several keys, see calico-v1 reference §2.5).</summary>
public sealed record Node
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the <c>metadata</c> key exists; hosts with endpoints only have none.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>spec.bgp.asNumber; null inherits the global one.</summary>
    public uint? AsNumber { get; init; }

    /// <summary>spec.bgp.ipv4Address with its prefix; null when unset.</summary>
    public Cidr? IPv4 { get; init; }

    /// <summary>spec.bgp.ipv6Address with its prefix; null when unset.</summary>
    public Cidr? IPv6 { get; init; }

    /// <summary>spec.orchRefs.</summary>
    public ImmutableArray<OrchRef> OrchRefs { get; init; } = [];

    /// <summary>What calicoctl prints for spec.bgp.ipv4Address where the stored address and network are of different families; null where they are not.</summary>
    public string? OddIPv4 { get; init; }

    /// <summary>The same for spec.bgp.ipv6Address.</summary>
    public string? OddIPv6 { get; init; }

    /// <summary>Members of the <c>metadata</c> key, which this version leaves empty.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A node's name in an orchestrator.</summary>
public readonly record struct OrchRef(string Orchestrator, string NodeName);

/// <summary>Identity of a workload endpoint.</summary>
public readonly record struct WorkloadEndpointId(string Node, string Orchestrator, string Workload, string Name);

/// <summary>A workload endpoint (calicoctl 1.6.3 workloadEndpoint; stored form §2.8).</summary>
public sealed record WorkloadEndpoint
{
    /// <summary>Identity, from the key.</summary>
    public required WorkloadEndpointId Id { get; init; }

    /// <summary>active or inactive.</summary>
    public string State { get; init; } = "active";

    /// <summary>spec.interfaceName, stored as <c>name</c>.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>metadata.activeInstanceID.</summary>
    public string ActiveInstanceId { get; init; } = "";

    /// <summary>MAC in lower case with colons; empty when unset (stored as null).</summary>
    public string Mac { get; init; } = "";

    /// <summary>Profiles in order. None is stored as null, unless <see cref="EmptyProfilesAsArray"/>.</summary>
    public ImmutableArray<string> ProfileIds { get; init; } = [];

    /// <summary>Whether no profiles are stored as <c>[]</c>, as an explicitly empty list is, and not as null.</summary>
    public bool EmptyProfilesAsArray { get; init; }

    /// <summary>IPv4 addresses as /32.</summary>
    public ImmutableArray<Cidr> IPv4Nets { get; init; } = [];

    /// <summary>IPv6 addresses as /128.</summary>
    public ImmutableArray<Cidr> IPv6Nets { get; init; } = [];

    /// <summary>IPv4 NAT.</summary>
    public ImmutableArray<IpNat> IPv4Nats { get; init; } = [];

    /// <summary>IPv6 NAT.</summary>
    public ImmutableArray<IpNat> IPv6Nats { get; init; } = [];

    /// <summary>Labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>IPv4 gateway.</summary>
    public Ip? IPv4Gateway { get; init; }

    /// <summary>IPv6 gateway.</summary>
    public Ip? IPv6Gateway { get; init; }

    /// <summary>Stored members that are not known, such as OpenStack's subnet ids and fqdn.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A policy (calicoctl 1.6.3 policy; stored form §2.4).</summary>
public sealed record Policy
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>metadata.annotations.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>spec.order; null comes last.</summary>
    public double? Order { get; init; }

    /// <summary>spec.selector, as typed; empty means all.</summary>
    public string Selector { get; init; } = "";

    /// <summary>spec.ingress.</summary>
    public ImmutableArray<Rule> Ingress { get; init; } = [];

    /// <summary>spec.egress.</summary>
    public ImmutableArray<Rule> Egress { get; init; } = [];

    /// <summary>spec.types in their order: ingress, egress. Empty in a document means what its rules say; see <see cref="V1.PolicyCodec.Encode"/>.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>spec.doNotTrack.</summary>
    public bool DoNotTrack { get; init; }

    /// <summary>spec.preDNAT.</summary>
    public bool PreDnat { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A BGP peer (calicoctl 1.6.3 bgpPeer; stored form §2.6).</summary>
public sealed record BgpPeer
{
    /// <summary>metadata.node: the node that peers; null when all do (scope global).</summary>
    public string? Node { get; init; }

    /// <summary>metadata.peerIP.</summary>
    public required Ip PeerIP { get; init; }

    /// <summary>spec.asNumber; 0 when left out.</summary>
    public uint AsNumber { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }
}

/// <summary>A host endpoint (calicoctl 1.6.3 hostEndpoint; stored form §2.7).</summary>
public sealed record HostEndpoint
{
    /// <summary>metadata.node.</summary>
    public required string Node { get; init; }

    /// <summary>metadata.name.</summary>
    public required string Name { get; init; }

    /// <summary>metadata.labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>spec.interfaceName, stored as <c>name</c>; empty when unset.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>IPv4 addresses of spec.expectedIPs.</summary>
    public ImmutableArray<Ip> ExpectedIPv4 { get; init; } = [];

    /// <summary>IPv6 addresses of spec.expectedIPs.</summary>
    public ImmutableArray<Ip> ExpectedIPv6 { get; init; } = [];

    /// <summary>Where blanks stand among the stored IPv6 addresses: calicoctl stores what is null or empty in spec.expectedIPs as an empty text there.</summary>
    public ImmutableArray<int> BlankExpectedIPs { get; init; } = [];

    /// <summary>spec.profiles in order.</summary>
    public ImmutableArray<string> ProfileIds { get; init; } = [];

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>The texts of the stored list of IPv6 addresses, blanks in their places.</summary>
    public IEnumerable<string> ExpectedIPv6Texts()
    {
        var (next, count) = (0, ExpectedIPv6.Length + BlankExpectedIPs.Length);
        for (var i = 0; i < count; i++)
        {
            yield return BlankExpectedIPs.Contains(i) ? "" : ExpectedIPv6[next++].ToString();
        }
    }

    /// <summary>Where a list has blanks.</summary>
    public static ImmutableArray<int> Blanks(ImmutableArray<Ip?> addresses) => [.. Enumerable.Range(0, addresses.Length).Where(i => addresses[i] is null)];
}

/// <summary>A NAT pair of a workload endpoint.</summary>
public readonly record struct IpNat(Ip Internal, Ip External);

/// <summary>An IPAM block of 64 addresses (libcalico-go backend/model/block.go). Not a calicoctl kind.</summary>
public sealed record IpamBlock
{
    /// <summary>How many addresses a block holds.</summary>
    public const int Size = 64;

    /// <summary>The block's /26 or /122.</summary>
    public required Cidr Cidr { get; init; }

    /// <summary><c>host:&lt;node&gt;</c>, or null.</summary>
    public string? Affinity { get; init; }

    /// <summary>hostAffinity of old blocks: read when <see cref="Affinity"/> is null.</summary>
    public string? HostAffinity { get; init; }

    /// <summary>Copy of the configuration at creation.</summary>
    public bool StrictAffinity { get; init; }

    /// <summary>64 entries: null is free, else an index into <see cref="Attributes"/>.</summary>
    public required ImmutableArray<int?> Allocations { get; init; }

    /// <summary>Free ordinals, next one first.</summary>
    public required ImmutableArray<int> Unallocated { get; init; }

    /// <summary>Owners by index; default when stored as null.</summary>
    public ImmutableArray<IpamAttribute> Attributes { get; init; }

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>The node this block is affine to, or null.</summary>
    public string? AffineNode => Affinity is null ? HostAffinity : Affinity.StartsWith("host:", StringComparison.Ordinal) ? Affinity[5..] : null;

    /// <summary>How many addresses are taken.</summary>
    public int Used => Allocations.Count(a => a is not null);
}

/// <summary>Who holds an address in a block.</summary>
/// <param name="HandleId">handle_id, or null.</param>
/// <param name="Secondary">secondary, or null.</param>
public sealed record IpamAttribute(string? HandleId, ImmutableSortedDictionary<string, string>? Secondary);
