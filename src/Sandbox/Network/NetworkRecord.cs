using System.Globalization;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Network;

/// <summary>A Docker network as the sandbox's engines know it.</summary>
internal sealed record NetworkRecord
{
    /// <summary>Id, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>How it was asked for.</summary>
    public required DockerNetworkRequest Request { get; init; }

    /// <summary>local, or global for networks that are kept in the cluster store.</summary>
    public string Scope { get; init; } = "local";

    /// <summary>The IPAM driver's name of the address pool.</summary>
    public string PoolId { get; init; } = "";

    /// <summary>The pool's CIDR as the IPAM driver answered it.</summary>
    public string Pool { get; init; } = "";

    /// <summary>What the IPAM driver answered as the gateway.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>As an engine lists it.</summary>
    public DockerNetwork Show() => new(
        Id,
        Request.Name,
        Request.Driver,
        Scope,
        Request.IpamDriver,
        Request.Subnets.IsDefaultOrEmpty ? Pool.Length == 0 || Pool.EndsWith("/0", StringComparison.Ordinal) ? [] : [Pool] : Request.Subnets,
        Request.Options,
        Request.Labels,
        Request.EnableIPv6,
        Request.Internal);
}

/// <summary>
/// Networks of global scope as libnetwork of Docker 20.10 keeps them in its cluster store, byte for byte but for times and ids
/// (golden <c>docker/002</c> and <c>docker/007</c>).
/// </summary>
internal static class NetworkRecords
{
    /// <summary>Where they are.</summary>
    public const string Directory = "/docker/network/v1.0/network";

    private const string Space = "CalicoGlobalAddressSpace";

    /// <summary>The key of a network.</summary>
    public static string Key(string id) => $"{Directory}/{id}";

    /// <summary>The bytes of a network.</summary>
    public static byte[] Encode(NetworkRecord network)
    {
        var request = network.Request;
        var subnet = request.Subnets.IsDefaultOrEmpty ? "" : request.Subnets[0];
        var data = new GoJsonWriter().BeginObject().Name("AddressSpace").String(Space).Name("Gateway").String(network.Gateway).Name("Pool").String(network.Pool)
            .EndObject().ToString();
        var info = new GoJsonWriter().BeginArray().BeginObject()
            .Name("IPAMData").String(data)
            .Name("Meta").BeginObject().Name("com.docker.network.gateway").String(network.Gateway).EndObject()
            .Name("PoolID").String(network.PoolId)
            .EndObject().EndArray().ToString();
        var config = new GoJsonWriter().BeginArray().BeginObject()
            .Name("PreferredPool").String(subnet).Name("SubPool").String("").Name("Gateway").String("").Name("AuxAddresses").Null()
            .EndObject().EndArray().ToString();
        var text = new GoJsonWriter().BeginObject()
            .Name("addrSpace").String(Space)
            .Name("attachable").Bool(false)
            .Name("configFrom").String("")
            .Name("configOnly").Bool(false)
            .Name("created").String(Time(network.Created))
            .Name("enableIPv6").Bool(request.EnableIPv6)
            .Name("generic").BeginObject()
            .Name("com.docker.network.enable_ipv6").Bool(request.EnableIPv6)
            .Name("com.docker.network.generic").Map(request.Options)
            .EndObject()
            .Name("id").String(network.Id)
            .Name("inDelete").Bool(false)
            .Name("ingress").Bool(false)
            .Name("internal").Bool(request.Internal)
            .Name("ipamOptions").Map(request.IpamOptions)
            .Name("ipamType").String(request.IpamDriver)
            .Name("ipamV4Config").String(config)
            .Name("ipamV4Info").String(info)
            .Name("labels").Map(request.Labels)
            .Name("loadBalancerIP").String("")
            .Name("loadBalancerMode").String("NAT")
            .Name("name").String(request.Name)
            .Name("networkType").String(request.Driver)
            .Name("persist").Bool(true)
            .Name("postIPv6").Bool(false)
            .Name("scope").String(network.Scope)
            .EndObject().ToString();
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Reads a network; null when the value is none. An engine leaves such a record out too.</summary>
    public static NetworkRecord? Decode(ReadOnlySpan<byte> value)
    {
        try
        {
            var root = JsonElement.Parse(value);
            var config = JsonElement.Parse(Text(root, "ipamV4Config"))[0];
            var info = JsonElement.Parse(Text(root, "ipamV4Info"))[0];
            var data = JsonElement.Parse(Text(info, "IPAMData"));
            var subnet = Text(config, "PreferredPool");
            return new NetworkRecord
            {
                Id = Text(root, "id"),
                Created = DateTimeOffset.Parse(Text(root, "created"), CultureInfo.InvariantCulture),
                Scope = Text(root, "scope"),
                PoolId = Text(info, "PoolID"),
                Pool = Text(data, "Pool"),
                Gateway = Text(data, "Gateway"),
                Request = new DockerNetworkRequest(Text(root, "name"), Text(root, "networkType"), Text(root, "ipamType"), subnet.Length == 0 ? [] : [subnet])
                {
                    Options = Map(root.GetProperty("generic").GetProperty("com.docker.network.generic")),
                    IpamOptions = Map(root.GetProperty("ipamOptions")),
                    Labels = Map(root.GetProperty("labels")),
                    EnableIPv6 = root.GetProperty("enableIPv6").GetBoolean(),
                    Internal = root.GetProperty("internal").GetBoolean(),
                },
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>A time as Go writes it: no trailing zeros.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static ImmutableSortedDictionary<string, string> Map(JsonElement element) =>
        element.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal);
}
