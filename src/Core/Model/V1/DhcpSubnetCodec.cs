using System.Text.Json;

namespace CalicoConsole.Core.Model.V1;

/// <summary>A subnet of Neutron as the OpenStack driver writes it for its DHCP agents (<c>/calico/dhcp/v1/subnet/&lt;id&gt;</c>).</summary>
/// <param name="Id">Neutron's id of the subnet.</param>
/// <param name="NetworkId">Neutron's id of its network.</param>
/// <param name="Cidr">Its addresses.</param>
/// <param name="Gateway">Its gateway; null when it has none.</param>
/// <param name="DnsServers">The name servers that VMs are told of.</param>
/// <param name="HostRoutes">How many further routes VMs are told of.</param>
public sealed record DhcpSubnet(string Id, string NetworkId, Cidr Cidr, Ip? Gateway, ImmutableArray<string> DnsServers, int HostRoutes);

/// <summary>Reads subnets; this console never writes them. Thread-safe.</summary>
public static class DhcpSubnetCodec
{
    /// <summary>The directory of the subnets.</summary>
    public const string Directory = "/calico/dhcp/v1/subnet";

    private static readonly IReadOnlySet<string> Known = GoObject.Names("network_id", "cidr", "gateway_ip", "host_routes", "dns_servers");

    /// <summary>Reads a stored subnet; the driver is Python: blanks after colons and commas, members in any order.</summary>
    public static Decoded<DhcpSubnet> Decode(string id, ReadOnlySpan<byte> value) => GoJson.Read(value, root => Read(id, root));

    private static DhcpSubnet Read(string id, JsonElement root)
    {
        var o = new GoObject(root, "", Known);
        return o.Network("cidr") is { } cidr
            ? new DhcpSubnet(id, o.Text("network_id"), cidr, o.Address("gateway_ip"), o.Strings("dns_servers"),
                o.Array("host_routes", static (_, _) => 0).Length)
            : throw new GoJsonException("'cidr' is missing");
    }
}
