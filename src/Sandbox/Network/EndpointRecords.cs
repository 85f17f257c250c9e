using System.Text;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Sandbox.Network;

/// <summary>A Docker endpoint on a network of global scope.</summary>
/// <param name="Id">Docker's id of the endpoint.</param>
/// <param name="Network">The network.</param>
/// <param name="Container">Id of the container.</param>
/// <param name="Name">Name of the container.</param>
/// <param name="Address">The address with its prefix length, as the IPAM driver gave it.</param>
/// <param name="Mac">The MAC in lower case.</param>
internal sealed record EndpointRecord(string Id, NetworkRecord Network, string Container, string Name, string Address, string Mac)
{
    /// <summary>The network sandbox's id.</summary>
    public string Sandbox { get; init; } = "";

    /// <summary>Address of the engine that made it.</summary>
    public string Locator { get; init; } = "";

    /// <summary>Interface before it is moved into the container.</summary>
    public string SourceName { get; init; } = "";

    /// <summary>Prefix of the interface's name in the container.</summary>
    public string TargetPrefix { get; init; } = "";

    /// <summary>The gateway.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>Connected routes.</summary>
    public ImmutableArray<string> Routes { get; init; } = [];
}

/// <summary>Docker endpoints as libnetwork of Docker 20.10 keeps them in its cluster store (golden <c>docker/009</c>).</summary>
internal static class EndpointRecords
{
    /// <summary>Where the counts of endpoints are.</summary>
    public const string CountDirectory = "/docker/network/v1.0/endpoint_count";

    /// <summary>Where the endpoints of a network are.</summary>
    public static string Directory(string networkId) => $"/docker/network/v1.0/endpoint/{networkId}";

    /// <summary>The key of an endpoint.</summary>
    public static string Key(string networkId, string endpointId) => $"{Directory(networkId)}/{endpointId}";

    /// <summary>The key of a network's count.</summary>
    public static string CountKey(string networkId) => $"{CountDirectory}/{networkId}";

    /// <summary>The bytes of a count.</summary>
    public static byte[] EncodeCount(long count) => Encoding.UTF8.GetBytes(new GoJsonWriter().BeginObject().Name("Count").Number(count).EndObject().ToString());

    /// <summary>The bytes of an endpoint once its container has joined.</summary>
    public static byte[] Encode(EndpointRecord endpoint)
    {
        var text = new GoJsonWriter().BeginObject()
            .Name("anonymous").Bool(false)
            .Name("disableResolution").Bool(false)
            .Name("ep_iface").BeginObject()
            .Name("addr").String(endpoint.Address)
            .Name("dstPrefix").String(endpoint.TargetPrefix)
            .Name("mac").String(endpoint.Mac)
            .Name("routes").Strings(endpoint.Routes)
            .Name("srcName").String(endpoint.SourceName)
            .Name("v4PoolID").String(endpoint.Network.PoolId)
            .Name("v6PoolID").String("")
            .EndObject()
            .Name("exposed_ports").BeginArray().EndArray()
            .Name("generic").BeginObject()
            .Name("com.docker.network.endpoint.exposedports").BeginArray().EndArray()
            .Name("com.docker.network.portmap").BeginArray().EndArray()
            .EndObject()
            .Name("id").String(endpoint.Id)
            .Name("ingressPorts").Null()
            .Name("joinInfo").BeginObject()
            .Name("StaticRoutes").Null()
            .Name("disableGatewayService").Bool(false)
            .Name("gw").String(endpoint.Gateway)
            .EndObject()
            .Name("loadBalancer").Bool(false)
            .Name("locator").String(endpoint.Locator)
            .Name("myAliases").Strings([endpoint.Container[..12]])
            .Name("name").String(endpoint.Name)
            .Name("sandbox").String(endpoint.Sandbox)
            .Name("svcAliases").Null()
            .Name("svcID").String("")
            .Name("svcName").String("")
            .Name("virtualIP").String("<nil>")
            .EndObject().ToString();
        return Encoding.UTF8.GetBytes(text);
    }
}
