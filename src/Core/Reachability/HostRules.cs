using CalicoConsole.Core.Model;

namespace CalicoConsole.Core.Reachability;

/// <summary>The host endpoint that polices an interface.</summary>
/// <param name="Entry">The host endpoint.</param>
/// <param name="Assumption">What had to be assumed to choose it; null when nothing.</param>
internal readonly record struct HostMatch(HostEntry Entry, string? Assumption)
{
    public string Describe => $"{Entry.Endpoint.Node}/{Entry.Endpoint.Name}";
}

/// <summary>What Felix does for hosts besides policies and profiles (calico-v1 reference 5.1 to 5.3). Pure.</summary>
internal static class HostRules
{
    private static readonly FailsafePort Dns = new(ProtocolNumbers.Udp, 53);

    /// <summary>Why Felix lets a packet to the workload's own host through before the workload's egress rules; null when it does not.</summary>
    public static string? BeforeEgressToHost(HostSettings settings, Ip destination, in Traffic traffic, bool ipv6)
    {
        if (ipv6 && traffic is { Protocol: ProtocolNumbers.IcmpV6, IcmpType: (>= 130 and <= 133) or 135 or 136 })
        {
            return "Felix allows this ICMPv6 type to the own host before policy";
        }

        if (!settings.OpenStack)
        {
            return null;
        }

        var dhcp = ipv6 ? (Source: 546, Destination: 547) : (Source: 68, Destination: 67);
        return traffic.Protocol == ProtocolNumbers.Udp && traffic.SourcePort == dhcp.Source && traffic.DestinationPort == dhcp.Destination ? "OpenStack: DHCP is allowed before policy"
            : traffic.Protocol == Dns.Protocol && traffic.DestinationPort == Dns.Port ? "OpenStack: DNS is allowed before policy"
            : !ipv6 && traffic.Protocol == ProtocolNumbers.Tcp && destination == settings.MetadataAddress && traffic.DestinationPort == settings.MetadataPort ? "OpenStack: the metadata service is allowed before policy"
            : null;
    }

    public static bool IsFailsafe(ImmutableArray<FailsafePort> ports, in Traffic traffic)
    {
        foreach (var port in ports)
        {
            if (port.Protocol == traffic.Protocol && port.Port == traffic.DestinationPort)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The host endpoint of the interface that has an address, or of the named interface; the first by name where several match.</summary>
    public static HostMatch? Find(ReachabilityModel model, string node, Ip? address, string? interfaceName)
    {
        if (!model.IsEnforced(node) || !model.Table.Hosts.TryGetValue(node, out var hosts))
        {
            return null;
        }

        foreach (var host in hosts)
        {
            var endpoint = host.Endpoint;
            var byName = interfaceName is not null && endpoint.InterfaceName == interfaceName;
            var byAddress = address is { } ip && (endpoint.ExpectedIPv4.Contains(ip) || endpoint.ExpectedIPv6.Contains(ip));
            if (byName || (byAddress && (endpoint.InterfaceName.Length == 0 || interfaceName is null)))
            {
                return new HostMatch(host, null);
            }
        }

        if (interfaceName is not null)
        {
            return null;
        }

        var named = hosts.Where(h => h.Endpoint is { InterfaceName.Length: > 0, ExpectedIPv4.IsEmpty: true, ExpectedIPv6.IsEmpty: true }).ToArray();
        return named is [var only]
            ? new HostMatch(only, $"the packet is taken to pass interface {only.Endpoint.InterfaceName} of {node}, the one that has a host endpoint without addresses")
            : null;
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

    /// <summary>Whether packets between two nodes to a workload come out of the IPIP tunnel, so that the host endpoint of the real interface does not see them.</summary>
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

    /// <summary>Stands for the address of a host that is not known: an address of no endpoint.</summary>
    public static Ip UnknownAddress(bool ipv6) => new(0, ipv6);
}
