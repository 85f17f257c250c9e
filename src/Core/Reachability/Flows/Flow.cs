using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>One end of a flow: an address, and what stands behind it.</summary>
/// <param name="Address">The address in the packet.</param>
public sealed record FlowEnd(Ip Address)
{
    /// <summary>The workload endpoint that has the address; null for a host or an address outside of Calico.</summary>
    public WorkloadEndpointId? Endpoint { get; init; }

    /// <summary>The node whose own address it is; null for a workload or an outside address.</summary>
    public string? Node { get; init; }

    /// <summary>The interface of the end's host that the packet passes; null when it is not known: then the one with the host's address is taken.</summary>
    public PassedInterface? Interface { get; init; }

    /// <summary>Whether the address is a workload's on <see cref="UnregisteredOn"/> that has no endpoint in the datastore.</summary>
    public bool IsUnregistered => UnregisteredOn is not null;

    /// <summary>
    /// The node of a workload whose interface Calico's plugin made but whose endpoint is missing in the datastore: Felix drops all its packets.
    /// </summary>
    public string? UnregisteredOn { get; init; }
}

/// <summary>An address that DNAT replaces.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port; null when DNAT leaves it as it is.</param>
public sealed record DialledTarget(Ip Address, int? Port)
{
    /// <summary>As it is dialled, such as <c>192.0.2.1:8443</c>.</summary>
    public override string ToString() => Port is not { } port ? Address.ToString()
        : $"{(Address.IsIPv6 ? $"[{Address}]" : Address.ToString())}:{port.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}

/// <summary>The first packet of a connection. Replies need no rule (connection tracking).</summary>
/// <param name="Source">Who sends.</param>
/// <param name="Destination">Who is to receive, after DNAT.</param>
/// <param name="Protocol">IP protocol number: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6.</param>
public sealed record Flow(FlowEnd Source, FlowEnd Destination, int Protocol)
{
    /// <summary>Source port; null when any: then rules that ask for one do not match.</summary>
    public int? SourcePort { get; init; }

    /// <summary>Destination port; null when the protocol has none.</summary>
    public int? DestinationPort { get; init; }

    /// <summary>ICMP type; null when the protocol is not ICMP.</summary>
    public int? IcmpType { get; init; }

    /// <summary>ICMP code; null when the protocol is not ICMP.</summary>
    public int? IcmpCode { get; init; }

    /// <summary>
    /// What the sender addressed, where DNAT on the receiver's own host puts <see cref="Destination"/> in its place; null when it is the receiver itself.
    /// </summary>
    public DialledTarget? Dialled { get; init; }

    /// <summary>What rules see of it beside its addresses.</summary>
    internal Transport Transport => new(Protocol, SourcePort, DestinationPort, IcmpType, IcmpCode);

    /// <summary>The flow as it is seen before DNAT.</summary>
    internal Flow AsDialled => Dialled is { } dialled
        ? this with { Destination = new FlowEnd(dialled.Address), DestinationPort = dialled.Port ?? DestinationPort, Dialled = null }
        : this;

    /// <summary>The host that forwards it between its own interfaces; null when none does. Hosts of workloads and hosts that are ends are none.</summary>
    public FlowHop? Via { get; init; }

    /// <summary>An echo request, as <c>ping</c> sends it.</summary>
    public static Flow Ping(FlowEnd source, FlowEnd destination) => source.Address.IsIPv6
        ? new Flow(source, destination, ProtocolNumbers.IcmpV6) { IcmpType = 128, IcmpCode = 0 }
        : new Flow(source, destination, ProtocolNumbers.Icmp) { IcmpType = 8, IcmpCode = 0 };
}
