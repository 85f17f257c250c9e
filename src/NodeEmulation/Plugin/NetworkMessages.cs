using System.Text.Json;

namespace CalicoConsole.NodeEmulation.Plugin;

// Messages of Docker's remote network driver protocol, members in the order in which the plugin writes them.
internal sealed record NetworkCapabilities(string Scope, string ConnectivityScope);

internal sealed record AllocateNetworkAnswer(Dictionary<string, string>? Options);

internal sealed record CreateEndpointAnswer(EndpointInterface Interface);

internal sealed record EndpointInterface
{
    public string Address { get; init; } = "";

    public string AddressIPv6 { get; init; } = "";

    public string MacAddress { get; init; } = "";
}

internal sealed record JoinAnswer(
    InterfaceName InterfaceName,
    string Gateway,
    string GatewayIPv6,
    ImmutableArray<StaticRoute> StaticRoutes,
    bool DisableGatewayService);

internal sealed record InterfaceName(string SrcName, string DstPrefix);

internal sealed record StaticRoute(string Destination, int RouteType, string NextHop);

internal sealed record IpamData
{
    public string AddressSpace { get; init; } = "";

    public string Gateway { get; init; } = "";
}

internal sealed record CreateNetworkCall
{
    public Dictionary<string, JsonElement>? Options { get; init; }

    public IpamData?[]? IPv4Data { get; init; }

    public IpamData?[]? IPv6Data { get; init; }
}

internal sealed record EndpointCall
{
    public string NetworkID { get; init; } = "";

    public string EndpointID { get; init; } = "";

    public EndpointInterface? Interface { get; init; }
}

internal sealed record AnyCall;
