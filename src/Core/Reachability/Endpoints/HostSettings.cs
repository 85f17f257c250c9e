using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Endpoints;

/// <summary>A port that Felix lets through on host endpoints whatever the policies say.</summary>
/// <param name="Protocol">IP protocol number: 6 or 17.</param>
/// <param name="Port">The port.</param>
public readonly record struct FailsafePort(int Protocol, int Port)
{
    /// <summary>
    /// Whether it matters that a packet comes from the port: Felix's raw table leaves it to connection tracking where there are doNotTrack policies.
    /// </summary>
    internal bool CutsSources { get; init; }
}

/// <summary>How Felix is set on one host, and the host's own addresses (Felix 2.6 configuration, docs/calico-v1.md#configuration-of-felix).</summary>
public sealed record HostSettings
{
    /// <summary>Felix's own default of FailsafeInboundHostPorts.</summary>
    public static readonly ImmutableArray<FailsafePort> DefaultFailsafeInbound = [new(ProtocolNumbers.Tcp, 22), new(ProtocolNumbers.Udp, 68)];

    /// <summary>Felix's own default of FailsafeOutboundHostPorts.</summary>
    public static readonly ImmutableArray<FailsafePort> DefaultFailsafeOutbound =
    [
        new(ProtocolNumbers.Tcp, 2379), new(ProtocolNumbers.Tcp, 2380), new(ProtocolNumbers.Tcp, 4001), new(ProtocolNumbers.Tcp, 7001),
        new(ProtocolNumbers.Udp, 53), new(ProtocolNumbers.Udp, 67),
    ];

    /// <summary>The host's IPv4 address with its network: that of its node resource. Null when it is not known.</summary>
    public Cidr? IPv4 { get; init; }

    /// <summary>The host's IPv6 address with its network. Null when it is not known.</summary>
    public Cidr? IPv6 { get; init; }

    /// <summary>DefaultEndpointToHostAction; null takes <see cref="ReachabilityInput.EndpointToHost"/>.</summary>
    public EndpointToHostAction? EndpointToHost { get; init; }

    /// <summary>InterfacePrefix: interfaces of workloads begin with one of these; default (uninitialised) when every interface counts.</summary>
    public ImmutableArray<string> InterfacePrefixes { get; init; }

    /// <summary>FailsafeInboundHostPorts.</summary>
    public ImmutableArray<FailsafePort> FailsafeInbound { get; init; } = DefaultFailsafeInbound;

    /// <summary>FailsafeOutboundHostPorts.</summary>
    public ImmutableArray<FailsafePort> FailsafeOutbound { get; init; } = DefaultFailsafeOutbound;

    /// <summary>Whether Felix takes the cluster for OpenStack and allows DHCP, DNS and metadata before a workload's policy.</summary>
    public bool OpenStack { get; init; }

    /// <summary>MetadataAddr; null when it is none or not an address.</summary>
    public Ip? MetadataAddress { get; init; }

    /// <summary>MetadataPort.</summary>
    public int MetadataPort { get; init; } = 8775;

    /// <summary>Settings that Felix cannot read, in sentences: it keeps its default or does not start.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>The host's address of a family; null when it is not known.</summary>
    public Ip? Address(bool ipv6) => (ipv6 ? IPv6 : IPv4)?.Address;

    /// <summary>Whether Felix takes an interface for a workload's.</summary>
    public bool IsWorkloadInterface(string name) => InterfacePrefixes.IsDefault || InterfacePrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal));
}
