using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Endpoints;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Core.Reachability.Flows;

/// <summary>The host endpoint that polices an interface.</summary>
/// <param name="Entry">The host endpoint.</param>
/// <param name="Assumption">What had to be assumed to choose it; null when nothing.</param>
internal readonly record struct HostMatch(HostEntry Entry, string? Assumption)
{
    public string Describe => $"{Entry.Endpoint.Node}/{Entry.Endpoint.Name}";
}

/// <summary>What Felix does for hosts besides policies and profiles (docs/calico-v1.md#how-felix-decides). Pure.</summary>
internal static class HostRules
{
    private static readonly FailsafePort Dns = new(ProtocolNumbers.Udp, 53);

    /// <summary>Why Felix lets a packet to the workload's own host through before the workload's egress rules; null when it does not.</summary>
    public static string? BeforeEgressToHost(HostSettings settings, Ip destination, in Transport transport, bool ipv6)
    {
        if (ipv6 && transport is { Protocol: ProtocolNumbers.IcmpV6, IcmpType: (>= 130 and <= 133) or 135 or 136 })
        {
            return "Felix allows this ICMPv6 type to the own host before policy";
        }

        if (!settings.OpenStack)
        {
            return null;
        }

        var dhcp = ipv6 ? (Source: 546, Destination: 547) : (Source: 68, Destination: 67);
        return transport.Protocol == ProtocolNumbers.Udp && transport.SourcePort == dhcp.Source && transport.DestinationPort == dhcp.Destination
            ? "OpenStack: DHCP is allowed before policy"
            : transport.Protocol == Dns.Protocol && transport.DestinationPort == Dns.Port ? "OpenStack: DNS is allowed before policy"
            : !ipv6 && transport.Protocol == ProtocolNumbers.Tcp && destination == settings.MetadataAddress
                && transport.DestinationPort == settings.MetadataPort
                ? "OpenStack: the metadata service is allowed before policy"
            : null;
    }

    public static bool IsFailsafe(ImmutableArray<FailsafePort> ports, in Transport transport)
    {
        foreach (var port in ports)
        {
            if (port.Protocol == transport.Protocol && port.Port == transport.DestinationPort)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether Felix's raw table leaves a packet to connection tracking: to a failsafe port of its own direction, or from one of the other.</summary>
    public static bool IsFailsafe(ImmutableArray<FailsafePort> ports, ImmutableArray<FailsafePort> answers, in Transport transport)
    {
        if (IsFailsafe(ports, transport))
        {
            return true;
        }

        foreach (var port in answers)
        {
            if (port.Protocol == transport.Protocol && port.Port == transport.SourcePort)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The host endpoint that polices an interface, in both IP versions: the first by name of those that name the interface, or name none and expect one of its
    /// addresses.
    /// Felix ignores the expected addresses of one that names an interface.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="node">The host.</param>
    /// <param name="address">An address of the interface; null when none is known.</param>
    /// <param name="passed">The interface; null when it is not known: then the host endpoints say which it is likely to be.</param>
    public static HostMatch? Find(ReachabilityModel model, string node, Ip? address, PassedInterface? passed)
    {
        if (!model.IsEnforced(node) || !model.Table.Hosts.TryGetValue(node, out var hosts))
        {
            return null;
        }

        if (passed is { Addresses.IsEmpty: false })
        {
            return Exact(hosts, passed);
        }

        var settings = model.HostOf(node);
        var isMain = address is null || address == settings.IPv4?.Address || address == settings.IPv6?.Address;
        var name = passed?.Name ?? Likely(hosts, address, settings, isMain);
        foreach (var host in hosts)
        {
            var endpoint = host.Endpoint;
            if (endpoint.InterfaceName.Length > 0 ? endpoint.InterfaceName == name : Expects(endpoint, address, settings, isMain))
            {
                return new HostMatch(host, passed is null && endpoint.InterfaceName.Length > 0
                    ? $"the packet is taken to pass interface {endpoint.InterfaceName} of {node}: the only one that host endpoints "
                        + $"name{(Expects(endpoint, address, settings, isMain) ? " for this address" : "")}"
                    : null);
            }
        }

        return null;
    }

    /// <summary>The host endpoint that polices an interface of which nothing is known but what is said of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="node">The host.</param>
    /// <param name="passed">The interface; null when it is not known.</param>
    /// <param name="doubt">Why nobody can say which one it is; null when it is known, or none does.</param>
    public static HostMatch? FindForwarding(ReachabilityModel model, string node, PassedInterface? passed, out string? doubt)
    {
        doubt = null;
        if (!model.IsEnforced(node) || !model.Table.Hosts.TryGetValue(node, out var hosts) || hosts.IsEmpty)
        {
            return null;
        }

        if (passed is null)
        {
            doubt = $"host endpoints of {node} police it by its interfaces: say by which interface it enters and by which it leaves";
            return null;
        }

        // The first by name counts: one before it that goes by addresses makes it doubtful.
        if (passed.Addresses.IsEmpty && hosts.TakeWhile(h => h.Endpoint.InterfaceName != passed.Name)
            .FirstOrDefault(h => h.Endpoint.InterfaceName.Length == 0) is { } first)
        {
            var expected = first.Endpoint.ExpectedIPv4.Concat(first.Endpoint.ExpectedIPv6).Order().ToArray();
            doubt =
                $"host endpoint {node}/{first.Endpoint.Name} polices the interface that has {string.Join(" or ", expected)}: say which addresses "
                + $"{passed.Name} has, such as {passed.Name},{(expected.Length > 0 ? expected[0] : UnknownAddress(false))}";
            return null;
        }

        return Exact(hosts, passed);
    }

    private static HostMatch? Exact(ImmutableArray<HostEntry> hosts, PassedInterface passed)
    {
        foreach (var host in hosts)
        {
            var endpoint = host.Endpoint;
            if (endpoint.InterfaceName.Length > 0
                ? endpoint.InterfaceName == passed.Name
                : passed.Addresses.Any(a => endpoint.ExpectedIPv4.Contains(a) || endpoint.ExpectedIPv6.Contains(a)))
            {
                return new HostMatch(host, null);
            }
        }

        return null;
    }

    /// <summary>Whether a host endpoint expects an address of an interface; that of the node's own addresses has those of both versions.</summary>
    private static bool Expects(HostEndpoint endpoint, Ip? address, HostSettings settings, bool isMain) =>
        Has(endpoint, address) || (isMain && (Has(endpoint, settings.IPv4?.Address) || Has(endpoint, settings.IPv6?.Address)));

    private static bool Has(HostEndpoint endpoint, Ip? address) => address is { } ip
        && (endpoint.ExpectedIPv4.Contains(ip) || endpoint.ExpectedIPv6.Contains(ip));

    // The datastore does not say which addresses an interface has. People name the interface and its addresses together; else one name alone is taken for that
    // of the host's interface.
    private static string? Likely(ImmutableArray<HostEntry> hosts, Ip? address, HostSettings settings, bool isMain)
    {
        string? expecting = null, named = null;
        var (several, others) = (false, false);
        foreach (var host in hosts)
        {
            var endpoint = host.Endpoint;
            if (endpoint.InterfaceName.Length == 0)
            {
                continue;
            }

            if (Expects(endpoint, address, settings, isMain))
            {
                several |= expecting is not null && expecting != endpoint.InterfaceName;
                expecting ??= endpoint.InterfaceName;
            }

            others |= named is not null && named != endpoint.InterfaceName;
            named ??= endpoint.InterfaceName;
        }

        return several ? null : expecting ?? (others ? null : named);
    }

    /// <summary>Whether the source's host replaces the address of a packet: source in a pool with NAT outgoing, destination in no pool at all.</summary>
    public static bool IsMasqueraded(ReachabilityModel model, Ip source, Ip destination)
    {
        var pools = model.Settings.Pools;
        var masquerades = false;
        foreach (var pool in pools)
        {
            if (pool.Cidr.Contains(destination))
            {
                return false;
            }

            masquerades |= pool.NatOutgoing && pool.Cidr.Contains(source);
        }

        return masquerades;
    }

    /// <summary>
    /// Whether packets between two nodes to a workload come out of the IPIP tunnel, so that the host endpoint of the real interface does not see them.
    /// </summary>
    public static bool IsTunnelled(ReachabilityModel model, string? from, string to, Ip destination)
    {
        if (from is null || destination.IsIPv6)
        {
            return false;
        }

        foreach (var pool in model.Settings.Pools)
        {
            if (pool.IpipEnabled && pool.Cidr.Contains(destination))
            {
                // BIRD decides by the subnet of the receiving node's peer address.
                return pool.IpipMode != "cross-subnet"
                    || model.HostOf(from).IPv4 is not { } here || model.HostOf(to).IPv4 is not { } there || !here.Contains(there.Address);
            }
        }

        return false;
    }

    /// <summary>The address that a host puts in place of its workloads' with NAT outgoing.</summary>
    public static ResolvedAddress AddressOf(ReachabilityModel model, string node, bool ipv6) =>
        model.HostOf(node).Address(ipv6) is { } known ? model.Table.Resolve(known) : new ResolvedAddress(UnknownAddress(ipv6), -1, default);

    /// <summary>Stands for the address of a host that is not known: an address of no endpoint.</summary>
    public static Ip UnknownAddress(bool ipv6) => new(0, ipv6);
}
