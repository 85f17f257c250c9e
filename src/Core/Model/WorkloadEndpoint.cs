namespace CalicoConsole.Core.Model;

/// <summary>Identity of a workload endpoint.</summary>
public readonly record struct WorkloadEndpointId(string Node, string Orchestrator, string Workload, string Name)
{
    /// <summary>The name for people and for the audit.</summary>
    internal string Label => $"{Node}/{Orchestrator}/{Workload}/{Name}";
}

/// <summary>A workload endpoint (calicoctl 1.6.3 workloadEndpoint; stored form: docs/calico-v1.md#workloadendpoint).</summary>
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

/// <summary>A NAT pair of a workload endpoint.</summary>
public readonly record struct IpNat(Ip Internal, Ip External);
